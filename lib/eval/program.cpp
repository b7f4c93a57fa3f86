// The public face of compiler and interpreter, and a compiled program as text.
#include "eval/code.h"
#include "eval/terms.h"

#include <cassert>
#include <string>

namespace keywright::eval {
namespace {

std::string_view name_of(code::Code c) {
    switch (c) {
#define KW_CODE(name, result, a, b) \
    case code::Code::k##name: return #name;
#include "eval/codes.def"
#undef KW_CODE
    }
    return {};
}

std::string literal(code::Literal l) {
    const std::string sign = (l & 1U) != 0 ? "!" : "";
    if (l >> 1U == 0) return (l & 1U) != 0 ? "false" : "true";
    if (l >> 1U == 1) return "unknown";
    return sign + 't' + std::to_string(l >> 1U);
}

std::string operand(code::Part part, std::uint32_t value) {
    switch (part) {
        case code::Part::kNone: return {};
        case code::Part::kTruth: return " t" + std::to_string(value);
        case code::Part::kCell: return " c" + std::to_string(value);
        case code::Part::kLiteral: return ' ' + literal(value);
    }
    return {};
}

// What stands beside the registers: fields, masks, bounds, targets.
std::string rest(const code::Instruction& i, std::size_t line) {
    switch (i.code) {
        case code::Code::kLoad:
        case code::Code::kLoadTime:
        case code::Code::kElseTime:
        case code::Code::kFieldPresent:
        case code::Code::kFieldFact:
        case code::Code::kFieldIsEmpty:
        case code::Code::kFieldIsBlank:
        case code::Code::kFieldAnyOpen: return " f" + std::to_string(i.a);
        case code::Code::kFieldOneOf: return " f" + std::to_string(i.a) + " mask " + std::to_string(i.m);
        case code::Code::kFieldBits:
            return " f" + std::to_string(i.a) + " mask " + std::to_string(i.m) + " bits " + std::to_string(i.v);
        case code::Code::kFieldBetween:
        case code::Code::kFieldLength:
            return " f" + std::to_string(i.a) + ' ' + std::to_string(static_cast<std::int64_t>(i.m)) + ".." +
                   std::to_string(static_cast<std::int64_t>(i.v));
        case code::Code::kHasFact: return " fact " + std::to_string(i.m);
        case code::Code::kMatch: return " arms " + std::to_string(i.m);
        case code::Code::kLoopBegin: return " loop " + std::to_string(i.result);
        case code::Code::kLoopNext: return " loop " + std::to_string(i.result) + " body @" + std::to_string(line - i.m);
        case code::Code::kRuleStart:
            return " rule " + std::to_string(i.result) + " when " + literal(i.a) + " else @" +
                   std::to_string(line + i.m);
        case code::Code::kRuleEnd: return " rule " + std::to_string(i.result);
        case code::Code::kEnd:
        case code::Code::kAnd: {
            const auto negated = static_cast<code::Literal>(i.m >> 4U);
            return ' ' + literal(i.a << 1U | (negated & 1U)) + ' ' + literal(i.b << 1U | negated >> 1U);
        }
        case code::Code::kCellTruth:
        case code::Code::kPresent:
        case code::Code::kEqual:
        case code::Code::kLess:
        case code::Code::kIn:
        case code::Code::kShare:
        case code::Code::kSubset:
        case code::Code::kWithin:
        case code::Code::kOverlaps:
        case code::Code::kIsOpen:
        case code::Code::kIsPrivate:
        case code::Code::kIsBlank:
        case code::Code::kStartsWith:
        case code::Code::kEndsWith:
        case code::Code::kLike:
        case code::Code::kAny:
        case code::Code::kConstant:
        case code::Code::kNow:
        case code::Code::kElement:
        case code::Code::kElse:
        case code::Code::kAdd:
        case code::Code::kSubtract:
        case code::Code::kCount:
        case code::Code::kPrefixLength:
        case code::Code::kFamily:
        case code::Code::kLength:
        case code::Code::kTruthCell: break;
    }
    return {};
}

}  // namespace

Program::Program(const ir::Module& module) : code_(std::make_unique<Code>()) { code::compile(module, *code_); }
Program::~Program() = default;
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;

Program::Scratch::Scratch() = default;
Program::Scratch::~Scratch() = default;
Program::Scratch::Scratch(Scratch&&) noexcept = default;
Program::Scratch& Program::Scratch::operator=(Scratch&&) noexcept = default;

Program::Scratch Program::make_scratch() const {
    Scratch scratch;
    scratch.registers_ = std::make_unique<Scratch::Registers>();
    scratch.registers_->truths.assign(code_->truths, Truth::kUnknown);
    scratch.registers_->truths[0] = Truth::kTrue;
    scratch.registers_->cells = code_->cells;
    scratch.registers_->loops.resize(code_->loops.size());
    return scratch;
}

void Program::decide(const value::Record& record, Instant now, Scratch& scratch, std::span<RuleDecision> out) const {
    Scratch::Registers& registers = *scratch.registers_;
    assert(registers.truths.size() == code_->truths && registers.cells.size() == code_->cells.size());
    assert(record.size() == code_->fields.size() && out.size() == code_->rules.size());
    code::run(*code_, record, now,
              {code_->instructions.data(), registers.truths.data(), registers.cells.data(), registers.loops.data(),
               out.data()});
}

RuleDecision Program::decide_rule(const value::Record& record, Instant now, Scratch& scratch, ir::RuleId rule) const {
    Scratch::Registers& registers = *scratch.registers_;
    assert(registers.truths.size() == code_->truths && registers.cells.size() == code_->cells.size());
    assert(record.size() == code_->fields.size() && rule.index() < code_->rules.size());
    if (registers.rule != rule.value) {
        code::only(*code_, rule.value, registers.instructions);
        registers.decisions.resize(code_->rules.size());
        registers.rule = rule.value;
    }
    code::run(*code_, record, now,
              {registers.instructions.data(), registers.truths.data(), registers.cells.data(), registers.loops.data(),
               registers.decisions.data()});
    return registers.decisions[rule.index()];
}

std::size_t Program::instruction_count() const { return code_->instructions.size(); }

std::string Program::dump() const {
    std::string out;
    for (const code::Row& row : code_->rows) {
        out += "row t" + std::to_string(row.result) + " = f" + std::to_string(row.field) + " mask " +
               std::to_string(row.mask) + '\n';
    }
    std::size_t line = 0;
    for (const code::Instruction& i : code_->instructions) {
        const code::Shape shape = code::shape_of(i.code);
        out += '@' + std::to_string(line) + ' ';
        if (shape.result == code::Part::kTruth) out += 't' + std::to_string(i.result) + " = ";
        if (shape.result == code::Part::kCell) out += 'c' + std::to_string(i.result) + " = ";
        out += name_of(i.code);
        if (i.code != code::Code::kAnd) out += operand(shape.a, i.a) + operand(shape.b, i.b);
        out += rest(i, line++) + '\n';
    }
    for (const code::PlainRule& rule : code_->plain_rules) {
        out += "rule " + std::to_string(rule.rule) + " when " + literal(rule.when << 1U | (rule.negated >> 4U & 1U)) +
               " holds " + literal(rule.satisfied << 1U | rule.negated >> 5U) + '\n';
    }
    return out;
}

}  // namespace keywright::eval

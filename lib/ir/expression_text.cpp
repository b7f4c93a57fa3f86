// Expressions in the language's words, with the least parentheses.
//
// Written with a stack of its own instead of recursion, because the length of a chain `a + b + …` is bounded only by
// the size of the rule file.
#include "ir/edit.h"

#include "value/secret.h"

#include <string>
#include <utility>
#include <vector>

namespace keywright::ir {
namespace {

// How tightly an operator binds, loosest first.
enum Level : int { kLoosest, kImplies, kOr, kAnd, kNot, kComparison, kSum, kElse, kPrimary };

Level level_of(Op op) {
    switch (op) {
        case Op::kImplies: return kImplies;
        case Op::kOr: return kOr;
        case Op::kAnd: return kAnd;
        case Op::kNot: return kNot;
        case Op::kIsPresent:
        case Op::kEqual:
        case Op::kNotEqual:
        case Op::kLess:
        case Op::kLessEqual:
        case Op::kGreater:
        case Op::kGreaterEqual:
        case Op::kIn:
        case Op::kHasAny:
        case Op::kHasAll:
        case Op::kHasNone:
        case Op::kHasOnly:
        case Op::kIsEmpty:
        case Op::kWithin:
        case Op::kCovers:
        case Op::kOverlaps:
        case Op::kIsOpen:
        case Op::kIsPrivate:
        case Op::kIsBlank:
        case Op::kStartsWith:
        case Op::kEndsWith:
        case Op::kLike: return kComparison;
        case Op::kAdd:
        case Op::kSubtract: return kSum;
        case Op::kElse: return kElse;
        case Op::kAny:
        case Op::kEvery:
        case Op::kNo: return kLoosest;
        case Op::kConst:
        case Op::kParam:
        case Op::kField:
        case Op::kNow:
        case Op::kElement:
        case Op::kDeadline:
        case Op::kDefine:
        case Op::kCount:
        case Op::kPrefixLength:
        case Op::kFamily:
        case Op::kLength:
        case Op::kHasFact:
        case Op::kMatch: return kPrimary;
    }
    return kPrimary;
}

// The one fact of a secret that is asked for as `is …`.
bool is_masked(const Node& node) {
    return node.op == Op::kHasFact && static_cast<value::SecretFact>(node.b) == value::SecretFact::kIsMasked;
}

// `not x is empty` reads `x is not empty`.
const char* negated_word(const Node& node) {
    if (node.op == Op::kIsPresent) return " is not present";
    if (node.op == Op::kIsEmpty) return " is not empty";
    if (node.op == Op::kIsOpen) return " is not open";
    if (node.op == Op::kIsPrivate) return " is not private";
    if (node.op == Op::kIsBlank) return " is not blank";
    if (is_masked(node)) return " is not masked";
    return nullptr;
}

const char* fact_word(value::SecretFact fact) {
    switch (fact) {
        case value::SecretFact::kHasSpace: return "has_space";
        case value::SecretFact::kHasDigit: return "has_digit";
        case value::SecretFact::kHasUpper: return "has_upper";
        case value::SecretFact::kHasLower: return "has_lower";
        case value::SecretFact::kHasSymbol: return "has_symbol";
        case value::SecretFact::kHasOther: return "has_other";
        case value::SecretFact::kIsMasked: return "is_masked";
    }
    return "has_fact";
}

class Printer {
public:
    // `as_source`: text that can be read again.
    explicit Printer(const Module& module, bool as_source = false) : module_(module), as_source_(as_source) {}

    Level level_at(NodeId id) const {
        const Node& n = module_.node(id);
        if (n.op == Op::kNot && negated_word(module_.node(NodeId{n.a})) != nullptr) return kComparison;
        if (is_masked(n)) return kComparison;
        return level_of(n.op);
    }

    std::string print(NodeId root) {
        pieces_.push_back({{}, root, kLoosest, true});
        while (!pieces_.empty()) {
            const Piece piece = std::move(pieces_.back());
            pieces_.pop_back();
            if (piece.node.valid()) {
                open(piece);
            } else {
                out_ += piece.text;
            }
        }
        return std::move(out_);
    }

private:
    // Text, or a node still to be written.
    struct Piece {
        std::string text;
        NodeId node;
        Level least = kLoosest;  // parentheses round whatever binds less tightly
        bool last = true;        // nothing follows before the next closing parenthesis: a quantifier may stand bare
    };

    std::string variable(std::uint32_t number) const {
        const std::vector<std::string>& names = module_.variable_names;
        return number < names.size() && !names[number].empty() ? names[number] : 'v' + std::to_string(number);
    }

    static Piece text(std::string words) { return {std::move(words), NodeId{}, kLoosest, true}; }
    static Piece node(std::uint32_t index, Level least, bool last) { return {{}, NodeId{index}, least, last}; }

    void push(std::vector<Piece> pieces) {
        for (auto it = pieces.rbegin(); it != pieces.rend(); ++it) pieces_.push_back(std::move(*it));
    }

    void open(const Piece& piece) {
        const Level level = level_at(piece.node);
        // A quantifier's body reaches as far as it can, so at the end of its group it needs no parentheses.
        const bool bare = level >= piece.least || (level == kLoosest && piece.last && piece.least < kComparison);
        if (bare) {
            push(pieces_of(piece.node, piece.last));
        } else {
            pieces_.push_back(text(")"));
            push(pieces_of(piece.node, true));
            out_ += '(';
        }
    }

    std::vector<Piece> infix(const Node& n, const std::string& words, Level left, Level right, bool last) {
        return {node(n.a, left, false), text(' ' + words + ' '), node(n.b, right, last)};
    }

    std::vector<Piece> call(const Node& n, const std::string& name) {
        return {text(name + '('), node(n.a, kLoosest, true), text(")")};
    }

    std::vector<Piece> pieces_of(NodeId id, bool last) {
        const Node& n = module_.node(id);
        const std::string words{word(n.op)};
        switch (n.op) {
            case Op::kConst:
                return {text(as_source_ ? to_literal(module_, module_.type(id), module_.constant(n.a))
                                        : to_string(module_, module_.type(id), module_.constant(n.a)))};
            case Op::kParam: return {text(module_.params[n.a].name)};
            case Op::kField: return {text(module_.schema.fields[n.a].name)};
            case Op::kNow:
            case Op::kDeadline: return {text(words)};
            case Op::kElement: return {text(variable(n.a))};
            case Op::kDefine: return {text(module_.defines[n.b].name)};
            case Op::kNot: {
                const Node& inner = module_.node(NodeId{n.a});
                if (const char* negated = negated_word(inner)) return {node(inner.a, kSum, false), text(negated)};
                return {text("not "), node(n.a, kNot, last)};
            }
            case Op::kAnd:
            case Op::kOr: {
                std::vector<Piece> pieces;
                const Level inside = n.op == Op::kAnd ? kNot : kAnd;
                for (std::uint32_t i = 0; i < n.b; ++i) {
                    if (i != 0) pieces.push_back(text(' ' + words + ' '));
                    pieces.push_back({{}, module_.list(n)[i], inside, last && i + 1 == n.b});
                }
                return pieces;
            }
            case Op::kImplies: return infix(n, words, kOr, kImplies, last);
            case Op::kElse: return infix(n, words, kPrimary, kElse, last);
            case Op::kAdd:
            case Op::kSubtract: return infix(n, words, kSum, kElse, last);
            case Op::kEqual:
            case Op::kNotEqual:
            case Op::kLess:
            case Op::kLessEqual:
            case Op::kGreater:
            case Op::kGreaterEqual:
            case Op::kIn:
            case Op::kHasAny:
            case Op::kHasAll:
            case Op::kHasNone:
            case Op::kHasOnly:
            case Op::kWithin:
            case Op::kCovers:
            case Op::kOverlaps:
            case Op::kStartsWith:
            case Op::kEndsWith:
            case Op::kLike: return infix(n, words, kSum, kSum, last);
            case Op::kIsPresent:
            case Op::kIsEmpty:
            case Op::kIsOpen:
            case Op::kIsPrivate:
            case Op::kIsBlank: return {node(n.a, kSum, false), text(' ' + words)};
            case Op::kCount:
            case Op::kPrefixLength:
            case Op::kFamily:
            case Op::kLength: return call(n, words);
            case Op::kHasFact:
                if (is_masked(n)) return {node(n.a, kSum, false), text(" is masked")};
                return call(n, fact_word(static_cast<value::SecretFact>(n.b)));
            case Op::kMatch: return match(n);
            case Op::kAny:
            case Op::kEvery:
            case Op::kNo:
                return {text(words + ' ' + variable(n.c) + " in "), node(n.a, kSum, false), text(": "),
                        node(n.b, kLoosest, last)};
        }
        return {};
    }

    // `match usage { api_trading: a, third_party: b }`
    std::vector<Piece> match(const Node& n) {
        const auto operands = module_.list(n);
        std::vector<Piece> pieces{text("match "), {{}, operands[0], kSum, false}, text(" { ")};
        const auto& names = module_.enums[module_.type(operands[0]).enumeration.index()].values;
        for (std::size_t i = 1; i < operands.size(); ++i) {
            const std::string name = i - 1 < names.size() ? names[i - 1] : '#' + std::to_string(i - 1);
            pieces.push_back(text((i == 1 ? "" : ", ") + name + ": "));
            pieces.push_back({{}, operands[i], kLoosest, true});
        }
        pieces.push_back(text(" }"));
        return pieces;
    }

    const Module& module_;
    bool as_source_ = false;
    std::vector<Piece> pieces_;
    std::string out_;
};

}  // namespace

std::string to_source(const Module& module, NodeId root) {
    return root.valid() ? Printer{module, true}.print(root) : std::string{"true"};
}

int binding(const Module& module, NodeId id) { return Printer{module}.level_at(id); }
int binding_of_condition() { return kNot; }

std::string to_text(const Module& module, NodeId root) {
    return root.valid() ? Printer{module}.print(root) : std::string{"true"};
}

std::string to_literal(const Module& module, const Type& type, const value::Value& value) {
    const auto* duration = std::get_if<Duration>(&value);
    if (duration == nullptr) return to_string(module, type, value);
    // A literal has one unit: the largest that tells it exactly.
    struct Unit {
        std::int64_t milliseconds;
        const char* name;
    };
    static constexpr Unit kUnits[] = {
        {86'400'000, "day"}, {3'600'000, "hour"}, {60'000, "minute"}, {1'000, "second"}, {1, "millisecond"}};
    const value::Nanos nanos = value::to_nanos(*duration);
    for (const Unit& unit : kUnits) {
        const value::Nanos size = value::Nanos{unit.milliseconds} * 1'000'000;
        if (nanos % size != 0) continue;
        const auto number = static_cast<std::int64_t>(nanos / size);
        return std::to_string(number) + ' ' + unit.name + (number == 1 ? "" : "s");
    }
    return to_string(module, type, value);  // finer than any literal
}

}  // namespace keywright::ir

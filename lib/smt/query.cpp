#include "smt/decode.h"
#include "smt/demand.h"
#include "smt/encode.h"
#include "smt/solver.h"

#include <algorithm>
#include <new>
#include <utility>

namespace keywright::smt {

namespace {

bool is_leaf_sound(const logic::Question& question, const logic::Leaf& leaf) {
    if (leaf.pack >= question.packs.size()) return false;
    const ir::Module& module = *question.packs[leaf.pack];
    const bool has_rule = leaf.rule.valid() && leaf.rule.index() < module.rules.size();
    switch (leaf.claim) {
        case logic::Claim::kHolds: return leaf.node.valid() && leaf.node.index() < module.nodes.size();
        case logic::Claim::kOutcome:
        case logic::Claim::kWarning: return has_rule;
        case logic::Claim::kExempt:
            return has_rule && leaf.exemption < module.rules[leaf.rule.index()].exemptions.size();
        case logic::Claim::kVerdict: return true;
    }
    return false;
}

bool is_well_formed(const logic::Question& question) {
    if (question.packs.empty() || question.packs.size() > 2 || question.terms.empty()) return false;
    if (std::find(question.packs.begin(), question.packs.end(), nullptr) != question.packs.end()) return false;
    for (std::size_t i = 0; i < question.terms.size(); ++i) {
        const logic::Term& term = question.terms[i];
        if (std::any_of(term.operands.begin(), term.operands.end(),
                        [&](std::uint32_t operand) { return operand >= i; }))
            return false;
        if (term.op == logic::Term::Op::kNot && term.operands.size() != 1) return false;
        if (term.op == logic::Term::Op::kLeaf && !is_leaf_sound(question, term.leaf)) return false;
    }
    return true;
}

// A question being asked: its encoding, and what is asserted of it.
class Query {
public:
    explicit Query(const logic::Question& question)
        : question_(question),
          demand_(demand_of(question)),
          builder_(context_),
          variables_(builder_, question, demand_),
          encoding_(encode(builder_, variables_, question)) {}

    [[nodiscard]] logic::Result solve(const logic::Budget& budget) {
        const expr surely = encoding_.formula.yes;
        const expr perhaps = builder_.both(builder_.negation(encoding_.formula.no), builder_.negation(surely));
        // The library reads no clock, so each step gets its share of the time.
        const unsigned steps = 3;
        const unsigned milliseconds = std::max(1U, budget.milliseconds / steps);

        // A witness for people first; without one, any.
        if (!variables_.comfort().empty()) {
            Terms wanted = variables_.comfort();
            wanted.push_back(surely);
            const Step step = check(wanted, milliseconds, budget.megabytes);
            if (step.answer == z3::sat) return confirmed(step);
        }
        const Step step = check({surely}, milliseconds, budget.megabytes);
        if (step.answer == z3::sat) return confirmed(step);
        if (step.answer == z3::unknown) return gave_up(step);
        if (!perhaps.is_false()) {
            const Step rest = check({perhaps}, milliseconds, budget.megabytes);
            if (rest.answer == z3::unknown) return gave_up(rest);
            if (rest.answer == z3::sat) {
                if (rest.witness && logic::confirms(question_, *rest.witness)) return yes(rest);
                return unknown(!encoding_.reason.empty()
                                   ? encoding_.reason
                                   : "an expression asks for a value that may be absent, and so has no answer itself");
            }
        }
        if (!demand_.reason.empty()) return unknown(demand_.reason);
        logic::Result out;
        out.answer = logic::Answer::kNo;
        return out;
    }

    [[nodiscard]] std::string text() {
        z3::solver solver{context_};
        for (const expr& constraint : variables_.constraints()) solver.add(constraint);
        solver.add(encoding_.formula.yes);
        std::string out =
            "; sat: there is such a configuration. Instants count nanoseconds since 1970, `name?` says\n"
            "; that an optional field or a slot of a set is there, and a slot that isn't means nothing.\n";
        for (const std::string& line : variables_.legend()) out += "; " + line + "\n";
        for (const std::string& reason : {demand_.reason, encoding_.reason}) {
            if (!reason.empty()) out += "; unsat does not mean that there is none: " + reason + "\n";
        }
        out += "(set-logic ALL)\n";
        out += Z3_solver_to_string(context_, solver);
        out += "(check-sat)\n(get-model)\n";
        return out;
    }

private:
    struct Step {
        z3::check_result answer = z3::unknown;
        std::string reason;
        std::optional<logic::Witness> witness;
    };

    [[nodiscard]] Step check(const Terms& wanted, unsigned milliseconds, unsigned megabytes) {
        z3::solver solver{context_};
        z3::params params{context_};
        params.set("timeout", milliseconds);
        params.set("max_memory", megabytes);
        solver.set(params);
        for (const expr& constraint : variables_.constraints()) solver.add(constraint);
        for (const expr& term : wanted) solver.add(term);
        Step out;
        out.answer = solver.check();
        if (out.answer == z3::unknown) out.reason = solver.reason_unknown();
        if (out.answer == z3::sat) out.witness = decode(builder_, variables_, question_, solver.get_model());
        return out;
    }

    [[nodiscard]] static logic::Result unknown(std::string reason) {
        logic::Result out;
        out.reason = std::move(reason);
        return out;
    }
    [[nodiscard]] static logic::Result gave_up(const Step& step) { return unknown("Z3 gave up: " + step.reason); }
    [[nodiscard]] static logic::Result yes(const Step& step) {
        logic::Result out;
        out.answer = logic::Answer::kYes;
        out.witness = step.witness;
        return out;
    }
    [[nodiscard]] logic::Result confirmed(const Step& step) const {
        if (!step.witness) return unknown("Z3 found a configuration that is too large to be written down");
        if (!logic::confirms(question_, *step.witness)) {
            return unknown("internal disagreement: the evaluator doesn't confirm the configuration that Z3 found");
        }
        return yes(step);
    }

    const logic::Question& question_;
    z3::context context_;
    Demand demand_;
    Builder builder_;
    Variables variables_;
    Encoding encoding_;
};

class SmtSolver final : public logic::Solver {
public:
    [[nodiscard]] logic::Result solve(const logic::Question& question, const logic::Budget& budget) const override {
        logic::Result failed;
        if (!is_well_formed(question)) {
            failed.reason = "the question is malformed";
            return failed;
        }
        try {
            return Query{question}.solve(budget);
        } catch (const z3::exception& problem) {
            failed.reason = std::string{"Z3 failed: "} + problem.msg();
        } catch (const std::bad_alloc&) {
            failed.reason = "Z3 ran out of memory";
        }
        return failed;
    }
};

}  // namespace

bool available() { return true; }

std::unique_ptr<logic::Solver> make_solver() { return std::make_unique<SmtSolver>(); }

std::string to_smtlib(const logic::Question& question) {
    if (!is_well_formed(question)) return {};
    try {
        return Query{question}.text();
    } catch (const z3::exception&) {
        return {};
    } catch (const std::bad_alloc&) {
        return {};
    }
}

}  // namespace keywright::smt

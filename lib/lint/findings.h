// What checks of rule files find, collected.
#pragma once

#include "base/source.h"
#include "diag/diag.h"
#include "lint/subject.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keywright::lint {

// What a finding is about.
struct About {
    std::string_view kind;  // `rule`, `clause`, `field`, `param`, `define`, `sample`, `test`, `adapter`, `waiver`, …
    std::string name;       // as `allow … in NAME` names it; of a clause `guide 2.kind`
};

struct Found {
    diag::Code code;
    std::string kind, name;
    std::string message;
    std::vector<diag::Note> notes;  // the first is the place
    std::string help;
    struct Fix {
        base::Span span;
        std::string replacement;
    };
    std::vector<Fix> fixes;  // none or one
    std::string key;         // what tells it from other findings of that code about the same thing
};

class Findings {
public:
    explicit Findings(const Subject& subject) : subject_(subject) {}

    class Builder {
    public:
        explicit Builder(Found* found) : found_(found) {}
        Builder& note(base::Span span, std::string label) {  // a second place
            if (found_ != nullptr) found_->notes.push_back({span, std::move(label)});
            return *this;
        }
        Builder& help(std::string text) {
            if (found_ != nullptr) found_->help = std::move(text);
            return *this;
        }
        // A replacement after which the finding is gone and every record is judged as before.
        Builder& fix(base::Span span, std::string replacement) {
            if (found_ != nullptr) found_->fixes = {{span, std::move(replacement)}};
            return *this;
        }
        // Instead of the text at the place: what stays the same while this mistake does.
        Builder& key(std::string text) {
            if (found_ != nullptr) found_->key = std::move(text);
            return *this;
        }

    private:
        Found* found_;  // null: the place is none of this pack's business
    };
    // Reports `message` at `span`. What stands in a file of a pack that this one extends is left to that pack's own
    // audit. The builder is valid until the next report.
    Builder report(diag::Code code, About about, base::Span span, std::string message, std::string label = {});

    // A question that wasn't settled: `rule X can be violated: too many steps`.
    void undecided(std::string question) { undecided_.push_back(std::move(question)); }

    [[nodiscard]] std::vector<Found> take() { return std::move(found_); }
    [[nodiscard]] std::vector<std::string> take_undecided() { return std::move(undecided_); }

private:
    const Subject& subject_;
    std::vector<Found> found_;
    std::vector<std::string> undecided_;
};

}  // namespace keywright::lint

// A tally as a text, and back. Every number and text stands in the order in which `fields` names it; the same function
// writes and reads, so the two can't differ.
#include "base/digest.h"
#include "engine/audit_tally.h"

#include <fmt/format.h>

#include <charconv>
#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

namespace keywright {

namespace {

constexpr std::string_view kFormat = "keywright.tally/1";

class Saver {
public:
    std::string out;

    void number(std::uint64_t value) {
        out += std::to_string(value);
        out += ' ';
    }
    void text(const std::string& value) {
        out += std::to_string(value.size());
        out += ':';
        out += value;
    }
};

// Reads what a Saver wrote; after anything else it isn't good any more, and gives zeros.
class Loader {
public:
    explicit Loader(std::string_view text) : rest_(text) {}

    [[nodiscard]] std::uint64_t number(char end = ' ') {
        std::uint64_t value = 0;
        const auto [at, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        const auto count = static_cast<std::size_t>(at - rest_.data());
        if (error != std::errc{} || count >= rest_.size() || rest_[count] != end) {
            good_ = false;
            return 0;
        }
        rest_.remove_prefix(count + 1);
        return value;
    }
    [[nodiscard]] std::string text() {
        const std::uint64_t size = number(':');
        if (!good_ || size > rest_.size()) {
            good_ = false;
            return {};
        }
        std::string out{rest_.substr(0, static_cast<std::size_t>(size))};
        rest_.remove_prefix(static_cast<std::size_t>(size));
        return out;
    }
    // How many elements come: each takes at least a character, so a number can't be made up.
    [[nodiscard]] std::size_t count() {
        const std::uint64_t value = number();
        if (value > rest_.size()) good_ = false;
        return good_ ? static_cast<std::size_t>(value) : 0;
    }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool at_end() const { return good_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool good_ = true;
};

void fields(Saver& a, const std::string& value) { a.text(value); }
void fields(Loader& a, std::string& value) { value = a.text(); }

template <class T>
concept Number = std::integral<T> || std::is_enum_v<T>;
template <Number T>
void fields(Saver& a, const T& value) {
    a.number(static_cast<std::uint64_t>(value));
}
template <Number T>
void fields(Loader& a, T& value) {
    value = static_cast<T>(a.number());
}

template <class A, class... T>
void all(A& a, T&... values) {
    (fields(a, values), ...);
}

template <class T>
void fields(Saver& a, const std::vector<T>& values);
template <class T>
void fields(Loader& a, std::vector<T>& values);
template <class T>
void fields(Saver& a, const std::optional<T>& value);
template <class T>
void fields(Loader& a, std::optional<T>& value);
template <class V>
void fields(Saver& a, const std::map<std::string, V>& values);
template <class V>
void fields(Loader& a, std::map<std::string, V>& values);

// The members of a structure, for both ways.
#define KW_BOTH(Type, ...)                                        \
    void fields(Saver& a, const Type& x) { all(a, __VA_ARGS__); } \
    void fields(Loader& a, Type& x) { all(a, __VA_ARGS__); }

KW_BOTH(Instant, x.seconds, x.nanoseconds)
KW_BOTH(CitedClause, x.document, x.clause, x.text)
KW_BOTH(Fact, x.field, x.fact)
KW_BOTH(SourceRange, x.file, x.begin, x.end, x.line, x.column, x.end_line, x.end_column)
KW_BOTH(Violation, x.rule, x.severity, x.message, x.help, x.cites, x.fields, x.because, x.deadline, x.rule_range)
KW_BOTH(Undetermined, x.rule, x.severity, x.needs)
KW_BOTH(WaiverUsed, x.owner, x.reason, x.ticket, x.until)
KW_BOTH(Exempted, x.rule, x.by, x.waiver)
KW_BOTH(RecordError, x.code, x.at, x.message, x.help)
KW_BOTH(ExpiresAt, x.kind, x.earliest, x.latest)
// Repairs are no part of an audit.
KW_BOTH(RecordReport, x.subject, x.source, x.index, x.line, x.verdict, x.violations, x.undetermined, x.exempt,
        x.expires_at, x.errors)
KW_BOTH(AuditSample, x.record, x.offset, x.violates, x.undetermined, x.errors)
KW_BOTH(AuditedExpiry, x.at, x.subject, x.source, x.index, x.line)
KW_BOTH(AuditProblem, x.code, x.message, x.help)
KW_BOTH(AuditedInput, x.source, x.form, x.records, x.bytes, x.lines, x.complete, x.problem)
KW_BOTH(AuditPosition, x.bytes, x.element, x.form, x.begun, x.closed, x.any)
KW_BOTH(engine::AuditCounts::OfRule, x.violated, x.warned, x.undetermined, x.perhaps_warned, x.exempt)
KW_BOTH(engine::AuditCounts, x.records, x.compliant, x.violation, x.undetermined, x.invalid, x.waived, x.open,
        x.never_expire, x.expired, x.will_expire, x.may_expire, x.rules, x.exemptions, x.errors)

template <class T>
void fields(Saver& a, const std::vector<T>& values) {
    a.number(values.size());
    for (const T& value : values) fields(a, value);
}
template <class T>
void fields(Loader& a, std::vector<T>& values) {
    values.clear();
    for (std::size_t left = a.count(); left > 0 && a.good(); --left) {
        T value{};
        fields(a, value);
        values.push_back(std::move(value));
    }
}
template <class T>
void fields(Saver& a, const std::optional<T>& value) {
    a.number(value ? 1 : 0);
    if (value) fields(a, *value);
}
template <class T>
void fields(Loader& a, std::optional<T>& value) {
    value.reset();
    if (a.number() == 1) fields(a, value.emplace());
}
template <class V>
void fields(Saver& a, const std::map<std::string, V>& values) {
    a.number(values.size());
    for (const auto& [name, value] : values) {
        fields(a, name);
        fields(a, value);
    }
}
template <class V>
void fields(Loader& a, std::map<std::string, V>& values) {
    values.clear();
    for (std::size_t left = a.count(); left > 0 && a.good(); --left) {
        std::string name;
        fields(a, name);
        fields(a, values[std::move(name)]);
    }
}

// What a tally hangs on beside the texts of its inputs.
[[nodiscard]] std::string identity_of(const Auditor::State& auditor) {
    const AuditOptions& options = auditor.options;
    const RulesIdentity rules = auditor.rules.identity();
    std::string out = fmt::format("{}\n{}\n{}\n{} {}\n{}\n{} {} {} {} {}\n", KEYWRIGHT_VERSION, rules.digest,
                                  auditor.rules.json_schema().size(), options.now.seconds, options.now.nanoseconds,
                                  options.adapter, options.samples, options.soonest, static_cast<int>(options.results),
                                  options.digest, options.limits.record_bytes);
    for (const WaiverGiven& waiver : auditor.rules.waivers()) out += waiver.name + ' ' + waiver.digest + '\n';
    return base::sha256(out);
}

template <class State>
void state_fields(auto& a, State& state) {
    all(a, state.counts, state.inputs, state.digests, state.forced_lines, state.taken, state.errors_taken,
        state.samples, state.soonest, state.any_results, state.in_input, state.broken, state.position);
}

}  // namespace

std::string AuditTally::save() const {
    Saver saver;
    saver.text(std::string{kFormat});
    saver.text(identity_of(*state_->auditor));
    state_fields(saver, std::as_const(*state_));
    saver.out += base::sha256(saver.out);
    return std::move(saver.out);
}

bool AuditTally::load(std::string_view text) {
    const std::size_t digest = base::sha256({}).size();
    if (text.size() < digest) return false;
    const std::string_view body = text.substr(0, text.size() - digest);
    if (base::sha256(body) != text.substr(body.size())) return false;
    Loader loader{body};
    if (loader.text() != kFormat || loader.text() != identity_of(*state_->auditor)) return false;
    auto fresh = std::make_unique<State>(state_->auditor);
    state_fields(loader, *fresh);
    const bool fits = loader.at_end() && fresh->counts.rules.size() == state_->counts.rules.size() &&
                      fresh->counts.exemptions.size() == state_->counts.exemptions.size() &&
                      fresh->taken.size() == state_->taken.size() && fresh->digests.size() == fresh->inputs.size() &&
                      fresh->forced_lines.size() == fresh->inputs.size() &&
                      (!fresh->in_input || !fresh->inputs.empty());
    if (!fits) return false;
    fresh->wanted = state_->wanted;  // workers may look at it
    state_ = std::move(fresh);
    state_->tell_workers();
    return true;
}

}  // namespace keywright

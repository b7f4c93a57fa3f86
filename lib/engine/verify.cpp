// Repeating a report, and telling what is otherwise.
#include "keywright/verify.h"

#include "base/text.h"
#include "input/json.h"
#include "keywright/render.h"

#include <algorithm>
#include <map>
#include <utility>

namespace keywright {

namespace {

using input::JsonDocument;
using input::JsonKind;
using Index = JsonDocument::Index;
using Part = EvidenceChange::Part;

void compare_files(Part part, const std::vector<FileEvidence>& was, const std::vector<FileEvidence>& is,
                   std::vector<EvidenceChange>& out) {
    std::map<std::string, std::pair<std::string, std::string>> by_name;
    for (const FileEvidence& file : was) by_name[file.file].first = file.digest;
    for (const FileEvidence& file : is) by_name[file.file].second = file.digest;
    for (const auto& [name, digests] : by_name) {
        if (digests.first != digests.second) out.push_back({part, name, digests.first, digests.second});
    }
}

void compare_texts(Part part, const std::string& was, const std::string& is, std::vector<EvidenceChange>& out) {
    if (was != is) out.push_back({part, {}, was, is});
}

// Everything but the inputs and the tool's version.
void compare_rules(const ReportClaim& claim, const RulesIdentity& rules, const Evidence& now,
                   std::vector<EvidenceChange>& out) {
    compare_texts(Part::kPack, claim.rules.pack + ' ' + claim.rules.version, rules.pack + ' ' + rules.version, out);
    const std::size_t before = out.size();
    compare_files(Part::kRules, claim.evidence.rules, now.rules, out);
    compare_texts(Part::kSchema, claim.evidence.schema, now.schema, out);
    std::map<std::string, std::pair<std::string, std::string>> values;
    for (const ParameterEvidence& one : claim.evidence.parameters) values[one.name].first = one.value;
    for (const ParameterEvidence& one : now.parameters) values[one.name].second = one.value;
    for (const auto& [name, value] : values) {
        if (value.first != value.second) out.push_back({Part::kParameter, name, value.first, value.second});
    }
    compare_files(Part::kWaiver, claim.evidence.waivers, now.waivers, out);
    // The digest is over the files and parameters above. Where only it differs, the report doesn't fit itself.
    if (out.size() == before) compare_texts(Part::kRules, claim.rules.digest, rules.digest, out);
}

[[nodiscard]] CheckOptions options_of(const ReportClaim& claim, const Limits& limits) {
    CheckOptions out;
    out.now = claim.evaluated_at;
    out.adapter = claim.evidence.adapter;
    out.suggest = claim.evidence.suggest;
    out.limits = limits;
    return out;
}

[[nodiscard]] CheckOptions::Form form_of(InputEvidence::Form form) {
    switch (form) {
        case InputEvidence::Form::kAuto: return CheckOptions::Form::kAuto;
        case InputEvidence::Form::kDocument: return CheckOptions::Form::kDocument;
        case InputEvidence::Form::kLines: return CheckOptions::Form::kLines;
    }
    return CheckOptions::Form::kAuto;
}

// Two JSON texts member by member.
class Difference {
public:
    Difference(const JsonDocument& was, std::string_view was_text, const JsonDocument& is, std::string_view is_text)
        : was_(was), is_(is), was_text_(was_text), is_text_(is_text) {}

    // Looks below one member of both documents, or at all of them. True: something is otherwise, and is told in `out`.
    bool find_below(const char* name, Verification& out) {
        Index was = was_.root(), is = is_.root();
        std::string pointer;
        if (name != nullptr) {
            was = was_.member(was, name);
            is = is_.member(is, name);
            pointer = std::string{"/"} + name;
        }
        return find(was, is, pointer, out);
    }

private:
    // Depth is bounded by the limit of the reader.
    bool find(Index was, Index is, const std::string& pointer, Verification& out) {
        if (was == JsonDocument::kNone || is == JsonDocument::kNone || was_.kind(was) != is_.kind(is))
            return tell(was, is, pointer, out);
        switch (was_.kind(was)) {
            case JsonKind::kNull: return false;
            case JsonKind::kBool:
            case JsonKind::kInteger: return was_.integer(was) != is_.integer(is) && tell(was, is, pointer, out);
            case JsonKind::kNumber:
                return text(was_, was, was_text_) != text(is_, is, is_text_) && tell(was, is, pointer, out);
            case JsonKind::kString: return was_.string(was) != is_.string(is) && tell(was, is, pointer, out);
            case JsonKind::kArray:
            case JsonKind::kObject: break;
        }
        const bool object = was_.kind(was) == JsonKind::kObject;
        Index a = was_.first_child(was), b = is_.first_child(is);
        for (std::size_t i = 0; a != JsonDocument::kNone || b != JsonDocument::kNone; ++i) {
            // Members are compared by place: the order is a part of the bytes.
            const bool same_key =
                !object || (a != JsonDocument::kNone && b != JsonDocument::kNone && was_.key(a) == is_.key(b));
            const std::string step =
                !object ? std::to_string(i) : base::escape_pointer(a != JsonDocument::kNone ? was_.key(a) : is_.key(b));
            if (!same_key) {
                const Index other = a == JsonDocument::kNone ? b : is_.member(is, was_.key(a));
                return tell(a, other, pointer + '/' + step, out);
            }
            if (find(a, b, pointer + '/' + step, out)) return true;
            a = was_.next_sibling(a);
            b = is_.next_sibling(b);
        }
        return false;
    }

    bool tell(Index was, Index is, const std::string& pointer, Verification& out) {
        out.differs_at = pointer;
        out.was = was == JsonDocument::kNone ? std::string{} : shortened(text(was_, was, was_text_));
        out.is = is == JsonDocument::kNone ? std::string{} : shortened(text(is_, is, is_text_));
        return true;
    }

    static std::string_view text(const JsonDocument& json, Index node, std::string_view all) {
        return all.substr(json.begin(node), json.end(node) - json.begin(node));
    }

    // On one line and not too long. JSON outside of its strings means the same with any blanks.
    static std::string shortened(std::string_view json) {
        constexpr std::size_t kLimit = 120;
        std::string out;
        bool blank = false;
        for (const char c : json) {
            if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
                blank = true;
                continue;
            }
            if (std::exchange(blank, false) && !out.empty()) out += ' ';
            out += c;
            if (out.size() > 4 * kLimit) break;
        }
        return base::printable(out, kLimit);
    }

    const JsonDocument& was_;
    const JsonDocument& is_;
    std::string_view was_text_, is_text_;
};

// One record of a report, as far as its verdict goes.
struct Judged {
    std::string subject, source, verdict;
    std::size_t index = 0;
};

[[nodiscard]] std::vector<Judged> judged_in(const JsonDocument& json) {
    std::vector<Judged> out;
    const Index results = json.member(json.root(), "results");
    if (results == JsonDocument::kNone) return out;
    const auto text = [&](Index object, const char* name) {
        const Index at = json.member(object, name);
        return at == JsonDocument::kNone || json.kind(at) != JsonKind::kString ? std::string{}
                                                                               : std::string{json.string(at)};
    };
    for (Index at = json.first_child(results); at != JsonDocument::kNone; at = json.next_sibling(at)) {
        Judged one{text(at, "subject"), text(at, "source"), text(at, "verdict"), 0};
        const Index index = json.member(at, "index");
        if (index != JsonDocument::kNone && json.kind(index) == JsonKind::kInteger && json.integer(index) >= 0)
            one.index = static_cast<std::size_t>(json.integer(index));
        out.push_back(std::move(one));
    }
    return out;
}

// Records are the same where source and index are; several inputs of one name are told apart by their order.
void compare_verdicts(const std::vector<Judged>& was, const std::vector<Judged>& is, std::vector<ChangedVerdict>& out) {
    using Key = std::pair<std::string, std::size_t>;
    std::multimap<Key, const Judged*> now;
    for (const Judged& one : is) now.emplace(Key{one.source, one.index}, &one);
    for (const Judged& one : was) {
        const auto found = now.lower_bound({one.source, one.index});
        if (found == now.end() || found->first != Key{one.source, one.index}) {
            out.push_back({one.subject, one.source, one.index, one.verdict, {}});
            continue;
        }
        if (found->second->verdict != one.verdict)
            out.push_back({one.subject, one.source, one.index, one.verdict, found->second->verdict});
        now.erase(found);
    }
    // What is left has come since; in the order of the second report.
    for (const Judged& one : is) {
        const auto [first, last] = now.equal_range({one.source, one.index});
        for (auto at = first; at != last; ++at) {
            if (at->second == &one) out.push_back({one.subject, one.source, one.index, {}, one.verdict});
        }
    }
}

}  // namespace

std::string_view to_string(Holds holds) {
    switch (holds) {
        case Holds::kYes: return "holds";
        case Holds::kNo: return "fails";
        case Holds::kUnknown: return "unknown";
    }
    return {};
}

std::string_view to_string(EvidenceChange::Part part) {
    switch (part) {
        case Part::kTool: return "tool";
        case Part::kPack: return "pack";
        case Part::kRules: return "rules";
        case Part::kSchema: return "schema";
        case Part::kParameter: return "parameter";
        case Part::kWaiver: return "waiver";
        case Part::kInput: return "input";
        case Part::kAdapter: return "adapter";
    }
    return {};
}

Verification verify(std::string_view report, const ReportClaim& claim, const Rules& rules,
                    const std::vector<std::optional<std::string_view>>& inputs, const Limits& limits) {
    Verification out;
    CheckOptions options = options_of(claim, limits);
    Report again;
    again.rules = rules.identity();
    again.evaluated_at = claim.evaluated_at;
    again.evidence = evidence_of(rules, options);
    again.waivers = rules.waivers();
    compare_texts(Part::kTool, claim.evidence.tool, again.evidence->tool, out.changes);
    const std::size_t of_tool = out.changes.size();
    compare_rules(claim, again.rules, *again.evidence, out.changes);
    const std::vector<std::string> adapters = rules.adapter_names();
    if (!options.adapter.empty() && std::find(adapters.begin(), adapters.end(), options.adapter) == adapters.end())
        out.changes.push_back({Part::kAdapter, options.adapter, options.adapter, {}});
    for (std::size_t i = 0; i < claim.evidence.inputs.size(); ++i) {
        const InputEvidence& input = claim.evidence.inputs[i];
        if (i >= inputs.size() || !inputs[i]) {
            out.missing.push_back(input.source);
            continue;
        }
        options.source = input.source;
        options.form = form_of(input.form);
        InputEvidence now = input_evidence(*inputs[i], options);
        compare_texts(Part::kInput, input.digest, now.digest, out.changes);
        if (input.digest != now.digest) out.changes.back().name = input.source;
        again.evidence->inputs.push_back(std::move(now));
    }
    const bool changed = out.changes.size() > of_tool;
    if (!out.missing.empty()) {
        out.holds = changed ? Holds::kNo : Holds::kUnknown;
        return out;
    }

    for (std::size_t i = 0; i < claim.evidence.inputs.size(); ++i) {
        options.source = claim.evidence.inputs[i].source;
        options.form = form_of(claim.evidence.inputs[i].form);
        rules.check(*inputs[i], options, [&](RecordReport&& record) { again.results.push_back(std::move(record)); });
    }
    out.decided = true;
    // Another version of the tool is told, but what counts is what it says.
    again.evidence->tool = claim.evidence.tool;
    const std::string text = to_json(again);
    out.holds = text == report && !changed ? Holds::kYes : Holds::kNo;
    if (out.holds == Holds::kYes) return out;

    Limits whole = limits;
    whole.document_bytes = std::max({limits.document_bytes, text.size(), report.size()});
    JsonDocument was, is;
    input::JsonError error;
    if (!input::parse_json(report, whole, was, error) || !input::parse_json(text, whole, is, error)) return out;
    Difference difference{was, report, is, text};
    // Digests that changed are told already; what came out otherwise is news.
    (void)(difference.find_below("results", out) || difference.find_below("summary", out) ||
           (!changed && difference.find_below(nullptr, out)));
    compare_verdicts(judged_in(was), judged_in(is), out.verdicts);
    return out;
}

}  // namespace keywright

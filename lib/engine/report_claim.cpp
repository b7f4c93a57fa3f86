// Reading what a report says of itself. It may be anybody's text, so it is read as strictly as records are, and nothing
// of it is in a message but the names of our own members.
#include "input/json.h"
#include "keywright/verify.h"

#include <fmt/format.h>

#include <initializer_list>
#include <limits>
#include <utility>

namespace keywright {

namespace {

using input::JsonDocument;
using input::JsonKind;
using Index = JsonDocument::Index;

// Reads members by name. The first that isn't as it has to be is remembered, and all that follows is skipped.
class Members {
public:
    explicit Members(const JsonDocument& json) : json_(json) {}

    [[nodiscard]] const std::string& error() const { return error_; }
    void refuse(std::string why) {
        if (error_.empty()) error_ = std::move(why);
    }

    Index member(Index object, const char* name, JsonKind kind) {
        if (!error_.empty()) return JsonDocument::kNone;
        const Index out = json_.member(object, name);
        if (out == JsonDocument::kNone) {
            refuse(fmt::format("it has no member `{}`", name));
        } else if (json_.kind(out) != kind) {
            refuse(fmt::format("its member `{}` is {}, not {}", name, input::word(json_.kind(out)), input::word(kind)));
            return JsonDocument::kNone;
        }
        return out;
    }
    std::string text(Index object, const char* name) {
        const Index at = member(object, name, JsonKind::kString);
        return at == JsonDocument::kNone ? std::string{} : std::string{json_.string(at)};
    }
    std::uint64_t count(Index object, const char* name) {
        const Index at = member(object, name, JsonKind::kInteger);
        if (at == JsonDocument::kNone) return 0;
        if (json_.integer(at) < 0) refuse(fmt::format("its member `{}` is below zero", name));
        return static_cast<std::uint64_t>(json_.integer(at));
    }
    bool flag(Index object, const char* name) {
        const Index at = member(object, name, JsonKind::kBool);
        return at != JsonDocument::kNone && json_.boolean(at);
    }

    template <class Each>
    void each_object(Index list, const char* what, const Each& each) {
        if (list == JsonDocument::kNone) return;
        for (Index at = json_.first_child(list); at != JsonDocument::kNone && error_.empty();
             at = json_.next_sibling(at)) {
            if (json_.kind(at) != JsonKind::kObject) {
                refuse(fmt::format("`{}` holds {}, not an object", what, input::word(json_.kind(at))));
                return;
            }
            each(at);
        }
    }

private:
    const JsonDocument& json_;
    std::string error_;
};

[[nodiscard]] InputEvidence::Form form_of(Members& read, const std::string& word) {
    for (const auto form : {InputEvidence::Form::kAuto, InputEvidence::Form::kDocument, InputEvidence::Form::kLines}) {
        if (word == to_string(form)) return form;
    }
    read.refuse("a `form` is `auto`, `document` or `lines`");
    return InputEvidence::Form::kAuto;
}

[[nodiscard]] std::vector<FileEvidence> files_of(Members& read, Index evidence, const char* name) {
    std::vector<FileEvidence> out;
    read.each_object(read.member(evidence, name, JsonKind::kArray), name, [&](Index at) {
        out.push_back({read.text(at, "file"), read.text(at, "digest"), read.count(at, "bytes")});
    });
    return out;
}

[[nodiscard]] Evidence evidence_in(Members& read, const JsonDocument& json, Index evidence) {
    Evidence out;
    out.tool = read.text(evidence, "tool");
    out.rules = files_of(read, evidence, "rules");
    out.schema = read.text(evidence, "schema");
    const Index parameters = read.member(evidence, "parameters", JsonKind::kObject);
    if (parameters == JsonDocument::kNone) return out;
    out.parameters_digest = read.text(parameters, "digest");
    if (const Index values = read.member(parameters, "values", JsonKind::kObject); values != JsonDocument::kNone) {
        for (Index at = json.first_child(values); at != JsonDocument::kNone; at = json.next_sibling(at)) {
            if (json.kind(at) != JsonKind::kString)
                read.refuse("the value of a parameter is a text");
            else
                out.parameters.push_back({std::string{json.key(at)}, std::string{json.string(at)}});
        }
    }
    out.waivers = files_of(read, evidence, "waivers");
    read.each_object(read.member(evidence, "inputs", JsonKind::kArray), "inputs", [&](Index at) {
        const InputEvidence::Form form = form_of(read, read.text(at, "form"));
        out.inputs.push_back({read.text(at, "source"), form, read.text(at, "digest"), read.count(at, "bytes")});
    });
    out.adapter = read.text(evidence, "adapter");
    if (const Index options = read.member(evidence, "options", JsonKind::kObject); options != JsonDocument::kNone)
        out.suggest = read.flag(options, "suggest");
    return out;
}

}  // namespace

ReadReport read_report(std::string_view text, const Limits& limits) {
    JsonDocument json;
    input::JsonError error;
    if (!input::parse_json(text, limits, json, error)) return {{}, error.message};
    const Index root = json.root();
    if (json.kind(root) != JsonKind::kObject) return {{}, "it is no JSON object"};
    Members read{json};
    if (read.text(root, "schema") != "keywright.report/1")
        read.refuse("its member `schema` is not `keywright.report/1`");
    ReportClaim out;
    if (const Index rules = read.member(root, "rules", JsonKind::kObject); rules != JsonDocument::kNone)
        out.rules = {read.text(rules, "pack"), read.text(rules, "version"), read.text(rules, "digest")};
    if (const auto at = parse_instant(read.text(root, "evaluated_at")))
        out.evaluated_at = *at;
    else
        read.refuse("its member `evaluated_at` is no instant");
    (void)read.member(root, "results", JsonKind::kArray);
    (void)read.member(root, "summary", JsonKind::kObject);
    if (read.error().empty() && json.member(root, "evidence") == JsonDocument::kNone)
        return {{}, "it holds no evidence: it was written by an older version, or not by the command"};
    if (const Index evidence = read.member(root, "evidence", JsonKind::kObject); evidence != JsonDocument::kNone)
        out.evidence = evidence_in(read, json, evidence);
    if (!read.error().empty()) return {{}, read.error()};
    return {std::move(out), {}};
}

}  // namespace keywright

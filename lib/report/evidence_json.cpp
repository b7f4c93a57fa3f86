// Evidence as a member of a report, and in short for people.
#include "report/evidence_json.h"

#include "base/text.h"
#include "keywright/render.h"

namespace keywright {

namespace report {

namespace {

void write(JsonWriter& json, const std::vector<FileEvidence>& files) {
    json.begin_array();
    for (const FileEvidence& file : files) {
        json.begin_object().member("file", file.file).member("digest", file.digest).member("bytes", file.bytes);
        json.end_object();
    }
    json.end_array();
}

}  // namespace

void write(JsonWriter& json, const Evidence& evidence) {
    json.begin_object().member("tool", evidence.tool).key("rules");
    write(json, evidence.rules);
    json.member("schema", evidence.schema).key("parameters").begin_object();
    json.member("digest", evidence.parameters_digest).key("values").begin_object();
    for (const ParameterEvidence& parameter : evidence.parameters) json.member(parameter.name, parameter.value);
    json.end_object().end_object().key("waivers");
    write(json, evidence.waivers);
    json.key("inputs").begin_array();
    for (const InputEvidence& input : evidence.inputs) {
        json.begin_object().member("source", input.source).member("form", to_string(input.form));
        json.member("digest", input.digest).member("bytes", input.bytes).end_object();
    }
    json.end_array().member("adapter", evidence.adapter).key("options").begin_object();
    json.key("suggest").boolean(evidence.suggest).end_object().end_object();
}

}  // namespace report

std::string short_digest(std::string_view digest) {
    constexpr std::size_t kDigits = 12;
    if (const std::size_t colon = digest.find(':'); colon != std::string_view::npos) digest.remove_prefix(colon + 1);
    return base::printable(digest.substr(0, kDigits));
}

}  // namespace keywright

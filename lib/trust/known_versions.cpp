// The memory of versions that were seen, as JSON. Read strictly: what can't be understood whole can't be relied on.
#include "input/json.h"
#include "keywright/signature.h"
#include "report/json_writer.h"

#include <algorithm>
#include <utility>

namespace keywright {

namespace {

using input::JsonDocument;
using input::JsonKind;

constexpr std::string_view kName = "keywright.known-versions/1";

// The text of a member; nothing where it is missing or no text.
[[nodiscard]] std::optional<std::string> text_of(const JsonDocument& json, JsonDocument::Index object,
                                                 std::string_view name) {
    const JsonDocument::Index member = json.member(object, name);
    if (member == JsonDocument::kNone || json.kind(member) != JsonKind::kString) return std::nullopt;
    return std::string{json.string(member)};
}

}  // namespace

ReadKnownVersions read_known_versions(std::string_view text) {
    ReadKnownVersions out;
    JsonDocument json;
    input::JsonError error;
    const auto refuse = [](std::string why) { return ReadKnownVersions{{}, std::move(why)}; };
    if (!input::parse_json(text, {}, json, error)) return refuse(error.message);
    if (json.kind(json.root()) != JsonKind::kObject || text_of(json, json.root(), "schema") != kName) {
        return refuse("it is not the document `" + std::string{kName} + '`');
    }
    const JsonDocument::Index list = json.member(json.root(), "versions");
    if (json.child_count(json.root()) != 2 || list == JsonDocument::kNone || json.kind(list) != JsonKind::kArray) {
        return refuse("it needs a list `versions`, and nothing else");
    }
    for (auto at = json.first_child(list); at != JsonDocument::kNone; at = json.next_sibling(at)) {
        const bool is_object = json.kind(at) == JsonKind::kObject && json.child_count(at) == 3;
        const auto key = is_object ? text_of(json, at, "key") : std::nullopt;
        const auto pack = is_object ? text_of(json, at, "pack") : std::nullopt;
        const auto version = is_object ? text_of(json, at, "version") : std::nullopt;
        if (!key || !pack || !version || !read_verifying_key(*key).key || !compare_versions(*version, *version)) {
            return refuse("an entry needs a public key, a pack and a version made of numbers, and nothing else");
        }
        const bool twice = std::any_of(out.versions.begin(), out.versions.end(), [&](const KnownVersion& known) {
            return known.key == *key && known.pack == *pack;
        });
        if (twice) {
            return refuse("a pack stands in it twice");
        }
        out.versions.push_back({*key, *pack, *version});
    }
    return out;
}

std::string to_json(const std::vector<KnownVersion>& versions) {
    report::JsonWriter json{report::JsonWriter::Layout::kIndented};
    json.begin_object().member("schema", kName).key("versions").begin_array();
    for (const KnownVersion& known : versions) {
        json.begin_object().member("key", known.key).member("pack", known.pack).member("version", known.version);
        json.end_object();
    }
    json.end_array().end_object();
    return json.take() + '\n';
}

std::string known_versions_schema() {
    return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "keywright.known-versions/1",
  "description": "The newest versions of signed packs that were seen on a machine.",
  "type": "object",
  "required": ["schema", "versions"],
  "additionalProperties": false,
  "properties": {
    "schema": { "const": "keywright.known-versions/1" },
    "versions": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["key", "pack", "version"],
        "additionalProperties": false,
        "properties": {
          "key": { "description": "public key, as minisign writes it", "type": "string", "pattern": "^RW[A-Za-z0-9+/]{54}$" },
          "pack": { "type": "string" },
          "version": { "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)*$" }
        }
      }
    }
  }
}
)json";
}

}  // namespace keywright

// The rules over the DOM of nlohmann's JSON for Modern C++, line by line.
#include "blocks.h"
#include "key.h"

#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using validators::Key;
using validators::Member;

bool read_secret(Key& key, Member member, const json& object) {
    if (object.size() != 1 || !object.contains("$secret") || !object["$secret"].is_object()) return false;
    Key::Secret secret;
    for (const auto& [name, value] : object["$secret"].items()) {
        if (name == "length" && value.is_number_unsigned()) {
            secret.length = value.get<std::int64_t>();
            if (secret.length < 0 || secret.length >= 0xffffffff) return false;
        } else if (!value.is_boolean() || !Key::tell(secret, name, value.get<bool>())) {
            return false;
        }
    }
    return key.secret(member, secret);
}

// This DOM keeps one of two members of the same name, so doubles go unnoticed.
bool read_key(Key& key, const json& object) {
    key.clear();
    if (!object.is_object()) return false;
    for (const auto& [name, value] : object.items()) {
        const Member member = validators::member_of(name);
        if (!key.begin(member)) return false;
        bool good = false;
        if (value.is_string()) {
            good = key.text(member, value.get_ref<const std::string&>());
        } else if (value.is_null()) {
            good = key.null(member);
        } else if (value.is_boolean()) {
            good = key.boolean(member, value.get<bool>());
        } else if (value.is_object()) {
            good = read_secret(key, member, value);
        } else if (value.is_array()) {
            good = key.list(member);
            for (const json& element : value)
                good = good && element.is_string() && key.element(member, element.get_ref<const std::string&>());
        }
        if (!good) return false;
    }
    return true;
}

}  // namespace

int main(int count, char** words) {
    const validators::Arguments arguments = validators::arguments(count, words);
    validators::Blocks blocks{arguments.file, 512 << 10};
    validators::Tally tally;
    Key key;
    for (std::string_view block = blocks.next(); !block.empty(); block = blocks.next()) {
        validators::for_each_line(block, [&](std::string_view line) {
            const json document = json::parse(line.begin(), line.end(), nullptr, false);
            validators::count(key, !document.is_discarded() && read_key(key, document), arguments.now, tally);
        });
    }
    tally.print();
    return 0;
}

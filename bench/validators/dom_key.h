// A record that simdjson's DOM has read.
#pragma once

#include "key.h"

#include <simdjson.h>

namespace validators {

inline bool read_secret(Key& key, Member member, simdjson::dom::object object) {
    simdjson::dom::object facts;
    if (object.size() != 1 || object["$secret"].get(facts) != simdjson::SUCCESS) return false;
    Key::Secret secret;
    for (const auto [name, value] : facts) {
        for (const auto [other, _] : facts) {  // there are seven facts at most
            if (other.data() != name.data() && other == name) return false;
        }
        bool holds = false;
        if (name == "length") {
            if (value.get(secret.length) != simdjson::SUCCESS || secret.length < 0 || secret.length >= 0xffffffff)
                return false;
        } else if (value.get(holds) != simdjson::SUCCESS || !Key::tell(secret, name, holds)) {
            return false;
        }
    }
    return key.secret(member, secret);
}

inline bool read_list(Key& key, Member member, simdjson::dom::array list) {
    if (!key.list(member)) return false;
    for (const auto element : list) {
        std::string_view text;
        if (element.get(text) != simdjson::SUCCESS || !key.element(member, text)) return false;
    }
    return true;
}

inline bool read_key(Key& key, simdjson::dom::element document) {
    key.clear();
    simdjson::dom::object object;
    if (document.get(object) != simdjson::SUCCESS) return false;
    for (const auto [name, value] : object) {
        const Member member = member_of(name);
        if (!key.begin(member)) return false;
        bool good = false;
        switch (value.type()) {
            case simdjson::dom::element_type::STRING: {
                std::string_view text;
                good = value.get(text) == simdjson::SUCCESS && key.text(member, text);
                break;
            }
            case simdjson::dom::element_type::NULL_VALUE: good = key.null(member); break;
            case simdjson::dom::element_type::BOOL: {
                bool truth = false;
                good = value.get(truth) == simdjson::SUCCESS && key.boolean(member, truth);
                break;
            }
            case simdjson::dom::element_type::OBJECT: {
                simdjson::dom::object inner;
                good = value.get(inner) == simdjson::SUCCESS && read_secret(key, member, inner);
                break;
            }
            case simdjson::dom::element_type::ARRAY: {
                simdjson::dom::array list;
                good = value.get(list) == simdjson::SUCCESS && read_list(key, member, list);
                break;
            }
            case simdjson::dom::element_type::INT64:
            case simdjson::dom::element_type::UINT64:
            case simdjson::dom::element_type::DOUBLE: break;
        }
        if (!good) return false;
    }
    return true;
}

// One line, with simdjson's padding behind it.
inline void count_line(simdjson::dom::parser& parser, Key& key, std::string_view line, Instant now, Tally& tally) {
    simdjson::dom::element document;
    const bool readable =
        parser.parse(line.data(), line.size(), false).get(document) == simdjson::SUCCESS && read_key(key, document);
    count(key, readable, now, tally);
}

}  // namespace validators

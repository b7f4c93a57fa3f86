// The rules over simdjson's On-Demand, a stream of documents. A document that can't be read counts as invalid; where
// one isn't even JSON the stream can't go on, and the program says so.
#include "blocks.h"
#include "key.h"

#include <simdjson.h>

namespace {

using validators::Key;
using validators::Member;
namespace ondemand = simdjson::ondemand;

bool read_secret(Key& key, Member member, ondemand::object object) {
    Key::Secret secret;
    bool found = false;
    for (auto field : object) {
        std::string_view name;
        if (found || field.unescaped_key().get(name) != simdjson::SUCCESS || name != "$secret") return false;
        found = true;
        ondemand::object facts;
        if (field.value().get_object().get(facts) != simdjson::SUCCESS) return false;
        for (auto fact : facts) {
            bool holds = false;
            if (fact.unescaped_key().get(name) != simdjson::SUCCESS) return false;
            if (name == "length") {
                if (fact.value().get_int64().get(secret.length) != simdjson::SUCCESS || secret.length < 0) return false;
            } else if (fact.value().get_bool().get(holds) != simdjson::SUCCESS || !Key::tell(secret, name, holds)) {
                return false;
            }
        }
    }
    return found && key.secret(member, secret);
}

bool read_list(Key& key, Member member, ondemand::array array) {
    if (!key.list(member)) return false;
    for (auto element : array) {
        std::string_view text;
        if (element.get_string().get(text) != simdjson::SUCCESS || !key.element(member, text)) return false;
    }
    return true;
}

bool read_value(Key& key, Member member, ondemand::value value) {
    ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    switch (type) {
        case ondemand::json_type::string: {
            std::string_view text;
            return value.get_string().get(text) == simdjson::SUCCESS && key.text(member, text);
        }
        case ondemand::json_type::null: return value.is_null() && key.null(member);
        case ondemand::json_type::boolean: {
            bool truth = false;
            return value.get_bool().get(truth) == simdjson::SUCCESS && key.boolean(member, truth);
        }
        case ondemand::json_type::array: {
            ondemand::array array;
            return value.get_array().get(array) == simdjson::SUCCESS && read_list(key, member, array);
        }
        case ondemand::json_type::object: {
            ondemand::object object;
            return value.get_object().get(object) == simdjson::SUCCESS && read_secret(key, member, object);
        }
        case ondemand::json_type::number: break;
    }
    return false;
}

bool read_key(Key& key, ondemand::document_reference document) {
    key.clear();
    ondemand::object object;
    if (document.get_object().get(object) != simdjson::SUCCESS) return false;
    for (auto field : object) {
        std::string_view name;
        if (field.unescaped_key().get(name) != simdjson::SUCCESS) return false;
        const Member member = validators::member_of(name);
        if (!key.begin(member) || !read_value(key, member, field.value())) return false;
    }
    return true;
}

}  // namespace

int main(int count, char** words) {
    const validators::Arguments arguments = validators::arguments(count, words);
    validators::Blocks blocks{arguments.file, 512 << 10};
    validators::Tally tally;
    Key key;
    ondemand::parser parser;
#ifdef SIMDJSON_THREADS_ENABLED
    parser.threaded = false;
#endif
    for (std::string_view block = blocks.next(); !block.empty(); block = blocks.next()) {
        ondemand::document_stream documents;
        if (parser.iterate_many(block.data(), block.size(), block.size() + 1).get(documents) != simdjson::SUCCESS)
            return 74;
        for (auto document : documents) {
            if (document.error() != simdjson::SUCCESS) {
                std::fprintf(stderr, "a document is no JSON, and the stream can't go on behind it\n");
                return 2;
            }
            validators::count(key, read_key(key, document.value_unsafe()), arguments.now, tally);
        }
    }
    tally.print();
    return 0;
}

// Strict JSON: what is refused and why, and what is kept of what is accepted.
#include "input/json.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <random>
#include <string>

using namespace keywright;
using namespace keywright::input;

namespace {

JsonError refusal(std::string_view text, const Limits& limits = {}) {
    JsonDocument document;
    JsonError error;
    CAPTURE(std::string{text});
    REQUIRE_FALSE(parse_json(text, limits, document, error));
    CHECK(document.empty());
    CHECK_FALSE(error.code.empty());
    CHECK_FALSE(error.message.empty());
    return error;
}

// The document written again, without blanks.
std::string rewrite(const JsonDocument& document, JsonDocument::Index node) {
    switch (document.kind(node)) {
        case JsonKind::kNull: return "null";
        case JsonKind::kBool: return document.boolean(node) ? "true" : "false";
        case JsonKind::kInteger: return std::to_string(document.integer(node));
        case JsonKind::kNumber: return "number";
        case JsonKind::kString: return nlohmann::json(document.string(node)).dump();
        case JsonKind::kArray:
        case JsonKind::kObject: break;
    }
    const bool array = document.kind(node) == JsonKind::kArray;
    std::string out;
    std::uint32_t count = 0;
    for (auto child = document.first_child(node); child != JsonDocument::kNone; child = document.next_sibling(child)) {
        if (!out.empty()) out += ',';
        if (!array) out += nlohmann::json(document.key(child)).dump() + ":";
        out += rewrite(document, child);
        ++count;
    }
    CHECK(count == document.child_count(node));
    return (array ? "[" : "{") + out + (array ? "]" : "}");
}

// Each node's byte range holds exactly its own text.
void check_ranges(const JsonDocument& document, std::string_view text, JsonDocument::Index node) {
    REQUIRE(document.begin(node) < document.end(node));
    REQUIRE(document.end(node) <= text.size());
    const auto part = text.substr(document.begin(node), document.end(node) - document.begin(node));
    JsonDocument alone;
    JsonError error;
    CAPTURE(std::string{part});
    REQUIRE(parse_json(part, {}, alone, error));
    REQUIRE(alone.begin(0) == 0);
    REQUIRE(alone.end(0) == part.size());
    REQUIRE(rewrite(alone, 0) == rewrite(document, node));
    for (auto child = document.first_child(node); child != JsonDocument::kNone; child = document.next_sibling(child)) {
        check_ranges(document, text, child);
    }
}

nlohmann::json random_json(std::mt19937& random, int depth) {
    switch (random() % (depth > 0 ? 7 : 5)) {
        case 0: return nullptr;
        case 1: return random() % 2 == 0;
        case 2: return static_cast<std::int64_t>((std::uint64_t{random()} << 32 | random()) >> random() % 64);
        case 3: return -static_cast<std::int64_t>(random());
        case 4: {
            const char* const texts[] = {"", "a", "\"\\/", "\u00e9\n", ",:{}[]", "\U0001F600"};
            return texts[random() % 6];
        }
        case 5: {
            nlohmann::json out = nlohmann::json::array();
            for (unsigned i = static_cast<unsigned>(random() % 4); i > 0; --i)
                out.push_back(random_json(random, depth - 1));
            return out;
        }
        default: {
            nlohmann::json out = nlohmann::json::object();
            for (unsigned i = static_cast<unsigned>(random() % 4); i > 0; --i) {
                out["k" + std::to_string(random() % 100) + "\"~/"] = random_json(random, depth - 1);
            }
            return out;
        }
    }
}

}  // namespace

TEST_CASE("random documents are read as another reader reads them, with exact ranges") {
    std::mt19937 random{17};
    JsonDocument document;
    for (int round = 0; round < 1500; ++round) {
        const nlohmann::json value = random_json(random, 4);
        const std::string text = value.dump(round % 2 == 0 ? -1 : 2, ' ', round % 3 == 0);
        CAPTURE(text);
        JsonError error;
        REQUIRE(parse_json(text, {}, document, error));
        REQUIRE(rewrite(document, document.root()) == value.dump());
        check_ranges(document, text, document.root());
    }
}

TEST_CASE("integers keep 64 bits and other numbers only their kind") {
    JsonDocument document;
    JsonError error;
    const std::string text =
        "[9223372036854775807,-9223372036854775808,9223372036854775808,1.0,1e2,-0,123456789012345678901234567890 , 0.5 "
        "]";
    REQUIRE(parse_json(text, {}, document, error));
    CHECK(rewrite(document, 0) == "[9223372036854775807,-9223372036854775808,number,number,number,0,number,number]");
    const auto last = document.find(0, "/7");
    CHECK(document.begin(last) == text.find("0.5"));
    CHECK(document.end(last) == text.find("0.5") + 3);
    CHECK(refusal("[1e999]").code == "KW6014");
}

TEST_CASE("each refusal has its own code and place") {
    CHECK(refusal("\xEF\xBB\xBF{}").code == "KW6004");
    CHECK(refusal(std::string_view{"1\0 2", 4}).code == "KW6005");
    CHECK(refusal(std::string_view{"\"a\0\"", 4}).offset == 2);
    CHECK(refusal("[\"\xff\"]").code == "KW6006");
    CHECK(refusal("[\"\xff\"]").offset == 2);
    CHECK(refusal("[\"\\ud800\"]").code == "KW6007");
    CHECK(refusal("[\"\\ud800\"]").offset == 2);
    CHECK(refusal("[\"ab\\udc00\"]").code == "KW6007");
    CHECK(refusal("[\"\\ud800\\u0041\"]").code == "KW6007");
    CHECK(refusal("{\"\\ud800\":1}").code == "KW6007");
    CHECK(refusal("{} {}").code == "KW6008");
    CHECK(refusal("{} {}").offset == 3);
    CHECK(refusal("1 x").code == "KW6008");
    CHECK(refusal("01").code == "KW6008");
    CHECK(refusal("").code == "KW6001");
    CHECK(refusal("  ").code == "KW6001");
    CHECK(refusal("[1,]").code == "KW6001");
    CHECK(refusal("[1,]").offset == 3);
    CHECK(refusal("[1,,2]").offset == 3);
    CHECK(refusal("[,1]").offset == 1);
    CHECK(refusal("{\"a\" 1}").offset == 5);
    CHECK(refusal("{\"a\" \"b\"}").offset == 5);
    CHECK(refusal("{\"a\":1 \"b\":2}").offset == 7);
    CHECK(refusal("{\"a\":tru}").offset == 5);
    CHECK(refusal("{\"a\":tru}").pointer == "/a");
    CHECK(refusal("[[1],{\"b\":[0,x]}]").pointer == "/1/b/1");
    CHECK(refusal("{'a':1}").message.find("double quotes") != std::string::npos);
    CHECK(refusal("[1 // one\n]").message.find("comments") != std::string::npos);
    CHECK(refusal("[\"a").message == "the text ends inside a string at byte offset 3");
    CHECK(refusal("[\"a\nb\"]").message.find("control character") == 0);
    CHECK(refusal("[\"\\x\"]").message.find("unknown escape") == 0);
    CHECK(refusal("[\n 1,\n  x]").message ==
          "neither a JSON value nor punctuation at byte offset 8 (line 3, column 3)");
}

TEST_CASE("a member stands once, whatever its spelling") {
    const std::string text = "{\"x\":{\"name\":1,\"b\":2,\"n\\u0061me\":3}}";
    const JsonError error = refusal(text);
    CHECK(error.code == "KW6002");
    CHECK(error.pointer == "/x/name");
    CHECK(error.message.find("`name`") != std::string::npos);
    CHECK(error.offset == text.find('3'));
    const JsonError odd = refusal("{\"\\u001b\":1,\"\\u001b\":2}");  // nobody's name, so it isn't shown
    CHECK(odd.message.find("(name withheld: 1 byte)") != std::string::npos);
    CHECK(odd.pointer == "/(name withheld)");
    JsonDocument document;
    JsonError none;
    CHECK(parse_json("[{\"a\":1},{\"a\":1}]", {}, document, none));
    CHECK(parse_json("{\"a\":{\"a\":{\"a\":1}}}", {}, document, none));
}

TEST_CASE("nesting and size are bounded and the bound is named") {
    Limits limits;
    limits.json_depth = 3;
    JsonDocument document;
    JsonError error;
    CHECK(parse_json("[[[1]]]", limits, document, error));
    const JsonError deep = refusal("[[{\"a\":[1]}]]", limits);
    CHECK(deep.code == "KW6003");
    CHECK(deep.message.find("`json_depth`") != std::string::npos);
    CHECK(refusal(std::string(5'000'000, '[')).code == "KW6003");
    limits.document_bytes = 4;
    CHECK(parse_json("[10]", limits, document, error));
    CHECK(refusal("[100]", limits).code == "KW6009");
    CHECK(refusal("[100]", limits).message.find("`document_bytes`") != std::string::npos);
}

TEST_CASE("a document can be used again") {
    JsonDocument document;
    JsonError error;
    REQUIRE(parse_json("{\"secret\":\"hunter2\"}", {}, document, error));
    const std::string_view view = document.string(document.member(0, "secret"));
    CHECK(view == "hunter2");
    const char* const bytes = view.data();
    document.clear();
    CHECK(document.empty());
    CHECK(std::string_view{bytes, 7} == std::string_view{"\0\0\0\0\0\0\0", 7});  // capacity is kept, the text is not
    REQUIRE(parse_json("[true]", {}, document, error));
    CHECK(document.boolean(document.first_child(0)));
}

TEST_CASE("pointers lead to their values") {
    // The example of RFC 6901.
    JsonDocument document;
    JsonError error;
    REQUIRE(parse_json(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"m~n":8,"x":{"0":5}})", {}, document, error));
    CHECK(document.find(0, "") == 0);
    CHECK(document.string(document.find(0, "/foo/1")) == "baz");
    CHECK(document.integer(document.find(0, "/")) == 0);
    CHECK(document.integer(document.find(0, "/a~1b")) == 1);
    CHECK(document.integer(document.find(0, "/m~0n")) == 8);
    CHECK(document.integer(document.find(0, "/x/0")) == 5);
    CHECK(document.find(0, "/foo/2") == JsonDocument::kNone);
    CHECK(document.find(0, "/foo/01") == JsonDocument::kNone);
    CHECK(document.find(0, "/foo/-") == JsonDocument::kNone);
    CHECK(document.find(0, "/foo/0/x") == JsonDocument::kNone);
    CHECK(document.find(0, "foo") == JsonDocument::kNone);
    CHECK(document.find(0, "/m~2n") == JsonDocument::kNone);
}

TEST_CASE("no message about malformed text shows a value") {
    constexpr std::string_view kSecret = "Tr0ub4dor";
    const std::string shapes[] = {
        "{\"p\":\"Tr0ub4dor\\x\"}",
        "{\"p\":\"Tr0ub4dor",
        "{\"p\":Tr0ub4dor}",
        "{\"p\":\"Tr0ub4dor\" x}",
        "{\"p\":'Tr0ub4dor'}",
        "{\"p\":\"Tr0ub4dor\n\"}",
        "{\"p\":\"Tr0ub4dor\"}Tr0ub4dor",
        "[\"Tr0ub4dor\\ud800\"]",
        "Tr0ub4dor",
        "{\"p\" \"Tr0ub4dor\"}",
        "{\"a\":1,\"a\":\"Tr0ub4dor\"}",
    };
    for (const std::string& text : shapes) {
        const JsonError error = refusal(text);
        CHECK(error.message.find(kSecret) == std::string::npos);
        CHECK(error.message.find("Tr0") == std::string::npos);
        CHECK(error.pointer.find("Tr0") == std::string::npos);
    }
}

TEST_CASE("no cut or changed byte crashes or passes for the whole") {
    const std::string text = R"({"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",true,null],"b":{"c":"\n\"\\"}})";
    JsonDocument document;
    JsonError error;
    REQUIRE(parse_json(text, {}, document, error));
    for (std::size_t i = 0; i < text.size(); ++i) CHECK_FALSE(parse_json(text.substr(0, i), {}, document, error));
    std::mt19937 random{23};
    for (int round = 0; round < 20000; ++round) {
        std::string changed = text;
        for (unsigned i = 0; i <= random() % 3; ++i)
            changed[random() % changed.size()] = static_cast<char>(random() % 256);
        const bool accepted = parse_json(changed, {}, document, error);
        // Whatever we accept, the other reader does; it accepts more (duplicates, for one).
        if (accepted) REQUIRE(nlohmann::json::accept(changed));
    }
}

// Manifests, versions, the memory of versions, and whether a compiled pack is what was signed.
#include "keywright/signature.h"

#include "support/compiling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

using namespace keywright;

namespace {

using test::Files;

SigningKey secret() {
    ReadSigningKey read = read_signing_key(test::project_file("tests/cases/trust/minisign.key"));
    REQUIRE(read.key.has_value());
    return std::move(*read.key);
}

// A pack in `desk` with a file beside its folder and a file of tests, signed.
struct Pack {
    Files files;
    SignatureOptions options;

    explicit Pack(const std::string& version = "1.2.0") {
        files.texts["desk/pack.kw"] =
            "edition 1\npack desk { version \"" + version + "\" }\nimport \"rules.kw\"\nimport \"../common/base.kw\"\n";
        files.texts["common/base.kw"] = "edition 1\nschema key {\n    trade: bool\n}\n";
        files.texts["desk/rules.kw"] =
            "edition 1\nimport \"../common/base.kw\"\nparam limit = 3\nrule no_trading {\n    require not trade\n    "
            "message \"no\"\n}\n";
        files.texts["desk/tests/all.kw"] = "edition 1\nimport \"../pack.kw\"\n";
        options.key = secret().verifying_key();
        sign_again();
    }
    [[nodiscard]] Compiled compiled(const std::string& entry = "desk/pack.kw",
                                    std::vector<std::string> also = {}) const {
        CompileOptions how;
        how.also = std::move(also);
        return compile(files, entry, how);
    }
    void sign_again(std::vector<std::string> also = {"desk/tests/all.kw"}) {
        const Compiled pack = compiled("desk/pack.kw", std::move(also));
        REQUIRE(pack.rules.has_value());
        put(to_text(manifest_of(pack)));
    }
    void put(const std::string& manifest) {
        files.texts["desk/keywright.manifest"] = manifest;
        files.texts["desk/keywright.manifest.minisig"] = sign(secret(), manifest, "test");
    }
    [[nodiscard]] std::vector<std::string> codes(const std::string& entry = "desk/pack.kw") const {
        std::vector<std::string> out;
        for (const Diagnostic& d : check_signature(files, compiled(entry), options).diagnostics) out.push_back(d.code);
        return out;
    }
};

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("a manifest lists rules and tests as they lie beside the entry file, and reads back") {
    const Pack pack;
    const ReadManifest read = read_manifest(pack.files.texts.at("desk/keywright.manifest"));
    REQUIRE_MESSAGE(read.manifest.has_value(), read.error);
    CHECK(read.manifest->pack == "desk");
    CHECK(read.manifest->version == "1.2.0");
    CHECK(read.manifest->entry == "pack.kw");
    std::vector<std::string> names;
    for (const ManifestFile& file : read.manifest->files) names.push_back(file.path);
    CHECK(names == std::vector<std::string>{"../common/base.kw", "pack.kw", "rules.kw", "tests/all.kw"});
    REQUIRE(read.manifest->find("tests/all.kw") != nullptr);
    CHECK(read.manifest->find("tests/all.kw")->role == ManifestFile::Role::kTest);
    CHECK(read.manifest->find("rules.kw")->role == ManifestFile::Role::kRules);
    CHECK(read.manifest->find("rules.kw")->bytes == pack.files.texts.at("desk/rules.kw").size());
    CHECK(to_text(*read.manifest) == pack.files.texts.at("desk/keywright.manifest"));
}

TEST_CASE("a manifest can be written in one way only") {
    const std::string good = Pack{}.files.texts.at("desk/keywright.manifest");
    const auto changed = [&](const std::string& from, const std::string& to) {
        std::string out = good;
        const std::size_t at = out.find(from);
        REQUIRE(at != std::string::npos);
        return out.replace(at, from.size(), to);
    };
    const std::string line = good.substr(good.rfind("test "));
    for (const std::string& bad : {std::string{},
                                   std::string{"\n"},
                                   good.substr(0, good.size() - 1),
                                   good + "\n",
                                   good + line,
                                   changed("keywright.manifest/1", "keywright.manifest/2"),
                                   changed("pack desk\n", "pack \n"),
                                   changed("pack desk\n", "pack desk x\n"),
                                   changed("version", "Version"),
                                   changed("entry pack.kw", "entry other.kw"),
                                   changed("entry pack.kw", "entry ../common/base.kw"),
                                   changed("rules ", "rule "),
                                   changed("rules ", "rules  "),
                                   changed("rules ", "rules 0"),
                                   changed("rules ", "rules -"),
                                   changed("sha256:", "sha256:A"),
                                   changed("sha256:", "md5:"),
                                   changed("tests/all.kw", "/tests/all.kw"),
                                   changed("tests/all.kw", "tests/../all.kw"),
                                   changed("tests/all.kw", "tests//all.kw"),
                                   changed("tests/all.kw", "./tests/all.kw"),
                                   changed("tests/all.kw", "tests/"),
                                   changed("tests/all.kw", ".."),
                                   changed("tests/all.kw", "tests\\all.kw"),
                                   changed("tests/all.kw", "tests/a\x1b[31m.kw"),
                                   changed("tests/all.kw", "tests/a\xff.kw"),
                                   changed("tests/all.kw", "tests/all.kw\r"),
                                   changed("tests/all.kw", "a.kw")}) {
        CAPTURE(bad);
        const ReadManifest read = read_manifest(bad);
        CHECK_FALSE(read.manifest.has_value());
        CHECK(read.error != "");
    }
    // A space may stand in a name, and a waiver's file among the others.
    CHECK(read_manifest(changed("tests/all.kw", "tests/all of them.kw")).manifest.has_value());
    CHECK(read_manifest(changed("test ", "waiver ")).manifest.has_value());
}

TEST_CASE("a pack that is as it was signed has a manifest and nothing wrong") {
    const Pack pack;
    const PackSignature check = check_signature(pack.files, pack.compiled(), pack.options);
    CHECK(check.diagnostics.empty());
    REQUIRE(check.manifest.has_value());
    CHECK(check.manifest->version == "1.2.0");
}

TEST_CASE("what is missing beside the pack, or by another key, or changed, is told apart") {
    Pack pack;
    pack.files.texts.erase("desk/keywright.manifest.minisig");
    CHECK(pack.codes() == Codes{"KW8001"});
    pack.files.texts.erase("desk/keywright.manifest");
    CHECK(pack.codes() == Codes{"KW8001"});

    Pack other;
    other.options.key.id[3] ^= 1;
    CHECK(other.codes() == Codes{"KW8002"});

    Pack tampered;
    tampered.files.texts["desk/keywright.manifest"] += ' ';
    CHECK(tampered.codes() == Codes{"KW8003"});
    tampered.files.texts["desk/keywright.manifest.minisig"] = "nonsense";
    CHECK(tampered.codes() == Codes{"KW8003"});

    Pack no_manifest;
    no_manifest.put("nonsense\n");
    CHECK(no_manifest.codes() == Codes{"KW8004"});
}

TEST_CASE("every file counts: changed, added or missing, wherever it lies") {
    for (const char* path : {"desk/pack.kw", "desk/rules.kw", "common/base.kw"}) {
        Pack pack;
        pack.files.texts[path] += "\n";
        CAPTURE(path);
        CHECK(pack.codes() == Codes{"KW8005"});
    }
    Pack added;
    added.files.texts["desk/pack.kw"] += "import \"more.kw\"\n";
    added.files.texts["desk/more.kw"] = "edition 1\n";
    CHECK(added.codes() == Codes{"KW8005", "KW8005"});

    // A file that looks like the value of a parameter is a file.
    Pack hidden;
    hidden.files.texts["desk/pack.kw"] += "import \"--set limit\"\n";
    hidden.files.texts["desk/--set limit"] = "edition 1\n";
    CHECK(hidden.codes() == Codes{"KW8005", "KW8005"});

    // The same text, but a signed file isn't reached any more.
    Pack fewer;
    fewer.files.texts["desk/more.kw"] = "edition 1\n";
    fewer.files.texts["desk/pack.kw"] += "import \"more.kw\"\n";
    fewer.sign_again();
    Manifest manifest = *read_manifest(fewer.files.texts["desk/keywright.manifest"]).manifest;
    manifest.files.push_back({ManifestFile::Role::kRules, "zero.kw", 0, manifest.files.front().digest});
    fewer.put(to_text(manifest));
    const PackSignature check = check_signature(fewer.files, fewer.compiled(), fewer.options);
    REQUIRE(check.diagnostics.size() == 1);
    CHECK(check.diagnostics.front().code == "KW8005");
    CHECK(check.diagnostics.front().message.find("`zero.kw` is missing") == 0);
}

TEST_CASE("values of parameters are no files, and nothing of the signature") {
    const Pack pack;
    CompileOptions options;
    options.params["limit"] = "5";
    const Compiled compiled = compile(pack.files, "desk/pack.kw", options);
    REQUIRE(compiled.rules.has_value());
    CHECK(std::any_of(compiled.files.begin(), compiled.files.end(), [](const Compiled::File& f) { return f.given; }));
    CHECK(check_signature(pack.files, compiled, pack.options).diagnostics.empty());
}

TEST_CASE("a file of the pack by itself decides nothing, but may be run as a test") {
    Pack pack;
    CHECK(pack.codes("desk/tests/all.kw") == Codes{"KW8001"});  // there is no manifest beside it
    pack.options.tests = true;
    CHECK(pack.codes("desk/tests/all.kw").empty());
    CHECK(pack.codes("desk/rules.kw").size() <= 1);
    pack.files.texts["desk/tests/all.kw"] += "\n";
    CHECK(pack.codes("desk/tests/all.kw") == Codes{"KW8005"});
    pack.options.tests = false;
    // Fewer rules than were signed would find less.
    pack.files.texts["desk/part.kw"] = "edition 1\npack desk { version \"1.2.0\" }\nimport \"../common/base.kw\"\n";
    CHECK(pack.codes("desk/part.kw") == Codes{"KW8005", "KW8005"});
    // Tests that aren't signed aren't run.
    Pack without;
    without.sign_again({});
    without.options.tests = true;
    CHECK(without.codes("desk/tests/all.kw").size() == 2);
}

TEST_CASE("a manifest of another pack or version isn't this one's") {
    Pack pack;
    Manifest manifest = *read_manifest(pack.files.texts["desk/keywright.manifest"]).manifest;
    manifest.version = "1.3.0";
    pack.put(to_text(manifest));
    CHECK(pack.codes() == Codes{"KW8004"});
}

TEST_CASE("an older version than one seen before is refused, by this key and of this pack alone") {
    Pack pack;
    const std::string key = pack.options.key.line();
    pack.options.known = {{key, "desk", "1.2.0"}};
    CHECK(pack.codes().empty());
    pack.options.known = {{key, "desk", "1.10.0"}};
    CHECK(pack.codes() == Codes{"KW8006"});
    pack.options.known = {{key, "other", "2.0.0"}, {"RWQ", "desk", "2.0.0"}};
    CHECK(pack.codes().empty());
    pack.options.at_least = "1.2";
    CHECK(pack.codes().empty());
    pack.options.at_least = "1.2.1";
    CHECK(pack.codes() == Codes{"KW8006"});
    Pack beta{"2.0.0-beta"};
    CHECK(beta.codes() == Codes{"KW8007"});
}

TEST_CASE("versions are compared number by number, of any length") {
    using Order = std::strong_ordering;
    const auto order = [](std::string_view a, std::string_view b) {
        const auto forward = compare_versions(a, b);
        const auto back = compare_versions(b, a);
        CHECK(forward.has_value() == back.has_value());
        if (forward) CHECK((*forward == Order::less) == (*back == Order::greater));
        return forward;
    };
    CHECK(order("1.0.0", "1.0.0") == Order::equal);
    CHECK(order("1.0", "1.0.0") == Order::equal);
    CHECK(order("1", "1.0.1") == Order::less);
    CHECK(order("1.9.0", "1.10.0") == Order::less);
    CHECK(order("10", "9.9.9") == Order::greater);
    CHECK(order("99999999999999999999999999999999999999", "100000000000000000000000000000000000000") == Order::less);
    for (const char* bad :
         {"", ".", "1.", ".1", "1..2", "01", "1.02", "1.0-beta", "v1", "1.0+x", " 1", "1 ", "+1", "-1", "1.x", "١"}) {
        CAPTURE(bad);
        CHECK_FALSE(order(bad, "1.0").has_value());
        CHECK_FALSE(order("2.0.0.0", bad).has_value());
    }
}

TEST_CASE("the memory of versions reads back, keeps the newest, and is refused whole") {
    const std::string key = secret().verifying_key().line();
    std::vector<KnownVersion> versions;
    CHECK(remember(versions, {key, "desk", "1.2.0"}));
    CHECK_FALSE(remember(versions, {key, "desk", "1.2.0"}));
    CHECK_FALSE(remember(versions, {key, "desk", "1.1.9"}));
    CHECK(remember(versions, {key, "desk", "1.10.0"}));
    CHECK(remember(versions, {key, "a \"pack\"", "1"}));
    CHECK(versions.size() == 2);
    const std::string text = to_json(versions);
    CHECK(read_known_versions(text).versions == versions);
    CHECK(read_known_versions(text).error == "");

    const std::string entry = R"({"key": ")" + key + R"(", "pack": "desk", "version": "1"})";
    const auto list = [](const std::string& entries) {
        return R"({"schema": "keywright.known-versions/1", "versions": [)" + entries + "]}";
    };
    CHECK(read_known_versions(list(entry)).error == "");
    CHECK(read_known_versions(list("")).error == "");
    for (const std::string& bad :
         {std::string{}, std::string{"{}"}, std::string{"[]"}, text.substr(0, text.size() / 2), text + text,
          list(entry + "," + entry), list("3"), list(R"({"key": "x", "pack": "desk", "version": "1"})"),
          list(R"({"key": ")" + key + R"(", "pack": "desk", "version": "1-beta"})"),
          list(R"({"key": ")" + key + R"(", "pack": "desk"})"),
          list(R"({"key": ")" + key + R"(", "pack": "desk", "version": "1", "more": 1})"),
          std::string{R"({"schema": "keywright.known-versions/2", "versions": []})"},
          std::string{R"({"schema": "keywright.known-versions/1", "versions": {}})"},
          std::string{R"({"schema": "keywright.known-versions/1", "versions": [], "versions": []})"},
          std::string(100000, '[')}) {
        CAPTURE(bad);
        CHECK(read_known_versions(bad).error != "");
        CHECK(read_known_versions(bad).versions.empty());
    }
}

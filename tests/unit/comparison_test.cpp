// `prove` between two packs: which other packs are compiled, from where, and what a mistake in one of them does.
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace keywright;
using test::codes;
using test::Files;
using test::pack_text;

namespace {

const std::string kHead = "edition 1\n";

std::string pack(const std::string& name, const std::string& items) {
    return kHead + "pack " + name + " { version \"1\" }\nschema key { a: bool n: int 0..9 }\n" + items + "\n";
}

std::string compare(const std::string& path, const std::string& name = "p") {
    return "prove \"" + name + "\" { for every key where a: never looser than \"" + path + "\" }\n";
}

// Counts how often each file is read.
class Counting final : public FileSource {
public:
    explicit Counting(const FileSource& files) : files_(files) {}
    mutable std::map<std::string, int> reads;
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override {
        ++reads[path];
        return files_.read(path, limit);
    }

private:
    const FileSource& files_;
};

std::vector<std::string> compared_with(const Compiled& compiled) {
    std::vector<std::string> out;
    if (!compiled.rules) return {"refused"};
    const std::string dump = compiled.rules->dump();
    constexpr std::string_view kLine = "compared with ";
    for (std::size_t at = dump.find(kLine); at != std::string::npos; at = dump.find(kLine, at + 1)) {
        out.push_back(dump.substr(at + kLine.size(), dump.find('\n', at) - at - kLine.size()));
    }
    return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("comparisons are checked, and their paths are normalised as those of imports are") {
    const Files files{{"in/pack.kw", pack("mine", "import \"more/proofs.kw\"") +
                                         "prove \"1\" { for every key: never looser than \"./x/../other.kw\" }\n"
                                         "prove \"2\" { for every key: never stricter than \"other.kw\" }\n"},
                      {"in/more/proofs.kw",
                       kHead + "prove \"3\" { for every key where a and n > 3: same verdict as \"../other.kw\" }"},
                      {"in/other.kw", pack("other", "rule r { require a }")}};
    const Compiled compiled = compile(files, "in/pack.kw");
    CHECK(codes(compiled.diagnostics) == "fine");
    CHECK(compared_with(compiled) == Lines{"in/other.kw: other 1"});
    const std::string dump = compiled.rules.value().dump();
    CHECK(dump.find("prove \"1\"\n  never looser than \"in/other.kw\"\n") != std::string::npos);
    CHECK(dump.find("prove \"2\"\n  never stricter than \"in/other.kw\"\n") != std::string::npos);
    const std::size_t third = dump.find("prove \"3\"\n  where ");
    REQUIRE(third != std::string::npos);
    CHECK(dump.find("  same verdict as \"in/other.kw\"\n", third) != std::string::npos);
}

TEST_CASE("only packs that a proof names are read, each file once") {
    const Files files{{"plain.kw", pack("plain", "import \"shared.kw\"")},
                      {"pack.kw", pack("mine", "import \"shared.kw\"\n" + compare("b.kw", "1") + compare("a.kw", "2") +
                                                   compare("b.kw", "3"))},
                      {"shared.kw", kHead + "rule s { require a }"},
                      {"a.kw", pack("a", "import \"shared.kw\"\nimport \"parts.kw\"")},
                      {"b.kw", pack("b", "import \"parts.kw\"")},
                      {"parts.kw", kHead + "rule p { require n > 3 }"}};
    const Counting plain{files};
    CHECK(compared_with(compile(plain, "plain.kw")).empty());
    CHECK(plain.reads.size() == 2);

    const Counting counting{files};
    const Compiled compiled = compile(counting, "pack.kw");
    CHECK(codes(compiled.diagnostics) == "fine");
    CHECK(compared_with(compiled) == Lines{"a.kw: a 1", "b.kw: b 1"});
    for (const auto& [path, reads] : counting.reads) {
        CAPTURE(path);
        CHECK(reads == 1);
    }
    // All of them are handed out, so that the pack can be compiled again from what it was compiled from.
    std::vector<std::string> paths;
    for (const Compiled::File& file : compiled.files) paths.push_back(file.path);
    CHECK(paths.front() == "pack.kw");
    std::sort(paths.begin(), paths.end());
    CHECK(paths == Lines{"a.kw", "b.kw", "pack.kw", "parts.kw", "shared.kw"});
    // The other pack is not imported: its rules aren't ours, and it may declare what we declare.
    CHECK(compiled.rules.value().rule_names() == Lines{"s"});
}

TEST_CASE("a pack may be compared with itself, and two with each other") {
    CHECK(compared_with(compile_text(pack("mine", compare("rules.kw")))) == Lines{"rules.kw: mine 1"});
    const Files files{{"a.kw", pack("a", compare("b.kw"))}, {"b.kw", pack("b", compare("a.kw"))}};
    CHECK(compared_with(compile(files, "a.kw")) == Lines{"b.kw: b 1"});
    CHECK(compared_with(compile(files, "b.kw")) == Lines{"a.kw: a 1"});
    // An overlay brings the proofs of its base along; those of packs compared with stay where they are.
    const Files chain{{"a.kw", kHead + "pack a { version \"1\" }\nextend \"b.kw\"\n"},
                      {"b.kw", pack("b", compare("c.kw"))},
                      {"c.kw", pack("c", compare("missing.kw"))}};
    CHECK(compared_with(compile(chain, "a.kw")) == Lines{"c.kw: c 1"});
    CHECK(codes(compile(chain, "c.kw").diagnostics) == "KW2005");
}

TEST_CASE("the caller's parameters are those of his pack, not of the one it is compared with") {
    const Files files{{"a.kw", kHead + "pack a { version \"1\" }\nextend \"b.kw\" { set most = 5 }\n" +
                                   "param own = 1\nrule o { require n > own }\n" + compare("b.kw")},
                      {"b.kw", pack("b", "param most = 3\nrule r { require n < most }")}};
    CompileOptions options;
    options.params["own"] = "2";
    CHECK(compared_with(compile(files, "a.kw", options)) == Lines{"b.kw: b 1"});
}

TEST_CASE("a mistake in the other pack refuses this one") {
    const std::string unused = "param unused = 3\n";
    const Files files{{"missing.kw", pack("m", compare("gone.kw") + compare("gone.kw", "again"))},
                      {"no_pack.kw", pack("m", compare("part.kw"))},
                      {"part.kw", kHead + "rule r { require a }"},
                      {"broken.kw", pack("m", unused + compare("bad.kw") + compare("worse.kw", "2"))},
                      {"bad.kw", pack("bad", unused + "import \"shared.kw\"\nrule r { require n }\n")},
                      {"worse.kw", pack("worse", "import \"shared.kw\"\nrule r { requir n }\n")},
                      {"shared.kw", kHead + "rule shared { require zzz }"},
                      {"import.kw", pack("m", compare("import_gone.kw"))},
                      {"import_gone.kw", pack("g", "import \"gone.kw\"")},
                      {"own.kw", pack("m", "rule r { require zzz }\n" + compare("bad.kw") + compare("gone.kw", "2"))},
                      {"warned.kw", pack("m", compare("warns.kw"))},
                      {"warns.kw", pack("w", unused)}};
    const auto refused = [&](const std::string& entry) {
        const Compiled compiled = compile(files, entry);
        CHECK_FALSE(compiled.rules.has_value());
        std::string out;
        for (const Diagnostic& d : compiled.diagnostics) {
            out += d.code + " " + d.labels.at(0).range.file + ":" + std::to_string(d.labels[0].range.line) + "\n";
            // Whoever shows the diagnostic finds its text.
            CHECK(std::any_of(compiled.files.begin(), compiled.files.end(), [&](const Compiled::File& f) {
                return f.path == d.labels[0].range.file && f.text.size() >= d.labels[0].range.end;
            }));
        }
        return out;
    };
    CHECK(refused("missing.kw") == "KW2005 missing.kw:4\n");
    CHECK(refused("no_pack.kw") == "KW2010 part.kw:1\nKW2012 part.kw:1\n");
    // What is wrong with a file of two packs is said once; a warning of another pack isn't ours to pass on.
    CHECK(refused("broken.kw") == "KW2007 broken.kw:4\nKW3001 bad.kw:6\nKW2001 shared.kw:2\nKW1001 worse.kw:5\n");
    CHECK(refused("import.kw") == "KW2005 import_gone.kw:4\n");
    // The first mistake of a pack says why that pack is looked at.
    const Diagnostic why = compile(files, "no_pack.kw").diagnostics.at(0);
    REQUIRE(why.labels.size() == 2);
    CHECK(why.labels[1].range.file == "no_pack.kw");
    CHECK(why.labels[1].text == "a proof compares with that pack");
    // While this pack has errors, no other is looked at.
    CHECK(refused("own.kw") == "KW2001 own.kw:4\n");
    const Compiled warned = compile(files, "warned.kw");
    CHECK(codes(warned.diagnostics) == "fine");
    CHECK(compared_with(warned) == Lines{"warns.kw: w 1"});
}

TEST_CASE("however few diagnostics are kept, a broken pack to compare with refuses") {
    const Files files{{"a.kw", pack("a", compare("bad.kw") + compare("worse.kw", "2"))},
                      {"bad.kw", pack("bad", "rule r { require zzz }\nrule s { require n }")},
                      {"worse.kw", pack("worse", "rule r { require zzz }")}};
    for (std::size_t kept = 0; kept < 4; ++kept) {
        CAPTURE(kept);
        CompileOptions options;
        options.limits.diagnostics = kept;
        const Compiled compiled = compile(files, "a.kw", options);
        CHECK_FALSE(compiled.rules.has_value());
        CHECK_FALSE(compiled.diagnostics.empty());
    }
}

TEST_CASE("a pack and those it is compared with have a bounded number of files") {
    const Files files{{"a.kw", pack("a", "import \"part.kw\"\n" + compare("b.kw", "1") + compare("c.kw", "2"))},
                      {"b.kw", pack("b", "import \"part.kw\"")},
                      {"c.kw", pack("c", "")},
                      {"part.kw", kHead}};
    const auto with = [&](std::size_t limit) {
        CompileOptions options;
        options.limits.rule_files = limit;
        return compile(files, "a.kw", options);
    };
    CHECK(codes(with(5).diagnostics) == "fine");
    for (std::size_t limit = 2; limit <= 4; ++limit) {
        CAPTURE(limit);
        const Compiled compiled = with(limit);
        REQUIRE(codes(compiled.diagnostics) == "KW2014");
        CHECK(compiled.diagnostics[0].message ==
              "the pack and those it is compared with have more than " + std::to_string(limit) + " files");
        CHECK(compiled.diagnostics[0].labels.at(0).range.file == (limit == 3 ? "b.kw" : "a.kw"));
        CHECK_FALSE(compiled.rules.has_value());
    }
    CHECK(with(1).diagnostics.at(0).message == "the pack has more than 1 files");
}

TEST_CASE("other packs stay inside the root too") {
    const auto path = [](const std::string& to) {
        const Files files{{"top/in/pack.kw", pack("a", compare(to))},
                          {"top/other.kw", pack("b", "")},
                          {"top/in/other.kw", pack("c", "")},
                          {"other.kw", pack("d", "")}};
        CompileOptions options;
        options.root = "top";
        return codes(compile(files, "top/in/pack.kw", options).diagnostics);
    };
    CHECK(path("other.kw") == "fine");
    CHECK(path("../other.kw") == "fine");
    CHECK(path("../in/./other.kw") == "fine");
    for (const std::string to : {"../../other.kw", "/other.kw", "", "http://x/other.kw", "..\\\\other.kw",
                                 "other.kw\\u{0}", "top/../../../other.kw"}) {
        CAPTURE(to);
        CHECK(path(to) == "KW2006");
    }
    CHECK(path("in/other.kw") == "KW2005");
}

TEST_CASE("what is wrong with the words of a comparison is told where it is") {
    const auto message = [](const std::string& claim) {
        const Compiled compiled = compile_text(pack("a", "prove \"p\" { for every key: " + claim + " }"));
        REQUIRE(compiled.diagnostics.size() == 1);
        return compiled.diagnostics[0].message;
    };
    CHECK(message("never looser \"rules.kw\"") == "expected `than`, found `\"`");
    CHECK(message("never stricter then \"rules.kw\"") == "expected `than`, found `then`");
    CHECK(message("never looser than rules") == "expected a string, found `rules`");
    CHECK(message("same verdict than \"rules.kw\"") == "expected `as`, found `than`");
    CHECK(message("never looser") == "unknown rule `looser`");
    CHECK(message("always looser than \"rules.kw\"") == "expected `}`, found `than`");
}

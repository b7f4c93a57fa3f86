// Packs of several files: imports, overlays, and where files may come from.
#include "support/compiling.h"

#include <doctest/doctest.h>

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace keywright;
using test::codes;
using test::codes_of;
using test::Files;
using test::pack_text;
namespace fs = std::filesystem;

namespace {

bool has_errors(const Compiled& compiled) {
    for (const Diagnostic& d : compiled.diagnostics) {
        if (d.severity == Severity::kError) return true;
    }
    return false;
}

const std::string kBase =
    pack_text("a: bool\nb: bool?\nn: int 0..9", "param limit = 3\nrule r { require n > limit and a }");

std::string expectation(const Files& files, const std::string& entry = "pack.kw") {
    const Compiled compiled = compile(files, entry);
    CHECK(compiled.rules.has_value() == !has_errors(compiled));
    return codes(compiled.diagnostics);
}

}  // namespace

TEST_CASE("an overlay keeps the rules it extends and sets parameters") {
    const Files files{
        {"base/pack.kw", "edition 1\nimport \"rules.kw\""},
        {"base/rules.kw", kBase},
        {"mine.kw",
         "edition 1\npack mine { version \"2\" title \"m\" }\nextend \"base/pack.kw\" { set limit = 5 }\n"
         "rule more { forbid b else false }"},
        {"theirs.kw", "edition 1\npack theirs { version \"3\" title \"t\" }\nextend \"mine.kw\" { set limit = 7 }"},
        {"none.kw", "edition 1\nextend \"mine.kw\""},
        {"both.kw", "edition 1\npack b { version \"3\" title \"t\" }\nimport \"base/rules.kw\""},
        {"twice.kw",
         "edition 1\npack b { version \"3\" title \"t\" }\nextend \"mine.kw\" { set limit = 7 set limit = 8 }"},
        {"wrong.kw",
         "edition 1\npack b { version \"3\" title \"t\" }\nextend \"mine.kw\" { set limit = \"7\" set limt = 8 }"},
        {"field.kw", "edition 1\npack b { version \"3\" title \"t\" }\nextend \"mine.kw\" { set n = 7 }"}};
    const Compiled mine = compile(files, "mine.kw");
    REQUIRE(mine.rules.has_value());
    CHECK(mine.rules->identity().pack == "mine");
    CHECK(mine.rules->rule_names() == std::vector<std::string>{"r", "more"});
    CHECK(mine.rules->dump().find("param limit: int = 5") != std::string::npos);
    const Compiled theirs = compile(files, "theirs.kw");
    REQUIRE(theirs.rules.has_value());
    CHECK(theirs.rules->identity().pack == "theirs");
    CHECK(theirs.rules->dump().find("param limit: int = 7") != std::string::npos);
    // The caller has the last word.
    CompileOptions options;
    options.params["limit"] = "9";
    CHECK(compile(files, "theirs.kw", options).rules->dump().find("param limit: int = 9") != std::string::npos);
    CHECK(expectation(files, "none.kw") == "KW2010");
    CHECK(expectation(files, "both.kw") == "KW2011");
    CHECK(expectation(files, "twice.kw") == "KW5003");
    CHECK(expectation(files, "wrong.kw") == "KW3001 KW2001");
    CHECK(expectation(files, "field.kw") == "KW2001");
    CHECK(compile(files, "absent.kw").unreadable == std::vector<std::string>{"absent.kw: no such file"});
}

TEST_CASE("files that belong to a pack are compiled along, and are no part of what it is") {
    const std::string tests =
        "edition 1\nimport \"../pack.kw\"\nsample s = key { a: false }\n"
        "test \"t\" { given s at 2026-01-01T00:00:00Z expect r }";
    const Files files{{"pack.kw", kBase},
                      {"tests/one.kw", tests},
                      {"tests/same.kw", tests},
                      {"tests/broken.kw", "edition 1\nimport \"../pack.kw\"\nsample z = key { nothing: 1 }"}};
    const Compiled alone = compile(files, "pack.kw");
    REQUIRE(alone.rules.has_value());
    CHECK(alone.rules->run_tests().empty());
    CompileOptions options;
    options.also = {"tests/one.kw", "tests/one.kw", "pack.kw"};  // each once
    const Compiled along = compile(files, "pack.kw", options);
    INFO(test::describe(along.diagnostics));
    REQUIRE(along.rules.has_value());
    REQUIRE(along.rules->run_tests().size() == 1);
    CHECK(along.rules->run_tests()[0].passed);
    CHECK(along.rules->identity() == alone.rules->identity());
    CHECK(along.files.size() == 2);

    const auto codes_with = [&](std::vector<std::string> also, Limits limits = {}) {
        CompileOptions given;
        given.also = std::move(also);
        given.limits = limits;
        const Compiled compiled = compile(files, "pack.kw", given);
        CHECK(!compiled.rules.has_value());
        return test::codes(compiled.diagnostics);
    };
    CHECK(codes_with({"tests/one.kw", "tests/same.kw"}) == "KW2002 KW2002");
    CHECK(codes_with({"tests/broken.kw"}) == "KW2001");
    Limits one_file;
    one_file.rule_files = 1;
    CHECK(codes_with({"tests/one.kw"}, one_file) == "KW2014");
    options.also = {"tests/none.kw"};
    CHECK(compile(files, "pack.kw", options).unreadable == std::vector<std::string>{"tests/none.kw: no such file"});
}

TEST_CASE("files may not import each other in a circle") {
    const std::string head = "edition 1\n";
    CHECK(expectation({{"pack.kw", kBase + "import \"pack.kw\""}}) == "KW2004");
    CHECK(expectation({{"pack.kw", kBase + "import \"a.kw\""},
                       {"a.kw", head + "import \"b.kw\""},
                       {"b.kw", head + "import \"a.kw\""}}) == "KW2004");
    CHECK(expectation({{"pack.kw", kBase + "import \"x/a.kw\""}, {"x/a.kw", head + "import \"../pack.kw\""}}) ==
          "KW2004");
    // The same file along two ways is read once.
    CHECK(expectation({{"pack.kw", kBase + "import \"a.kw\"\nimport \"b.kw\""},
                       {"a.kw", head + "import \"./c.kw\""},
                       {"b.kw", head + "import \"x/../c.kw\""},
                       {"c.kw", head + "rule c { require a }"}}) == "fine");
}

TEST_CASE("imports stay inside the root") {
    const auto import_of = [](const std::string& path) {
        return expectation(
            {{"pack.kw", kBase + "import \"" + path + "\""}, {"a.kw", "edition 1"}, {"x/a.kw", "edition 1"}});
    };
    CHECK(import_of("a.kw") == "fine");
    CHECK(import_of("x/a.kw") == "fine");
    CHECK(import_of("x/../a.kw") == "fine");
    CHECK(import_of("b.kw") == "KW2005");
    for (const std::string path : {"../a.kw", "x/../../a.kw", "/a.kw", "//a.kw", "", "C:\\\\a.kw", "x\\\\..\\\\a.kw",
                                   "http://x/a.kw", "a.kw\\u{0}", "a\\n.kw", "./../pack.kw"}) {
        CAPTURE(path);
        CHECK(import_of(path) == "KW2006");
    }
    // With a root above the entry's folder, its parent is within reach, and what is above the root isn't.
    const Files files{{"top/in/pack.kw", kBase + "import \"../a.kw\""},
                      {"top/a.kw", "edition 1\nimport \"../b.kw\""},
                      {"b.kw", "edition 1"},
                      {"topping/c.kw", "edition 1"},
                      {"top/in/d.kw", kBase + "import \"../../topping/c.kw\""}};
    CompileOptions options;
    options.root = "top";
    const Compiled compiled = compile(files, "top/in/pack.kw", options);
    REQUIRE(codes(compiled.diagnostics) == "KW2006");
    CHECK(compiled.diagnostics[0].labels.at(0).range.file == "top/a.kw");
    CHECK(codes(compile(files, "top/in/d.kw", options).diagnostics) == "KW2006");
}

TEST_CASE("a pack has a bounded number of files, each of bounded size") {
    Limits limits;
    limits.rule_files = 3;
    CompileOptions options;
    options.limits = limits;
    std::string imports;
    for (const std::string name : {"a", "b", "c"}) imports += "import \"" + name + ".kw\"\n";
    const Files files{
        {"pack.kw", kBase + imports}, {"a.kw", "edition 1"}, {"b.kw", "edition 1"}, {"c.kw", "edition 1"}};
    CHECK(codes(compile(files, "pack.kw", options).diagnostics) == "KW2014");
    CHECK(codes(compile(files, "pack.kw").diagnostics) == "fine");
    options.limits.rule_files = 256;
    options.limits.rule_file_bytes = kBase.size() + 10;
    CHECK(codes(compile(files, "pack.kw", options).diagnostics) == "KW1006");
}

TEST_CASE("an error in any file refuses the pack") {
    const std::string bad = "edition 1\nrule x { require a == 3 }";
    CHECK(expectation({{"pack.kw", kBase + "import \"a.kw\""}, {"a.kw", bad}}) == "KW3001");
    CHECK(expectation({{"pack.kw", kBase + "import \"a.kw\"\nimport \"b.kw\"\nrule y { require zzz }"},
                       {"a.kw", bad},
                       {"b.kw", "editio"}}) == "KW2001 KW3001 KW1001 KW1002");
}

// --- files on disk ---------------------------------------------------------------------------------------------------

namespace {

// A folder of its own, removed at the end.
class Folder {
public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "keywright-test-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data()) == nullptr ? fs::path{} : fs::canonical(pattern);
    }
    ~Folder() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] const fs::path& path() const { return path_; }
    void write(const std::string& name, const std::string& text) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream{path_ / name, std::ios::binary} << text;
    }

private:
    fs::path path_;
};

}  // namespace

TEST_CASE("packs on disk: folders, links and devices") {
    const Folder folder;
    REQUIRE_FALSE(folder.path().empty());
    folder.write("p/pack.kw", kBase + "import \"more/a.kw\"\n");
    folder.write("p/more/a.kw", "edition 1\nrule more { require a }\n");
    folder.write("outside.kw", "edition 1\nrule outside { require a }\n");
    const auto path = [&](const std::string& name) { return (folder.path() / name).string(); };
    const auto result = [&](const std::string& name, const std::string& root = {}) {
        CompileOptions options;
        options.root = root;
        const Compiled compiled = compile_path(path(name), options);
        if (!compiled.unreadable.empty()) return compiled.unreadable[0].substr(path(name).size() + 2);
        return codes(compiled.diagnostics);
    };
    CHECK(result("p") == "fine");
    CHECK(result("p/pack.kw") == "fine");
    CHECK(result("p", path("p")) == "fine");
    CHECK(result("p", path("")) == "fine");
    CHECK(result("p", path("p/more")) == "it lies outside the rules root");
    CHECK(result("p", path("none")).starts_with("the rules root"));
    CHECK(result("q") == "no such file or folder");
    CHECK(result("p/more") == "the folder has no pack.kw");

    // A link inside the root is followed, one that leads out isn't, whatever it is called.
    fs::create_symlink(folder.path() / "outside.kw", folder.path() / "p/link.kw");
    fs::create_directory_symlink(folder.path(), folder.path() / "p/up");
    fs::create_symlink("a.kw", folder.path() / "p/more/same.kw");
    folder.write("p/1.kw", kBase + "import \"link.kw\"\n");
    folder.write("p/2.kw", kBase + "import \"up/outside.kw\"\n");
    folder.write("p/3.kw", kBase + "import \"more/same.kw\"\n");
    CHECK(result("p/1.kw") == "KW2005");
    CHECK(result("p/2.kw") == "KW2005");
    CHECK(result("p/3.kw") == "fine");
    CHECK(result("p/1.kw", path("")) == "fine");
    // The entry itself may be a link; its own folder is then the root.
    fs::create_symlink(folder.path() / "p/pack.kw", folder.path() / "entry.kw");
    CHECK(result("entry.kw") == "fine");
    fs::create_symlink("loop.kw", folder.path() / "loop.kw");
    CHECK(compile_path(path("loop.kw")).unreadable.size() == 1);

    // Only regular files are read.
    folder.write("p/4.kw", kBase + "import \"more\"\n");
    CHECK(result("p/4.kw") == "KW2005");
    fs::create_symlink("/dev/zero", folder.path() / "p/zero.kw");
    folder.write("p/5.kw", kBase + "import \"zero.kw\"\n");
    CHECK(result("p/5.kw") == "KW2005");
    const Compiled device = compile_path("/dev/zero");
    CHECK_FALSE(device.rules.has_value());
    CHECK(device.unreadable.size() == 1);
}

TEST_CASE("a text in memory has no other files") {
    CHECK(codes_of(kBase + "import \"a.kw\"") == "KW2005");
    CHECK(codes_of(kBase + "import \"rules.kw\"") == "KW2004");
    CHECK(codes_of(kBase) == "fine");
}

#include "layering/layering.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using keywright::layering::check_sources;
using keywright::layering::code_only;
using keywright::layering::read_sources;
using keywright::layering::Sources;

namespace {

// The findings on one file alone.
std::vector<std::string> findings(const std::string& path, const std::string& text) {
    return check_sources({{path, text}});
}

}  // namespace

TEST_CASE("the sources keep the order of the layers") {
    const Sources sources = read_sources(KEYWRIGHT_SOURCE_DIR);
    REQUIRE(sources.contains("include/keywright/rules.h"));
    REQUIRE(sources.contains("lib/ir/ir.h"));
    for (const std::string& finding : check_sources(sources)) FAIL_CHECK(finding);
}

TEST_CASE("a layer includes those below it and the public headers") {
    CHECK(findings("lib/base/a.cpp", "#include \"base/a.h\"\n#include \"keywright/time.h\"\n#include <string>\n")
              .empty());
    CHECK(findings("lib/check/a.cpp", "#include \"syntax/tree.h\"\n#include \"ir/ir.h\"\n").empty());
    CHECK(findings("lib/analysis/a.h", "#include \"eval/reference.h\"\n").empty());
    CHECK(findings("lib/engine/a.cpp", "#include \"report/text.h\"\n#include \"input/reader.h\"\n").empty());
    CHECK(findings("lib/report/a.cpp", "#include <fmt/format.h>\n#include <nlohmann/json.hpp>\n").empty());
    CHECK(findings("tools/keywright/a.cpp", "#include \"verbs.h\"\n#include <CLI/CLI.hpp>\n#include <iostream>\n")
              .empty());
}

TEST_CASE("an include against the order is found with its line") {
    CHECK(findings("lib/base/a.cpp", "\n  #  include \"value/time.h\"\n") ==
          std::vector<std::string>{"lib/base/a.cpp:2: base includes `value/time.h`, but value is not below it"});
    for (const char* text : {"#include \"input/reader.h\"", "#include \"check/check.h\"", "#include \"syntax/tree.h\"",
                             "#include \"report/text.h\"", "#include \"analysis/explain.h\""}) {
        CAPTURE(text);
        CHECK(findings("lib/eval/a.h", text).size() == 1);
    }
    CHECK(findings("lib/input/a.cpp", "#include \"eval/reference.h\"").size() == 1);
    CHECK(findings("lib/diag/a.cpp", "#include \"value/time.h\"").size() == 1);
    CHECK(findings("lib/ir/a.cpp", "#include \"syntax/tree.h\"").size() == 1);
    CHECK(findings("lib/report/a.cpp", "#include \"engine/engine.h\"").size() == 1);
    CHECK(findings("lib/analysis/a.cpp", "#include \"analysis.h\"").size() == 1);
    CHECK(findings("lib/magic/a.cpp", "#include <string>").size() == 1);
    CHECK(findings("lib/value/a.cpp", "#include <sodium.h>").size() == 1);
    CHECK(findings("lib/trust/a.cpp", "#include <sodium.h>\n#include \"input/json.h\"\n").empty());
    CHECK(findings("lib/report/a.cpp", "#include \"trust/minisign.h\"").size() == 1);
    CHECK(findings("lib/value/a.cpp", "#include <iostream>").size() == 1);
    CHECK(findings("lib/smt/a.h", "#include <z3++.h>\n#include \"logic/question.h\"\n").empty());
    CHECK(findings("lib/logic/a.cpp", "#include <z3++.h>").size() == 1);
    CHECK(findings("lib/smt/a.cpp", "#include \"input/reader.h\"").size() == 1);
}

TEST_CASE("tools and public headers see the public headers only") {
    CHECK(findings("tools/keywright/a.cpp", "#include \"ir/ir.h\"").size() == 1);
    CHECK(findings("tools/keywright/a.cpp", "#include <tao/pegtl.hpp>").size() == 1);
    CHECK(findings("include/keywright/a.h", "#include \"base/ids.h\"").size() == 1);
    CHECK(findings("include/keywright/a.h", "#include <nlohmann/json_fwd.hpp>").size() == 1);
    CHECK(findings("include/keywright/a.h", "#include <fmt/core.h>").size() == 1);
    CHECK(findings("include/keywright/a.h", "#include <sodium.h>").size() == 1);
    CHECK(findings("include/keywright/a.h", "#include <map>\n#include \"keywright/time.h\"").empty());
}

TEST_CASE("one source file reaches PEGTL") {
    const std::string pegtl = "#include <tao/pegtl.hpp>\n#include <tao/pegtl/contrib/analyze.hpp>\n";
    const std::string grammar = "#include \"syntax/grammar.h\"\n";
    CHECK(check_sources({{"lib/syntax/parser.cpp", pegtl}}).empty());
    CHECK(check_sources({{"lib/syntax/parser.cpp", pegtl}, {"lib/syntax/second.cpp", pegtl}}).size() == 2);
    CHECK(check_sources({{"lib/syntax/grammar.h", pegtl}, {"lib/syntax/parser.cpp", grammar}}).empty());
    CHECK(check_sources({{"lib/syntax/grammar.h", pegtl},
                         {"lib/syntax/parser.cpp", grammar},
                         {"lib/syntax/another.h", grammar},
                         {"lib/syntax/second.cpp", "#include \"syntax/another.h\"\n"}})
              .size() == 2);
}

TEST_CASE("the library doesn't print, exit, throw or read the clock") {
    for (const char* text : {"std::cout << 1;", "std::cerr << 1;", "printf(\"x\");", "std::fprintf (stderr, \"x\");",
                             "std::exit(1);", "abort();", "auto t = std::chrono::system_clock::now();",
                             "auto t = std::time(nullptr);", "throw 1;", "if (x) throw;"}) {
        CAPTURE(text);
        CHECK(findings("lib/eval/a.cpp", text).size() == 1);
        CHECK(findings("tools/keywright/a.cpp", text).empty());
    }
}

TEST_CASE("words that only look forbidden are left alone") {
    for (const char* text :
         {"std::snprintf(b, n, \"%d\", 1);", "on_exit(1);", "bool exit = true;", "// never throw here",
          "/* std::cout */ int i;", "const char* help = \"throw it away, std::cout\";", "rethrow_count = 2;",
          "char c = '\"'; // throw", "auto s = R\"(throw std::cout)\";", "int n = 1'000'000;"}) {
        CAPTURE(text);
        CHECK(findings("lib/eval/a.cpp", text).empty());
    }
}

TEST_CASE("code is told from comments and literals") {
    CHECK(code_only("a /* b\nc */ d // e\nf") == "a     \n     d     \nf");
    CHECK(code_only("x = \"a\\\"b\"; throw") == "x = \"    \"; throw");
    CHECK(code_only("c = '\\''; throw") == "c = '  '; throw");
    CHECK(code_only("n = 1'000; throw") == "n = 1'000; throw");
    CHECK(code_only("R\"x(a)\" )x\" b") == "            b");
    CHECK(code_only("#include \"a/b.h\" // c") == "#include \"a/b.h\"     ");
    CHECK(code_only("\"open\nthrow").ends_with("\nthrow"));
}

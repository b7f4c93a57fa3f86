// `test --generate` as a user runs it.
#include "program.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using keywright::cli::Folder;
using keywright::cli::Result;
using keywright::cli::Run;
using keywright::cli::run;

namespace {

const std::string kPack = R"(edition 1

pack desk { version "1" }

schema key {
    permissions: set of { read, trade, withdraw } = {}
    ips:         set of network = {}
    orders:      int 0..20
}

rule withdraw_needs_ip {
    severity error
    when     withdraw in permissions
    require  ips is not empty
    message  "withdrawing needs an address"
}

rule few_orders {
    severity warning
    require  orders < 7
    message  "too many"
}
)";

const std::string kTests = R"(edition 1

import "../pack.kw"

sample reader = key { permissions: {read}, orders: 1 }

test "a reader is fine" {
    given reader
    at 2026-01-01T00:00:00Z expect none, not_applicable withdraw_needs_ip
}
)";

struct Project : Folder {
    Project() {
        write("rules/desk/pack.kw", kPack);
        write("rules/desk/tests/some.kw", kTests);
    }
    Result operator()(const std::string& line) const {
        Run how;
        how.folder = path();
        return run(line, how);
    }
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("generate writes the tests that are missing, and with them nothing is missing") {
    const Project project;
    CHECK(project("test --mutants rules/desk").status == 1);
    const Result shown = project("test --generate rules/desk");
    CHECK(shown.status == 0);
    CHECK(shown.out.starts_with("edition 1\n\nimport \"pack.kw\"\nimport \"tests/some.kw\"\n"));
    CHECK(holds(shown.out, "given reader with { orders: 7 }"));
    CHECK(holds(shown.err, "with all tests 100.0 % covered"));

    const Result written = project("test --generate --output rules/desk/tests/more.kw rules/desk");
    CHECK(written.status == 0);
    CHECK(written.out.empty());
    CHECK(holds(project.read("rules/desk/tests/more.kw"), "import \"../pack.kw\"\nimport \"some.kw\"\n"));
    CHECK(project("fmt --check rules/desk/tests/more.kw").status == 0);
    CHECK(project("test rules/desk").status == 0);
    CHECK(project("test --coverage --threshold 100 rules/desk").status == 0);
    CHECK(project("test --mutants --threshold 100 rules/desk").status == 0);

    // Wherever one stands, and however the file is named.
    CHECK(std::filesystem::remove(project.path() + "/rules/desk/tests/more.kw"));
    Run inside;
    inside.folder = project.path() + "/rules/desk/tests";
    CHECK(run("test --generate ../../desk", inside).out == shown.out);
    CHECK(run("test --generate --output " + project.path() + "/rules/desk/more.kw ../../desk", inside).status == 0);
    CHECK(holds(project.read("rules/desk/more.kw"), "import \"pack.kw\"\nimport \"tests/some.kw\"\n"));
    CHECK(run("test --generate --output ../../../outside.kw ../../desk", inside).status == 64);

    const Result nothing = project("test --generate rules/desk");
    CHECK(nothing.status == 0);
    CHECK(nothing.out.empty());
    CHECK(holds(nothing.err, "nothing is missing"));
    CHECK(project("test --generate --quiet rules/desk").err.empty());
}

TEST_CASE("generate leaves alone what is there, and says what it can't do") {
    const Project project;
    const std::string before = project.read("rules/desk/tests/some.kw");
    CHECK(project("test --generate --output rules/desk/tests/some.kw rules/desk").status == 64);
    CHECK(project.read("rules/desk/tests/some.kw") == before);
    for (const std::string other : {"--mutants", "--coverage", "--threshold 50", "--watch", "--update", "--filter a",
                                    "--format json", "--format junit"}) {
        CAPTURE(other);
        CHECK(project("test --generate " + other + " rules/desk").status == 64);
    }
    CHECK(project("test --generate nowhere").status == 74);
    project.write("rules/other/pack.kw", kPack);
    CHECK(project("test --generate rules").status == 64);
    CHECK(project("test --generate rules/other").status == 0);  // from nothing
    project.write("rules/desk/tests/broken.kw", "edition 1\nimport \"../pack.kw\"\ntest \"b\" { given nobody }\n");
    CHECK(project("test --generate rules/desk").status == 3);
}

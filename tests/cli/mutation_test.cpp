// `test --mutants` as a user runs it.
#include "program.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace keywright::cli;

using Json = nlohmann::json;

namespace {

const std::string kPack = R"(edition 1

pack desk { version "1" }

schema key {
    orders: int 0..100
    paused: bool
}

rule few_orders {
    severity error
    when     not paused
    require  orders < 5
    message  "too many orders"
}

sample some = key { orders: 0, paused: false }
)";

const std::string kTests = R"(edition 1

import "pack.kw"

test "four are few" {
    given some with { orders: 4 }
    at 2026-01-01T00:00:00Z expect passes few_orders
}

test "what is paused may be busy" {
    given some with { orders: 50, paused: true }
    at 2026-01-01T00:00:00Z expect not_applicable few_orders
}
)";

const std::string kBoundary = R"(edition 1

import "pack.kw"

test "five are many" {
    given some with { orders: 5 }
    at 2026-01-01T00:00:00Z expect few_orders as error
}
)";

}  // namespace

TEST_CASE("mutants that survive are shown as differences of the source, with a record that kills them") {
    const Folder folder;
    folder.write("desk/pack.kw", kPack);
    folder.write("desk/tests.kw", kTests);
    const Result weak = folder("test --mutants desk");
    CHECK(weak.status == 1);
    CHECK(holds(weak.out,
                "✗ survived  few_orders/comparison/1  desk/pack.kw:13\n"
                "    `orders < 5` becomes `orders <= 5`\n"
                "--- desk/pack.kw\n"
                "+++ desk/pack.kw\n"));
    CHECK(holds(weak.out, "-    require  orders < 5\n+    require  orders <= 5\n"));
    CHECK(holds(weak.out, "    killed by  {\"orders\":5,\"paused\":false}\n"));
    CHECK(holds(weak.out, "    because    few_orders: violated (error); with the mistake: pass\n"));
    CHECK(holds(weak.out, "2 tests: "));
    CHECK(folder("test --mutants --threshold 40 desk").status == 0);
    CHECK(folder("test --mutants --threshold 100 desk").status == 1);
    CHECK(folder("test --mutants --fail-on never desk").status == 0);

    // Tests of several files count together.
    folder.write("desk/boundary.kw", kBoundary);
    const Result strong = folder("test --mutants desk");
    CAPTURE(strong.out);
    CHECK(strong.status == 0);
    CHECK(holds(strong.out, "3 tests: "));
    CHECK(holds(strong.out, ", 0 survived; score 100.0 %\n"));
}

TEST_CASE("mutants for programs") {
    const Folder folder;
    folder.write("desk/pack.kw", kPack);
    folder.write("desk/tests.kw", kTests);
    const Result json = folder("test --mutants --format json desk");
    CHECK(json.status == 1);
    const Json document = Json::parse(json.out);
    CHECK(document.at("schema") == "keywright.mutation/1");
    const Json& pack = document.at("packs").at(0);
    CHECK(pack.at("tests") == 2);
    const Json& counts = pack.at("counts");
    std::size_t counted = 0;
    for (const auto& [state, count] : counts.items()) counted += count.get<std::size_t>();
    CHECK(counted == pack.at("mutants").size());
    bool found = false;
    for (const Json& mutant : pack.at("mutants")) {
        if (mutant.at("id") != "few_orders/drop_when/1") continue;
        found = true;
        CHECK(mutant.at("state") == "killed");
        CHECK(mutant.at("killed_by") == "what is paused may be busy");
        CHECK(mutant.at("before") == "when     not paused");
        CHECK(mutant.at("after") == "");
        CHECK(mutant.at("at").at("line") == 12);
    }
    CHECK(found);
    const Result compact = folder("test --mutants --format compact desk");
    CHECK(compact.out.starts_with("desk/pack.kw:"));
    CHECK(holds(compact.out, ": mutant survived: few_orders/comparison/1: `orders < 5` becomes `orders <= 5`\n"));
    CHECK(holds(folder("test --mutants --format github desk").out, "::warning file=desk/pack.kw,line=13"));
    CHECK(Json::parse(run("schema mutation").out).at("title") == "keywright.mutation/1");
}

TEST_CASE("what mutants can't be put to") {
    const Folder folder;
    folder.write("desk/pack.kw", kPack);
    CHECK(folder("test --mutants desk/pack.kw").status == 64);  // there is no test
    folder.write("desk/tests.kw", kTests);
    CHECK(folder("test --mutants --filter few desk").status == 64);
    CHECK(folder("test --mutants --threshold 101 desk").status == 64);
    CHECK(folder("test --mutants --threshold most desk").status == 64);
    folder.write("desk/wrong.kw",
                 "edition 1\nimport \"pack.kw\"\ntest \"wrong\" { given some with { orders: 9 } at "
                 "2026-01-01T00:00:00Z expect passes few_orders }\n");
    const Result wrong = folder("test --mutants --threshold 1 desk");
    CHECK(wrong.status == 1);
    CHECK(holds(wrong.out, "✗ fails without a mistake  wrong\n"));
    folder.write("desk/broken.kw", "edition 1\nimport \"pack.kw\"\ntest \"broken\" { given nothing }\n");
    CHECK(folder("test --mutants desk").status == 3);
}

TEST_CASE("what samples and tests give as values is not shown around a mistake") {
    const Folder folder;
    folder.write("pack.kw", R"(edition 1
pack desk { version "1" }
schema key { token: secret? = absent  n: int 0..9 }
sample s = key { token: "canary-one", n: 1 }
rule few {
    severity error
    require n < 5
    message "shown"
}
test "json" {
    given json """{ "token": "canary-two", "n": 1 }"""
    at 2026-01-01T00:00:00Z expect passes few
}
rule long {
    severity error
    when    token is present
    require length(token) > 4
    message "m"
}
test "row" {
    given s
    at 2026-01-01T00:00:00Z
    table {
        | token        -> expect
        | "canary-row" -> passes long
    }
}
)");
    const Run here{{}, folder.path(), {}, {}, false};
    for (const std::string format : {"pretty", "compact", "json", "github"}) {
        CAPTURE(format);
        const Result result = run("test --mutants --format " + format + " pack.kw", here);
        CHECK(result.status == 1);
        CHECK(result.out.find("canary") == std::string::npos);
        CHECK(result.err.find("canary") == std::string::npos);
    }
    CHECK(run("test --mutants pack.kw", here).out.find("+    require n <= 5") != std::string::npos);
}

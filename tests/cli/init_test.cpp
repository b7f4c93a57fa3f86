// `keywright init`: a new pack that passes everything; and the files for continuous integration.
#include "program.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace keywright::cli;

namespace {

std::string source_file(const std::string& name) {
    std::ifstream file(std::string(KEYWRIGHT_SOURCE_DIR) + "/" + name, std::ios::binary);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const std::vector<std::string> kFiles = {"document.kw", "keywright.toml", "pack.kw",
                                         "rules.kw",    "schema.kw",      "tests.kw"};

// The lines of a text that call keywright, each from its verb on. In action.yml the command is a variable.
std::vector<std::string> calls_in(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        for (const std::string start : {"run: keywright ", "entry: keywright ", "\"$KEYWRIGHT\" "}) {
            const std::size_t at = line.find(start);
            if (at != std::string::npos) out.push_back(line.substr(at + start.size()));
        }
    }
    return out;
}

}  // namespace

TEST_CASE("a new pack passes every check there is") {
    const Folder folder;
    const Result made = folder("init desk");
    REQUIRE_MESSAGE(made.status == 0, made.err);
    Run in;
    in.folder = folder.path() + "/desk";
    for (const std::string line :
         {"fmt --check .", "test", "test --coverage --threshold 100 .", "test --mutants --threshold 100 .",
          "prove --findings --fail-on info .", "lint --fail-on info .", "trace ."}) {
        CAPTURE(line);
        const Result result = run(line, in);
        CHECK_MESSAGE(result.status == 0, result.out, result.err);
    }
    in.input = R"({"transfers": true, "addresses": []})";
    CHECK(run("check", in).status == 1);
    in.input = R"({"transfers": true})";
    CHECK(run("check", in).status == 2);
}

TEST_CASE("a new pack is that of the repository, under the folder's name") {
    const Folder folder;
    CHECK(folder("init my_keys").status == 0);
    for (const std::string& name : kFiles) {
        CAPTURE(name);
        CHECK(folder.read("my_keys/" + name) == source_file("tools/keywright/init/" + name));
    }
    const std::vector<std::pair<std::string, std::string>> names = {{"Desk", "desk"},    {"9-lives", "lives"},
                                                                    {"a--b", "a_b"},     {"rule", "rule"},
                                                                    {"and", "and_pack"}, {"\xc3\xa9", "my_keys"}};
    for (const auto& [given, pack] : names) {
        CAPTURE(given);
        const Result made = folder("init " + given);
        CHECK(made.status == 0);
        const std::string text = folder.read(given + "/pack.kw");
        Run in;
        in.folder = folder.path() + "/" + given;
        CHECK(run("test", in).status == 0);
        if (given != "rule") CHECK(holds(text, "\npack " + pack + " {"));
    }
}

TEST_CASE("nothing is overwritten, and it is all or nothing") {
    for (const std::string& name : kFiles) {
        const Folder folder;
        folder.write("desk/" + name, "mine");
        CAPTURE(name);
        const Result refused = folder("init desk");
        CHECK(refused.status == 74);
        CHECK(refused.out == "");
        CHECK(holds(refused.err, "desk/" + name));
        CHECK(folder.read("desk/" + name) == "mine");
        CHECK(std::distance(std::filesystem::directory_iterator(folder.path() + "/desk"), {}) == 1);
    }
    const Folder folder;
    folder.write("file", "");
    CHECK(folder("init file/desk").status == 74);
    CHECK(folder("init a b").status == 64);
    CHECK(folder("init --ci gitlab a").status == 64);
    CHECK(folder.names() == std::vector<std::string>{"file"});
    // A link that leads nowhere is something, too.
    std::filesystem::create_directory(folder.path() + "/linked");
    std::filesystem::create_symlink("nowhere", folder.path() + "/linked/pack.kw");
    CHECK(folder("init linked").status == 74);
    // What is there besides stays.
    folder.write("kept/notes.txt", "mine");
    CHECK(folder("init kept").status == 0);
    CHECK(folder.read("kept/notes.txt") == "mine");
}

TEST_CASE("a workflow is written on request") {
    const Folder folder;
    CHECK(folder("init --ci github desk").status == 0);
    CHECK(folder.read("desk/.github/workflows/keywright.yml") == source_file("tools/keywright/init/workflow.yml"));
    CHECK(folder("init plain").status == 0);
    CHECK_FALSE(std::filesystem::exists(folder.path() + "/plain/.github"));
}

TEST_CASE("every call of keywright in the files for CI is one that it takes") {
    const Folder folder;
    REQUIRE(folder("init desk").status == 0);
    Run in;
    in.folder = folder.path() + "/desk";
    std::size_t run_here = 0;
    for (const char* file : {".pre-commit-hooks.yaml", "action.yml", "tools/keywright/init/workflow.yml"}) {
        const std::vector<std::string> calls = calls_in(source_file(file));
        CAPTURE(file);
        CHECK(calls.size() >= 3);
        for (std::string call : calls) {
            CAPTURE(call);
            call = call.substr(0, call.find(" || "));
            for (const auto& [variable, value] :
                 std::vector<std::pair<std::string, std::string>>{{"\"$RULES\"", "."},
                                                                  {"\"$FAIL_ON\"", "error"},
                                                                  {"\"$SARIF_FILE\"", "a.sarif"},
                                                                  {"\"$TRACE_FILE\"", "a.html"}}) {
                if (holds(call, variable)) call = replaced(call, variable, value);
            }
            const Result result = run(call, in);
            CHECK_MESSAGE(result.status == 0, result.err);
            ++run_here;
        }
    }
    CHECK(run_here >= 6);
}

TEST_CASE("inputs of the action reach the shell as variables alone") {
    std::istringstream lines(source_file("action.yml"));
    bool in_script = false;
    std::size_t script_indent = 0, scripts = 0;
    for (std::string line; std::getline(lines, line);) {
        const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
        if (in_script && indent <= script_indent && !line.empty()) in_script = false;
        if (in_script) {
            CAPTURE(line);
            CHECK_FALSE(holds(line, "${{"));
        }
        if (holds(line, "run: |")) {
            in_script = true;
            script_indent = indent;
            ++scripts;
        } else if (holds(line, "run:")) {
            CHECK_FALSE(holds(line, "${{"));
        }
    }
    CHECK(scripts == 5);
}

// Only where Python's YAML is there.
TEST_CASE("the files for CI are YAML, and their scripts are the shell's") {
    Run how;
    const auto python = [&](const std::vector<std::string>& words) {
        return run_program("/usr/bin/python3", words, how);
    };
    if (!std::filesystem::exists("/usr/bin/python3") || python({"-c", "import yaml"}).status != 0) {
        MESSAGE("python3-yaml is not installed");
        return;
    }
    const Result read = python({"-c", R"(
import yaml, sys
load = lambda name: yaml.safe_load(open(name))
hooks = load('.pre-commit-hooks.yaml')
assert [h['id'] for h in hooks] == ['keywright-fmt', 'keywright-test', 'keywright-lint'], hooks
assert all(h['language'] == 'system' and h['entry'].startswith('keywright ') for h in hooks)
action = load('action.yml')
assert action['runs']['using'] == 'composite'
assert {'path', 'fail-on', 'sarif-file'} <= set(action['inputs'])
ids = {s.get('id') for s in action['runs']['steps']}
for name, out in action['outputs'].items():
    assert out['value'].split('.')[1] in ids, name
example = load('examples/ci/keywright.yml')
steps = example['jobs']['keywright']['steps']
used = [s for s in steps if 'keywright@' in s.get('uses', '')]
assert len(used) == 1 and set(used[0]['with']) <= set(action['inputs'])
assert any('upload-sarif' in s.get('uses', '') for s in steps)
workflow = load('tools/keywright/init/workflow.yml')
for step in action['runs']['steps'] + workflow['jobs']['rules']['steps']:
    if 'run' in step: print(step['run'] + '\0', end='')
)"});
    CHECK_MESSAGE(read.status == 0, read.err);
    std::istringstream scripts(read.out);
    std::size_t count = 0;
    for (std::string script; std::getline(scripts, script, '\0'); ++count) {
        const Folder folder;
        const std::string path = folder.write("step.sh", "#!/bin/bash\n" + script);
        CAPTURE(script);
        const Result syntax = run_program("/bin/bash", {"-n", path}, how);
        CHECK_MESSAGE(syntax.status == 0, syntax.err);
        if (std::filesystem::exists("/usr/bin/shellcheck")) {
            const Result checked = run_program("/usr/bin/shellcheck", {path}, how);
            CHECK_MESSAGE(checked.status == 0, checked.out);
        }
    }
    CHECK(count >= 10);
}

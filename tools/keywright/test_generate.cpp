#include "test_generate.h"

#include "entries.h"
#include "files.h"
#include "messages.h"
#include "numbers.h"
#include "pack.h"

#include "keywright/generate.h"
#include "keywright/render_coverage.h"
#include "keywright/text.h"

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace keywright::command {

namespace {

// Where the tests will lie as one would type it from here; without --output beside the pack.
[[nodiscard]] std::string path_of(const Settings& settings, const Suite& suite) {
    if (settings.output) return *settings.output;
    return (std::filesystem::path{suite.entry}.parent_path() / "generated.kw").generic_string();
}

[[nodiscard]] std::filesystem::path whole_path(const std::string& path) {
    std::error_code error;
    const std::filesystem::path whole = std::filesystem::weakly_canonical(std::filesystem::absolute(path), error);
    if (error) fail(Status::kFile, "`" + printable(path) + "` can't be found: " + error.message());
    return whole;
}

// A file that is there is tests that someone may have edited, and a part of the pack.
void refuse_existing(const std::string& path) {
    if (is_file(path) || is_folder(path))
        fail(Status::kUsage, "`" + printable(path) + "` is there already, and nothing is written over it",
             "name another file, or move its tests; only what is missing is generated");
}

void tell(const GeneratedTests& generated, const Settings& settings) {
    for (const std::string& open : generated.open) write_error("open: " + printable(open, 400) + '\n');
    if (settings.quiet) return;
    write_error(
        (generated.tests == 0 ? std::string{"nothing is missing"} : std::to_string(generated.tests) + " tests made") +
        "; with all tests " + percent(generated.covered) + " % covered, " + std::to_string(generated.killed) + " of " +
        std::to_string(generated.mutants) + " mutants noticed\n");
}

}  // namespace

Status run_generate(const Arguments& arguments, const Settings& settings) {
    if (arguments.mutants || arguments.coverage || arguments.threshold || arguments.watch || arguments.update ||
        !arguments.filter.empty())
        fail(Status::kUsage, "`--generate` goes with no other job of `test`",
             "it takes --output, --set, --steps and paths");
    if (settings.format != Format::kPretty || !settings.own_format.empty())
        fail(Status::kUsage, "`--generate` writes a rule file, so it has no `--format`");
    const std::vector<Suite> suites = find_suites(paths_of(arguments, settings));
    if (suites.size() != 1)
        fail(Status::kUsage,
             suites.empty() ? "there is no pack here" : "tests are made for one pack at a time, and here are several",
             "name the folder of a pack");
    const std::string path = path_of(settings, suites.front());
    if (settings.output) refuse_existing(path);
    std::vector<Pack> packs = compile_all(suites, settings, "no test was made");
    Pack& pack = packs.front();
    // Imports are found from one file to the other, so both are named from the same place.
    const std::filesystem::path whole = whole_path(path);
    if (whole.lexically_relative(pack.root).generic_string().starts_with(".."))
        fail(Status::kUsage, "`" + printable(path) + "` lies outside the rules root, so it can't import the pack",
             "name a file in or below `" + printable(pack.root) + "`");
    for (Compiled::File& file : pack.compiled.files) {
        if (!file.path.starts_with("--set ")) file.path = whole_path(file.path).generic_string();
    }
    GenerateOptions options;
    options.path = whole.generic_string();
    options.budget = budget_of(arguments);
    const GeneratedTests generated = generate_tests(pack.compiled, options);
    if (!generated.fault.empty()) fail(Status::kFault, "generated tests were not written: " + generated.fault);
    if (!generated.text.empty()) {
        Output out{settings.output};
        out.write(generated.text);
        out.finish();
    }
    tell(generated, settings);
    return generated.open.empty() ? Status::kClean : Status::kUndetermined;
}

}  // namespace keywright::command

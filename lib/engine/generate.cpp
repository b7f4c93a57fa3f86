// Tests that a pack lacks, as the public header tells it.
#include "analysis/generate.h"
#include "engine/solvers.h"
#include "engine/state.h"
#include "keywright/generate.h"
#include "keywright/mutation.h"
#include "keywright/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

namespace keywright {

namespace {

// The pack's own files and the one that is made, without a disk.
class Files final : public FileSource {
public:
    explicit Files(const std::vector<Compiled::File>& files) {
        for (const Compiled::File& file : files) files_.emplace(file.path, &file.text);
    }
    void add(const std::string& path, const std::string& text) { files_[path] = &text; }
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override {
        const auto found = files_.find(path);
        if (found == files_.end()) return {std::nullopt, "no such file"};
        return {found->second->substr(0, limit + 1), {}};
    }

private:
    std::map<std::string, const std::string*> files_;
};

[[nodiscard]] bool is_file(const Compiled::File& file) { return !file.path.starts_with("--set "); }

[[nodiscard]] std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

class Writer {
public:
    Writer(const Compiled& compiled, const GenerateOptions& options) : compiled_(compiled), options_(options) {}

    [[nodiscard]] std::string file(const analysis::Generated& generated) const {
        std::string out = "edition 1\n\n";
        for (const std::string& path : imports(generated)) out += "import " + quoted(path) + "\n";
        out += "\n// Made by `keywright test --generate`: what the other tests of the pack don't show.\n";
        for (const std::string& sample : generated.samples) out += "\n" + sample + "\n";
        for (const analysis::GeneratedTest& test : generated.tests) out += "\n" + block(test);
        return out;
    }

private:
    [[nodiscard]] std::vector<std::string> imports(const analysis::Generated& generated) const {
        const std::filesystem::path folder = std::filesystem::path{options_.path}.parent_path();
        std::set<std::string> further;
        const std::string& entry = compiled_.files.front().path;
        for (const analysis::GeneratedTest& test : generated.tests) {
            if (!test.sample_file.valid()) continue;
            // Sources and files stand in one order.
            const std::string& path = compiled_.files[test.sample_file.index()].path;
            if (path != entry) further.insert(path);
        }
        std::vector<std::string> out{relative(entry, folder)};
        for (const std::string& path : further) out.push_back(relative(path, folder));
        return out;
    }
    [[nodiscard]] static std::string relative(const std::string& path, const std::filesystem::path& folder) {
        return std::filesystem::path{path}.lexically_relative(folder.empty() ? "." : folder).generic_string();
    }

    [[nodiscard]] static std::string block(const analysis::GeneratedTest& test) {
        std::string out;
        // A test that shows much is not read for all of it.
        constexpr std::size_t kMostTold = 5;
        for (std::size_t i = 1; i < std::min(test.shows.size(), kMostTold); ++i)
            out += "// " + printable(test.shows[i], 400) + "\n";
        if (test.shows.size() > kMostTold) out += fmt::format("// and {} more\n", test.shows.size() - kMostTold);
        out += fmt::format("test {} {{\n    given {}\n", quoted(printable(test.name, 400)), test.given);
        for (const analysis::GeneratedCase& one : test.cases)
            out += fmt::format("    at {} expect {}\n", to_string(one.at), fmt::join(one.expectations, ", "));
        return out + "}\n";
    }

    const Compiled& compiled_;
    const GenerateOptions& options_;
};

// The pack compiled again, with `text` as one more file.
[[nodiscard]] Compiled compile_with(const Compiled& compiled, const GenerateOptions& options, const std::string& text) {
    Files files{compiled.files};
    files.add(options.path, text);
    CompileOptions again;
    const ir::Module& module = compiled.rules->state().of_rules().module;
    for (const ir::Param& param : module.params) {
        if (module.constants[param.value.index()] != module.constants[param.declared_value.index()])
            again.params[param.name] = ir::to_string(module, param.type, module.constants[param.value.index()]);
    }
    // Only what the pack itself consists of: behind it stand waivers, and files of packs that proofs compare it with.
    const std::size_t own = compiled.rules->state().pack_files;
    for (std::size_t i = 1; i < std::min(own, compiled.files.size()); ++i) {
        if (is_file(compiled.files[i])) again.also.push_back(compiled.files[i].path);
    }
    again.also.push_back(options.path);
    return compile(files, compiled.files.front().path, again);
}

void measure(const Rules& rules, const GenerateOptions& options, GeneratedTests& out) {
    CoverageOptions coverage;
    coverage.budget = options.budget;
    out.covered = measure_coverage(rules, coverage).count();
    MutationOptions mutation;
    mutation.budget = options.budget;
    const MutationReport report = mutate(rules, mutation);
    out.mutants = report.mutants.size() - report.count(Mutant::State::kEquivalent);
    out.killed = report.count(Mutant::State::kKilled);
}

}  // namespace

GeneratedTests generate_tests(const Compiled& compiled, const GenerateOptions& options) {
    GeneratedTests out;
    const Rules::State& state = compiled.rules->state().of_rules();
    const engine::AllSolvers solvers;
    analysis::Generated generated =
        analysis::generate_tests(state.explainer(), state.sources, solvers.get(), engine::to_budget(options.budget));
    out.open = std::move(generated.open);
    if (generated.tests.empty()) {
        measure(*compiled.rules, options, out);
        return out;
    }
    const Formatted formatted = format(Writer{compiled, options}.file(generated), options.path);
    if (!formatted.text) {
        out.fault = formatted.diagnostics.empty()
                        ? "the generated file is not well formed"
                        : "the generated file is refused: " + formatted.diagnostics.front().message;
        return out;
    }
    const Compiled again = compile_with(compiled, options, *formatted.text);
    if (!again.rules) {
        const auto error = std::ranges::find(again.diagnostics, Severity::kError, &Diagnostic::severity);
        out.fault = error == again.diagnostics.end() ? "the pack can't be compiled with the generated tests"
                                                     : "a generated test is refused: " + error->message;
        return out;
    }
    for (const TestResult& test : again.rules->run_tests()) {
        if (test.passed || test.range.file != options.path) continue;
        out.fault = fmt::format("the generated test `{}` fails: expected {}, got {}", test.name,
                                test.failures.front().expected, test.failures.front().actual);
        return out;
    }
    out.tests = generated.tests.size();
    out.text = *formatted.text;
    measure(*again.rules, options, out);
    return out;
}

}  // namespace keywright

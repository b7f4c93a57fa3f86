// The public handles: compile a pack, check records with it.
#include "keywright/rules.h"

#include "analysis/affected.h"
#include "analysis/explain.h"
#include "analysis/test_runner.h"
#include "base/digest.h"
#include "base/text.h"
#include "check/check.h"
#include "check/load.h"
#include "diag/diag.h"
#include "engine/disk.h"
#include "engine/records.h"
#include "engine/state.h"
#include "engine/waived.h"
#include "eval/program.h"
#include "input/json_schema.h"
#include "input/reader.h"
#include "ir/waivers.h"
#include "syntax/format.h"
#include "syntax/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace keywright {

namespace {

// A text in memory as the only file.
class OneFile final : public FileSource {
public:
    OneFile(std::string name, std::string_view text) : name_(std::move(name)), text_(text) {}
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override {
        if (path != name_) return {{}, "there are no other files"};
        return {std::string{text_.substr(0, limit + 1)}, {}};
    }

private:
    std::string name_;
    std::string_view text_;
};

// Files that were read before are read from memory: each counts as it was then, however often a pack or one that it is
// compared with names it.
class ReadOnce final : public FileSource {
public:
    explicit ReadOnce(const FileSource& files) : files_(files) {}
    void keep(const std::string& path, std::string_view text) { texts_.emplace(path, text); }
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override {
        const auto known = texts_.find(path);
        return known == texts_.end() ? files_.read(path, limit) : Result{known->second, {}};
    }

private:
    const FileSource& files_;
    std::map<std::string, std::string> texts_;
};

// Over everything that decides: each file with its path as the entry file sees it, wherever the imports' root may be,
// and each parameter in force. Tests that were only given along decide nothing, so they are no part of it. Lengths keep
// the parts apart.
std::string digest_of(const check::Loaded& loaded, const ir::Module& module) {
    const std::filesystem::path folder =
        std::filesystem::path(loaded.sources.file(base::FileId{0}).path()).parent_path();
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < loaded.of_entry; ++i) {
        const base::Source& source = loaded.sources.file(base::FileId{i});
        const std::string path = std::filesystem::path(source.path()).lexically_relative(folder).generic_string();
        parts.push_back(fmt::format("file {} {} {}\n{}\n", path.size(), path, source.text().size(), source.text()));
    }
    std::sort(parts.begin(), parts.end());
    std::string all;
    for (const std::string& part : parts) all += part;
    for (const ir::Param& param : module.params) {
        if (param.span.file.index() >= loaded.of_entry) continue;
        all += fmt::format("param {} = {}\n", param.name,
                           ir::to_string(module, param.type, module.constants[param.value.index()]));
    }
    return base::sha256(all);
}

// Compiles the packs that proofs of a pack without errors name. Theirs are left alone, so this ends, and a pack may be
// compared with itself.
class Others {
public:
    // `sources` are those of the pack with the proofs; files that are read are added to `out`.
    Others(const FileSource& files, const std::string& root, const Limits& limits, const base::SourceSet& sources,
           Compiled& out)
        : files_(files), root_(root), limits_(limits), sources_(sources), out_(out) {}

    std::map<std::string, std::shared_ptr<const ir::Module>> modules;
    std::vector<Diagnostic> diagnostics;  // what makes one of the packs unusable

    // The pack with the proofs is made of the first `count` files. What is wrong with a path itself is reported to
    // `sink`, the one of that pack.
    void compile_all(const std::vector<ir::Proof>& proofs, std::size_t count, diag::Sink& sink) {
        for (const ir::Proof& proof : proofs) {
            if (proof.other.empty() || modules.contains(proof.other)) continue;
            for (; files_used_ < count; ++files_used_) {
                const Compiled::File& file = out_.files[files_used_];
                files_.keep(file.path, file.text);
            }
            if (files_used_ >= limits_.rule_files) {
                if (diagnostics.empty()) check::report_too_many_files(sink, proof.other_span, limits_, true);
                return;
            }
            if (!diagnostics.empty() && diagnostics.size() >= limits_.diagnostics) return;
            compile_one(proof, sink);
        }
    }

private:
    void compile_one(const ir::Proof& proof, diag::Sink& sink) {
        check::Loaded loaded;
        loaded.files_before = files_used_;
        diag::Sink own{limits_.diagnostics - diagnostics.size()};
        check::load(files_, proof.other, {}, {}, root_, limits_, own, loaded);
        modules.emplace(proof.other, nullptr);  // whatever comes of it, it isn't tried again
        if (!loaded.unreadable.empty()) {
            sink.report(diag::Code::kImportUnreadable, proof.other_span,
                        fmt::format("`{}` can't be read: {}", base::printable(proof.other), loaded.unreadable),
                        "compared with here");
            return;
        }
        files_used_ += loaded.sources.size();
        ir::Module module = check::check(loaded, {}, limits_, own);
        keep_files(loaded.sources);
        if (!own.has_errors()) {
            modules[proof.other] = std::make_shared<const ir::Module>(std::move(module));
            return;
        }
        // Two packs may share a file with a mistake. Warnings are the business of whoever compiles that pack.
        bool first = true;
        for (Diagnostic& d : own.finish(loaded.sources)) {
            if (d.severity != Severity::kError || !reported_.insert(place_of(d)).second) continue;
            if (std::exchange(first, false) && !d.labels.empty()) {
                d.labels.push_back({sources_.range(proof.other_span), "a proof compares with that pack"});
            }
            diagnostics.push_back(std::move(d));
        }
    }

    // For those who show a diagnostic, and for those who compile the same files again.
    void keep_files(const base::SourceSet& sources) {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const base::Source& source = sources.file(base::FileId{i});
            const bool known = std::any_of(out_.files.begin(), out_.files.end(),
                                           [&](const Compiled::File& f) { return f.path == source.path(); });
            if (known) continue;
            files_.keep(source.path(), source.text());
            out_.files.push_back({source.path(), std::string{source.text()}});
        }
    }

    static std::string place_of(const Diagnostic& d) {
        if (d.labels.empty()) return d.code + d.message;
        const SourceRange& range = d.labels.front().range;
        return fmt::format("{} {} {} {}", d.code, range.begin, range.end, range.file);
    }

    ReadOnce files_;
    const std::string& root_;
    const Limits& limits_;
    const base::SourceSet& sources_;
    Compiled& out_;
    std::size_t files_used_ = 0;
    std::set<std::string> reported_;
};

// Files of waivers aren't confined to the root, so they are read by their real paths.
class WaiversBeside final : public FileSource {
public:
    WaiversBeside(const FileSource& files, const std::vector<std::string>& waivers) : files_(files) {
        for (const std::string& path : waivers) {
            const std::filesystem::path real{path};
            folders_.emplace(path, real.parent_path().string());
        }
    }
    [[nodiscard]] Result read(const std::string& path, std::size_t limit) const override {
        const auto folder = folders_.find(path);
        if (folder == folders_.end()) return files_.read(path, limit);
        return engine::DiskFiles{folder->second}.read(std::filesystem::path{path}.filename().string(), limit);
    }

private:
    const FileSource& files_;
    std::map<std::string, std::string> folders_;
};

Compiled compile_below(const FileSource& files, const std::string& entry, const std::vector<std::string>& also,
                       const std::vector<std::string>& waivers, const std::string& root,
                       const CompileOptions& options) {
    Compiled out;
    check::Loaded loaded;
    diag::Sink sink{options.limits.diagnostics};
    check::load(files, entry, also, waivers, root, options.limits, sink, loaded);
    if (!loaded.unreadable.empty()) {
        out.unreadable.push_back(fmt::format("{}: {}", loaded.unreadable_path, loaded.unreadable));
        return out;
    }
    const std::size_t read = loaded.sources.size();
    const auto of_waivers = static_cast<std::size_t>(std::ranges::count_if(loaded.files, &check::LoadedFile::waivers));
    ir::Module module = check::check(loaded, options.params, options.limits, sink);
    for (std::size_t i = 0; i < loaded.sources.size(); ++i) {
        const base::Source& source = loaded.sources.file(base::FileId{i});
        out.files.push_back({source.path(), std::string{source.text()}, i >= read, i >= read - of_waivers && i < read});
    }
    const std::size_t files_of_pack = out.files.size();
    out.of_entry = loaded.of_entry;
    Others others{files, root, options.limits, loaded.sources, out};
    if (!sink.has_errors()) others.compile_all(module.proofs, read, sink);
    out.diagnostics = sink.finish(loaded.sources);
    std::move(others.diagnostics.begin(), others.diagnostics.end(), std::back_inserter(out.diagnostics));
    if (sink.has_errors() || !others.diagnostics.empty()) return out;
    std::string digest = digest_of(loaded, module);
    std::vector<bool> extended(loaded.sources.size());
    for (const check::LoadedFile& file : loaded.files) extended[file.tree.file().index()] = file.extended;
    const auto build = [&](ir::Module of) {
        auto state = std::make_shared<Rules::State>(loaded.sources, std::move(of));
        state->digest = digest;
        state->of_entry = out.of_entry;
        state->pack_files = read - of_waivers;
        state->waiver_files = of_waivers;
        state->extended = extended;
        state->warnings = out.diagnostics;
        state->other_files.assign(out.files.begin() + static_cast<std::ptrdiff_t>(files_of_pack), out.files.end());
        state->others = others.modules;
        return state;
    };
    std::shared_ptr<Rules::State> plain;
    if (!module.waivers.empty()) plain = build(ir::without_waivers(module));
    auto state = build(std::move(module));
    state->plain = std::move(plain);
    out.rules.emplace(std::shared_ptr<const Rules::State>{std::move(state)});
    return out;
}

}  // namespace

Compiled compile(const FileSource& files, const std::string& entry, const CompileOptions& options) {
    return compile_below(files, entry, options.also, options.waivers, options.root, options);
}

Compiled compile_path(const std::string& path, const CompileOptions& options) {
    const auto unreadable = [](const std::string& which, const std::string& why) {
        Compiled out;
        out.unreadable.push_back(fmt::format("{}: {}", which, why));
        return out;
    };
    const engine::Located located = engine::locate(path, options.root);
    if (!located.error.empty()) return unreadable(path, located.error);
    std::vector<std::string> also;
    for (const std::string& further : options.also) {
        const engine::Located one = engine::locate(further, located.root);
        if (!one.error.empty()) return unreadable(further, one.error);
        also.push_back(one.entry);
    }
    std::vector<std::string> waivers;
    for (const std::string& given : options.waivers) {
        std::error_code error;
        const std::filesystem::path real = std::filesystem::canonical(given, error);
        if (error) {
            const bool is_missing = error == std::errc::no_such_file_or_directory;
            return unreadable(given, is_missing ? "no such file" : error.message());
        }
        waivers.push_back(real.string());
    }
    const engine::DiskFiles below{located.root};
    return compile_below(WaiversBeside{below, waivers}, located.entry, also, waivers, {}, options);
}

Compiled compile_text(std::string_view text, const std::string& name, const CompileOptions& options) {
    return compile_below(OneFile{name, text}, name, {}, {}, {}, options);
}

RulesIdentity Rules::identity() const {
    return {state_->module.pack.name, state_->module.pack.version, state_->digest};
}

std::vector<std::string> Rules::rule_names() const {
    std::vector<std::string> out;
    for (const ir::Rule& rule : state_->module.rules) out.push_back(rule.name);
    return out;
}

std::vector<std::string> Rules::adapter_names() const {
    std::vector<std::string> out;
    for (const ir::Adapter& adapter : state_->module.adapters) out.push_back(adapter.name);
    return out;
}

std::vector<std::string> Rules::proof_names() const {
    std::vector<std::string> out;
    for (const ir::Proof& proof : state_->module.proofs) out.push_back(proof.name);
    return out;
}

std::vector<WaiverGiven> Rules::waivers() const {
    std::vector<WaiverGiven> out;
    for (const ir::Waiver& waiver : state_->module.waivers)
        out.push_back({waiver.name, state_->module.rules[waiver.rule.index()].name, waiver.until, waiver.digest});
    return out;
}

Rules Rules::without_waivers() const { return state_->plain ? Rules{state_->plain} : *this; }

void Rules::check(std::string_view json, const CheckOptions& options,
                  const std::function<void(RecordReport&&)>& sink) const {
    const analysis::Explainer explainer = state_->explainer();
    auto scratch = state_->program.make_scratch();
    eval::Decision decision;
    decision.rules.resize(state_->module.rules.size());
    std::optional<engine::Repairers> repairers;
    if (options.suggest) repairers.emplace(*state_, std::vector<ir::RuleId>{});
    engine::each_record(*state_, json, options, [&](input::ReadRecord& read, RecordReport& report) {
        if (report.errors.empty()) {
            state_->program.decide(read.record, options.now, scratch, decision.rules);
            explainer.fill(read.record, options.now, decision, state_->sources, report);
            if (repairers && report.verdict != Verdict::kCompliant) {
                const analysis::Plans plans =
                    repairers->for_record(read.record, options.now).repairer.plans(read.record, options.now, 1);
                report.repair.emplace();
                report.repair->exact = plans.exact;
                for (const analysis::Plan& plan : plans.plans) {
                    report.repair->cost = plan.cost;
                    for (const analysis::Change& change : plan.changes)
                        report.repair->edits.insert(report.repair->edits.end(), change.words.begin(),
                                                    change.words.end());
                }
            }
        }
        sink(std::move(report));
    });
}

Report Rules::check(std::string_view json, const CheckOptions& options) const {
    Report out;
    out.rules = identity();
    out.evaluated_at = options.now;
    out.waivers = waivers();
    check(json, options, [&](RecordReport&& report) { out.results.push_back(std::move(report)); });
    return out;
}

std::vector<TestResult> Rules::run_tests(const TestOptions& options) const {
    const State& state = state_->of_rules();
    const ir::Module& module = state.module;
    std::vector<bool> kept(module.tests.size());
    if (options.earlier.rules != nullptr && options.earlier.results != nullptr) {
        std::set<std::string_view> passed;
        for (const TestResult& result : *options.earlier.results) {
            if (result.passed) passed.insert(result.name);
        }
        const std::vector<bool> unaffected =
            analysis::unaffected_tests(options.earlier.rules->state().of_rules().module, module);
        for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = unaffected[i] && passed.contains(module.tests[i].name);
    }
    return analysis::run_tests(state.explainer(), state.sources, options, kept);
}

std::string Rules::json_schema() const { return input::json_schema(state_->module); }

std::string Rules::dump() const {
    std::string out = ir::dump(state_->module);
    for (const auto& [path, module] : state_->others) {
        out += fmt::format("compared with {}: {} {}\n", base::printable(path), module->pack.name, module->pack.version);
    }
    return out + state_->program.dump();
}

Formatted format(std::string_view text, const std::string& name, const Limits& limits) {
    base::SourceSet sources;
    const base::FileId id = sources.add(name, std::string{text});
    diag::Sink sink{limits.diagnostics};
    const syntax::Tree tree = syntax::parse(sources, id, limits, sink);
    Formatted out;
    out.diagnostics = sink.finish(sources);
    if (!sink.has_errors()) out.text = syntax::format(tree, limits).text;
    return out;
}

}  // namespace keywright

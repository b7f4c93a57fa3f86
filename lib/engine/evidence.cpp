// What it takes to repeat a report.
#include "keywright/evidence.h"

#include "base/digest.h"
#include "engine/state.h"
#include "ir/ir.h"

#include <algorithm>
#include <filesystem>
#include <tuple>

namespace keywright {

std::string_view to_string(InputEvidence::Form form) {
    switch (form) {
        case InputEvidence::Form::kAuto: return "auto";
        case InputEvidence::Form::kDocument: return "document";
        case InputEvidence::Form::kLines: return "lines";
    }
    return {};
}

Evidence evidence_of(const Rules& rules, const CheckOptions& options) {
    const Rules::State& state = rules.state();
    Evidence out;
    out.tool = "keywright " KEYWRIGHT_VERSION;
    // Names as the digest of all has them: seen from the entry file, wherever the root of the imports may be.
    const std::filesystem::path folder =
        std::filesystem::path(state.sources.file(base::FileId{std::size_t{0}}).path()).parent_path();
    for (std::size_t i = 0; i < state.of_entry; ++i) {
        const base::Source& source = state.sources.file(base::FileId{i});
        out.rules.push_back({std::filesystem::path(source.path()).lexically_relative(folder).generic_string(),
                             base::sha256(source.text()), source.text().size()});
    }
    // Waivers lie wherever their owner keeps them, so of their path only the name says anything.
    for (std::size_t i = state.pack_files; i < state.pack_files + state.waiver_files; ++i) {
        const base::Source& source = state.sources.file(base::FileId{i});
        out.waivers.push_back({std::filesystem::path(source.path()).filename().generic_string(),
                               base::sha256(source.text()), source.text().size()});
    }
    const auto by_name = [](const FileEvidence& a, const FileEvidence& b) {
        return std::tie(a.file, a.digest) < std::tie(b.file, b.digest);
    };
    std::sort(out.rules.begin(), out.rules.end(), by_name);
    std::sort(out.waivers.begin(), out.waivers.end(), by_name);
    out.schema = base::sha256(rules.json_schema());
    std::string all;
    for (const ir::Param& param : state.module.params) {
        if (param.span.file.index() >= state.of_entry) continue;
        std::string value = ir::to_string(state.module, param.type, state.module.constants[param.value.index()]);
        all += param.name + " = " + value + '\n';
        out.parameters.push_back({param.name, std::move(value)});
    }
    out.parameters_digest = base::sha256(all);
    out.adapter = options.adapter;
    out.suggest = options.suggest;
    return out;
}

InputEvidence input_evidence(std::string_view text, const CheckOptions& options) {
    InputEvidence out;
    out.source = options.source;
    switch (options.form) {
        case CheckOptions::Form::kAuto: out.form = InputEvidence::Form::kAuto; break;
        case CheckOptions::Form::kDocument: out.form = InputEvidence::Form::kDocument; break;
        case CheckOptions::Form::kLines: out.form = InputEvidence::Form::kLines; break;
    }
    out.digest = base::sha256(text);
    out.bytes = text.size();
    return out;
}

}  // namespace keywright

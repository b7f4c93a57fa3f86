// KW7029: an adapter that no test reads a record through (`given json """…""" through ADAPTER`). A pack without tests
// is none of its business, and neither is an adapter beside the pack's folder: the pack that lies there tests it.
#include "lint/checks.h"

#include <fmt/format.h>

#include <filesystem>

namespace keywright::lint {

namespace {

// In or below the folder of the entry file.
bool lies_in_pack(const Subject& subject, base::FileId file) {
    const std::filesystem::path folder =
        std::filesystem::path{subject.sources.file(base::FileId{std::size_t{0}}).path()}.parent_path();
    const auto relative = std::filesystem::path{subject.sources.file(file).path()}.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

void untested_adapter(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    if (module.tests.empty()) return;
    std::vector<bool> tested(module.adapters.size());
    for (const ir::Test& test : module.tests) {
        if (test.json && test.json->adapter) tested[*test.json->adapter] = true;
    }
    for (std::size_t i = 0; i < module.adapters.size(); ++i) {
        const ir::Adapter& adapter = module.adapters[i];
        if (tested[i] || !lies_in_pack(subject, adapter.span.file)) continue;
        findings
            .report(diag::Code::kUntestedAdapter, {"adapter", adapter.name}, adapter.span,
                    fmt::format("no test goes through the adapter `{}`", adapter.name), "declared here")
            .key("adapter")
            .help(fmt::format("test what it makes of a record: `given json \"\"\"…\"\"\" through {}`", adapter.name));
    }
}

}  // namespace keywright::lint

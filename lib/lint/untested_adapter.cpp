// KW7029: an adapter that no test reads a record through (`given json """…""" through ADAPTER`). A pack without tests
// is none of its business.
#include "lint/checks.h"

#include <fmt/format.h>

namespace keywright::lint {

void untested_adapter(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    if (module.tests.empty()) return;
    std::vector<bool> tested(module.adapters.size());
    for (const ir::Test& test : module.tests) {
        if (test.json && test.json->adapter) tested[*test.json->adapter] = true;
    }
    for (std::size_t i = 0; i < module.adapters.size(); ++i) {
        const ir::Adapter& adapter = module.adapters[i];
        if (tested[i]) continue;
        findings
            .report(diag::Code::kUntestedAdapter, {"adapter", adapter.name}, adapter.span,
                    fmt::format("no test goes through the adapter `{}`", adapter.name), "declared here")
            .key("adapter")
            .help(fmt::format("test what it makes of a record: `given json \"\"\"…\"\"\" through {}`", adapter.name));
    }
}

}  // namespace keywright::lint

// Goes through an inventory of keys of any size, one JSON object a line, and tells which break a rule or expire next.
//
//     audit_inventory rules/kucoin_tr examples/kucoin/inventory.ndjson 2026-02-15T00:00:00Z
#include <keywright/keywright.h>

#include <array>
#include <cstdio>

int main(int count, char** words) {
    const auto now = count == 4 ? keywright::parse_instant(words[3]) : std::nullopt;
    if (!now) return std::fputs("usage: audit_inventory RULES KEYS INSTANT\n", stderr), 64;
    const keywright::Compiled compiled = keywright::compile_path(words[1]);
    for (const auto& diagnostic : compiled.diagnostics)
        std::fputs(to_pretty(diagnostic, compiled.files).c_str(), stderr);
    if (!compiled.rules) return 3;
    std::FILE* file = std::fopen(words[2], "rb");
    if (file == nullptr) return std::perror(words[2]), 74;

    // Only numbers and the first records of each kind are kept, so memory doesn't grow with the inventory.
    keywright::Audit audit{keywright::Auditor{*compiled.rules, {.now = *now}}};
    audit.begin(words[2], true);
    std::array<char, 65536> buffer;
    while (const std::size_t bytes = std::fread(buffer.data(), 1, buffer.size(), file))
        audit.add({buffer.data(), bytes});
    audit.end(std::ferror(file) == 0);
    std::fclose(file);

    const keywright::AuditReport report = audit.report();
    std::fputs(to_pretty(report).c_str(), stdout);
    std::printf("%llu of %llu keys are in order\n", static_cast<unsigned long long>(report.compliant),
                static_cast<unsigned long long>(report.records));
    return report.complete && report.compliant == report.records && !report.is_open() ? 0 : 1;
}

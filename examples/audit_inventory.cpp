// Goes through an inventory of keys, one JSON object a line, and lists those that break a rule or soon expire.
//
//     audit_inventory rules/kucoin_tr examples/kucoin/inventory.ndjson 2026-02-15T00:00:00Z
#include <keywright/keywright.h>
#include <keywright/text.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

int main(int count, char** words) {
    const auto now = count == 4 ? keywright::parse_instant(words[3]) : std::nullopt;
    if (!now) return std::fputs("usage: audit_inventory RULES KEYS INSTANT\n", stderr), 64;
    const keywright::Compiled compiled = keywright::compile_path(words[1]);
    for (const auto& diagnostic : compiled.diagnostics)
        std::fputs(to_pretty(diagnostic, compiled.files).c_str(), stderr);
    if (!compiled.rules) return 3;

    std::ifstream file(words[2]);
    const std::string keys{std::istreambuf_iterator<char>(file), {}};
    keywright::CheckOptions options;
    options.now = *now;
    options.source = words[2];
    options.form = keywright::CheckOptions::Form::kLines;

    // Each record comes as soon as it is decided, so memory doesn't grow with the inventory.
    std::size_t records = 0, in_order = 0;
    compiled.rules->check(keys, options, [&](keywright::RecordReport&& record) {
        ++records;
        if (record.verdict == keywright::Verdict::kCompliant) ++in_order;
        std::fputs(to_compact(record).c_str(), stdout);
        if (record.expires_at.kind == keywright::ExpiresAt::Kind::kAt && record.expires_at.earliest > options.now)
            std::printf("%s: expires %s\n", keywright::printable(record.subject).c_str(),
                        to_string(*record.expires_at.earliest).c_str());
    });
    std::printf("%zu of %zu keys are in order\n", in_order, records);
    return in_order == records ? 0 : 1;
}

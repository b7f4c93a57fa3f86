// KW7030: an adapter that ignores a member which seems to be about a field that it doesn't read: the member is called
// as the field is, but for style (`ipWhitelist`, `ip_whitelist`), or another adapter reads the field from it.
#include "base/text.h"
#include "lint/adapter_text.h"
#include "lint/checks.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace keywright::lint {

void ignored_field(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    std::map<std::string, ir::FieldId> by_name;
    for (std::size_t i = 0; i < module.schema.fields.size(); ++i) {
        by_name.emplace(without_style(module.schema.fields[i].member), ir::FieldId{i});
    }
    // By pointer, fields that adapters read there, and which adapter does.
    std::multimap<std::string_view, std::pair<ir::FieldId, const ir::Adapter*>> readers;
    for (const ir::Adapter& adapter : module.adapters) {
        for (const ir::FieldSource& source : adapter.sources) {
            if (source.kind == ir::SourceKind::kMember) readers.emplace(source.path, std::pair{source.field, &adapter});
        }
    }
    for (const ir::Adapter& adapter : module.adapters) {
        std::vector<bool> read(module.schema.fields.size(), adapter.canonical);
        for (const ir::FieldSource& source : adapter.sources) {
            read[source.field.index()] = source.kind == ir::SourceKind::kMember;
        }
        for (const PassedOver& clause : passed_over(subject, adapter)) {
            if (!clause.in_record) continue;
            for (const auto& [pointer, span] : clause.pointers) {
                ir::FieldId field;
                std::string why;
                if (const auto found = by_name.find(without_style(last_of(pointer))); found != by_name.end()) {
                    field = found->second;
                    why = "it is called as the field is";
                }
                const auto [first, last] = readers.equal_range(pointer);
                for (auto at = first; at != last && (!field.valid() || read[field.index()]); ++at) {
                    field = at->second.first;
                    why = fmt::format("`{}` reads the field from it", at->second.second->name);
                }
                if (!field.valid() || read[field.index()]) continue;
                findings
                    .report(diag::Code::kIgnoredField, {"adapter", adapter.name}, span,
                            fmt::format("`{}` ignores `{}`, and reads `{}` nowhere", adapter.name,
                                        base::printable(pointer), module.schema.fields[field.index()].name),
                            why)
                    .help("read the field from it; if it means something else, say so: `allow KW7030 in … \"…\"`");
            }
        }
    }
}

}  // namespace keywright::lint

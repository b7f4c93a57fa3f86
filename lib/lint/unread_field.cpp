// KW7024: a field that no rule reads.
//
// A field is read where a rule decides by it or shows it in its texts, through defines too, and where an `assume`
// speaks of it: a record may break that. The text that names a record (an adapter's `subject`, else `name`, else `id`)
// and text that nobody may change tell whose record it is, and need no rule.
#include "lint/checks.h"
#include "lint/written.h"

#include <fmt/format.h>

namespace keywright::lint {

namespace {

std::vector<bool> read_fields(const ir::Module& module) {
    std::vector<bool> out(module.schema.fields.size());
    const std::vector<bool> reached = reached_by_rules(module, true);
    for (std::size_t i = 0; i < module.nodes.size(); ++i) {
        if (reached[i] && module.nodes[i].op == ir::Op::kField) out[module.nodes[i].a] = true;
    }
    for (const ir::Assumption& assumption : module.schema.assumptions) {
        for (const ir::AssumeTerm* term : {&assumption.lesser, &assumption.greater}) {
            if (term->field.valid()) out[term->field.index()] = true;
        }
    }
    return out;
}

std::vector<bool> naming_fields(const ir::Module& module) {
    const std::vector<ir::Field>& fields = module.schema.fields;
    std::vector<bool> out(fields.size());
    bool named = false;
    for (const std::string_view name : {"name", "id"}) {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (!named && fields[i].name == name) named = out[i] = true;
        }
    }
    for (const ir::Adapter& adapter : module.adapters) {
        if (adapter.subject.valid()) out[adapter.subject.index()] = true;
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].immutable && fields[i].type.kind == ir::Kind::kText) out[i] = true;
    }
    return out;
}

}  // namespace

void unread_field(const Subject& subject, Findings& findings) {
    const ir::Module& module = subject.module;
    if (module.rules.empty()) return;
    const std::vector<ir::Field>& fields = module.schema.fields;
    const std::vector<bool> read = read_fields(module), naming = naming_fields(module);
    // Of a nested record nothing may be read, and then it is reported as a whole.
    std::vector<bool> any = read;
    for (std::size_t i = fields.size(); i-- > 0;) {
        if ((any[i] || naming[i]) && fields[i].parent.valid()) any[fields[i].parent.index()] = true;
    }
    std::vector<bool> told(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const ir::Field& field = fields[i];
        if (any[i] || naming[i]) continue;
        told[i] = true;
        if (field.parent.valid() && told[field.parent.index()]) continue;
        findings
            .report(diag::Code::kUnreadField, {"field", field.name}, field.span,
                    fmt::format("no rule reads `{}`", field.name), "whatever it is, the verdict is the same")
            .key("field")
            .help("let a rule ask for it, remove it, or say why it is there: `allow KW7024 in … \"…\"`");
    }
}

}  // namespace keywright::lint

// KW7028: an adapter that drops something, and doesn't say why.
//
// Three of them: `ignore` or `beside` without a comment on their lines or on the line above; a `map` that can't yield a
// value which other adapters' maps of the same field yield; a field that is one and the same value in every record of
// an adapter, though other adapters read it.
#include "base/text.h"
#include "lint/adapter_text.h"
#include "lint/checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>

namespace keywright::lint {

namespace {

void members(const Subject& subject, Findings& findings, const ir::Adapter& adapter) {
    for (const PassedOver& clause : passed_over(subject, adapter)) {
        if (clause.explained || clause.pointers.empty()) continue;
        std::vector<std::string> shown;
        for (const auto& [pointer, span] : clause.pointers) {
            if (shown.size() == 3 && clause.pointers.size() > 4) {
                shown.push_back(fmt::format("{} more", clause.pointers.size() - 3));
                break;
            }
            shown.push_back("`" + base::printable(pointer) + "`");
        }
        findings
            .report(diag::Code::kSilentDrop, {"adapter", adapter.name}, clause.clause.span(),
                    fmt::format("`{}` passes over {}, and doesn't say why", adapter.name, fmt::join(shown, ", ")),
                    "no comment tells")
            .help("say in a comment on the line above what these are, and why no rule needs them");
    }
}

// What others know of a field.
struct Known {
    std::vector<std::uint64_t> reached;  // by adapter, the values that its map yields; 0 where it has none
    std::uint64_t all = 0;
    const ir::Adapter* reader = nullptr;  // the first that reads the field from a member
};

std::vector<Known> known_of(const ir::Module& module) {
    std::vector<Known> out(module.schema.fields.size());
    for (std::size_t i = 0; i < module.adapters.size(); ++i) {
        for (const ir::FieldSource& source : module.adapters[i].sources) {
            Known& known = out[source.field.index()];
            if (source.kind != ir::SourceKind::kMember) continue;
            if (known.reader == nullptr) known.reader = &module.adapters[i];
            if (!source.has_map) continue;
            known.reached.resize(module.adapters.size());
            for (const ir::ValueMapping& mapping : source.map) {
                known.reached[i] |= std::uint64_t{1} << mapping.to;
            }
            known.all |= known.reached[i];
        }
    }
    return out;
}

void fields(const Subject& subject, Findings& findings, const std::vector<Known>& all, std::size_t number) {
    const ir::Module& module = subject.module;
    const ir::Adapter& adapter = module.adapters[number];
    for (const ir::FieldSource& source : adapter.sources) {
        const Known& known = all[source.field.index()];
        const ir::Field& field = module.schema.fields[source.field.index()];
        const About about{"adapter", adapter.name};
        if (source.kind == ir::SourceKind::kConstant && known.reader != nullptr) {
            findings
                .report(diag::Code::kSilentDrop, about, source.span,
                        fmt::format("`{}` says the same of `{}` for every record, and `{}` reads it", adapter.name,
                                    field.name, known.reader->name),
                        "whatever the source knows of it is dropped")
                .key("constant " + field.name)
                .help("read it where the source tells it, and say `unknown` where it can't");
        }
        if (!source.has_map) continue;
        const std::uint64_t missing = known.all & ~known.reached[number];
        if (missing == 0) continue;
        std::vector<std::string> names;
        const std::vector<std::string>& values = module.enums[field.type.enumeration.index()].values;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if ((missing >> i & 1U) != 0) names.push_back("`" + values[i] + "`");
        }
        findings
            .report(diag::Code::kSilentDrop, about, source.span,
                    fmt::format("the map of `{}` in `{}` doesn't know {}, as other adapters do", field.name,
                                adapter.name, fmt::join(names, ", ")),
                    "records with these are refused")
            .key("map " + field.name)
            .help("add their native names, or say why there are none: `allow KW7028 in … \"…\"`");
    }
}

}  // namespace

void silent_drop(const Subject& subject, Findings& findings) {
    const std::vector<Known> known = known_of(subject.module);
    for (std::size_t i = 0; i < subject.module.adapters.size(); ++i) {
        members(subject, findings, subject.module.adapters[i]);
        fields(subject, findings, known, i);
    }
}

}  // namespace keywright::lint

#include "emit/header.h"

#include "emit/literals.h"

#include <fmt/format.h>

#include <algorithm>

namespace keywright::emit {

namespace {

std::string_view spelled(Severity severity) {
    switch (severity) {
        case Severity::kInfo: return "inlined::Severity::kInfo";
        case Severity::kWarning: return "inlined::Severity::kWarning";
        case Severity::kError: return "inlined::Severity::kError";
    }
    return {};
}

std::string introduction(const ir::Module& module, const HeaderOptions& options) {
    std::string out = fmt::format(
        "// Written by `keywright embed --inline`: {} {}, as checked C++.\n"
        "//\n"
        "//     {}::Record record = {}::nothing_given();\n"
        "//     record.FIELD = VALUE;\n"
        "//     const {}::Decision decision = {}::decide(record, now);\n"
        "//\n"
        "// What the types mean is told in keywright/inlined.h. Digest of the rules, parameters in force included:\n"
        "// {}\n",
        in_comment(module.pack.name), in_comment(module.pack.version), options.name_space, options.name_space,
        options.name_space, options.name_space, in_comment(options.digest));
    for (const ir::Param& param : module.params) {
        out += fmt::format("// parameter {} = {}\n", in_comment(param.name),
                           in_comment(to_string(module, param.type, module.constants[param.value.index()])));
    }
    for (const ir::Waiver& waiver : module.waivers) {
        out += fmt::format("// waiver {} of {}, until {}\n", in_comment(waiver.name),
                           in_comment(module.rules[waiver.rule.index()].name), to_string(waiver.until));
    }
    return out;
}

// The table of rules, and the texts that it points to.
std::string rules_text(const ir::Module& module, const Names& names) {
    std::string out = "enum class Rule : std::uint32_t {\n";
    for (std::size_t r = 0; r < names.rules.size(); ++r) out += fmt::format("    {} = {},\n", names.rules[r], r);
    out += "};\n\n";

    const Slots slots{module};
    std::string citations, exemptions, rows;
    std::size_t citation = 0, exemption = 0;
    for (std::size_t r = 0; r < module.rules.size(); ++r) {
        const ir::Rule& rule = module.rules[r];
        for (const ir::Citation& cited : rule.cites) {
            const ir::Document& document = module.documents[cited.document.index()];
            const auto clause = std::find_if(document.clauses.begin(), document.clauses.end(),
                                             [&](const ir::Clause& one) { return one.id == cited.clause; });
            citations += fmt::format("    inlined::Citation{{{}, {}, {}}},\n", view(document.name), view(cited.clause),
                                     view(clause == document.clauses.end() ? std::string_view{} : clause->text));
        }
        for (const ir::Exemption& one : rule.exemptions) exemptions += fmt::format("    {},\n", view(one.label));
        const auto part = [](std::string_view list, std::size_t first, std::size_t size) {
            return size == 0 ? std::string{"{}"} : fmt::format("std::span{{{}}}.subspan({}, {})", list, first, size);
        };
        const auto slot = [](std::size_t n) {
            return n == Slots::kNone ? std::string{"inlined::RuleInfo::kNone"} : std::to_string(n);
        };
        rows += fmt::format("    inlined::RuleInfo{{{}, {}, {}, {}, {}, {}}},\n", view(rule.name),
                            spelled(rule.severity), part("kCitations", citation, rule.cites.size()),
                            part("kExemptions", exemption, rule.exemptions.size()), slot(slots.exempting[r]),
                            slot(slots.deadline[r]));
        citation += rule.cites.size();
        exemption += rule.exemptions.size();
    }
    if (!citations.empty()) out += "inline constexpr inlined::Citation kCitations[] = {\n" + citations + "};\n";
    if (!exemptions.empty()) out += "inline constexpr std::string_view kExemptions[] = {\n" + exemptions + "};\n";
    out += fmt::format(
        "// By Rule.\n"
        "inline constexpr std::array<inlined::RuleInfo, {}> kRules = {{\n{}}};\n"
        "[[nodiscard]] constexpr const inlined::RuleInfo& info(Rule rule) {{\n"
        "    return kRules[static_cast<std::size_t>(rule)];\n"
        "}}\n"
        "\n"
        "using Decision = inlined::Decision<Rule, {}, {}, {}>;\n",
        module.rules.size(), rows, module.rules.size(), slots.deadlines, slots.exempting_rules);
    return out;
}

}  // namespace

Slots::Slots(const ir::Module& module) {
    for (const ir::Rule& rule : module.rules) {
        exempting.push_back(rule.exemptions.empty() ? kNone : exempting_rules++);
        deadline.push_back(rule.expiry ? deadlines++ : kNone);
    }
}

std::string header(const ir::Module& module, const HeaderOptions& options) {
    const Names names = names_of(module, options.name_space);
    return fmt::format(
        "{}"
        "#pragma once\n"
        "\n"
        "#include <keywright/inlined.h>\n"
        "\n"
        "namespace {} {{\n"
        "\n"
        "namespace inlined = ::keywright::inlined;\n"
        "\n"
        "inline constexpr std::string_view kPack = {};\n"
        "inline constexpr std::string_view kVersion = {};\n"
        "inline constexpr std::string_view kDigest = {};\n"
        "\n"
        "// --- the record\n"
        "\n"
        "{}"
        "\n"
        "// --- the rules\n"
        "\n"
        "{}"
        "\n"
        "// --- deciding\n"
        "\n"
        "{}"
        "\n"
        "}}  // namespace {}\n",
        introduction(module, options), options.name_space, view(module.pack.name), view(module.pack.version),
        view(options.digest), record_text(module, names), rules_text(module, names),
        decide_text(module, names, options.longest_function), options.name_space);
}

}  // namespace keywright::emit

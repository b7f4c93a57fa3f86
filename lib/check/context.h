// What the parts of the checker share: the module being built, the names declared so far, and how to report.
#pragma once

#include "check/load.h"
#include "diag/diag.h"
#include "ir/ir.h"
#include "keywright/limits.h"
#include "syntax/tree.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace keywright::check {

// What a name stands for. Values (fields, parameters, defines) share one namespace; rules, documents, adapters, and
// samples with the schema have one each.
enum class NameKind : std::uint8_t { kField, kParam, kDefine };

struct ValueName {
    NameKind kind = NameKind::kField;
    std::uint32_t index = 0;
    base::Span span;
    bool used = false;
};

// The fields that are surely present where an expression stands, by field number.
using Facts = std::set<std::uint32_t>;

// What is known of presence once a boolean node has turned out true, or false.
struct NodeFacts {
    Facts if_true, if_false;
};

struct Context {
    Context(Loaded& files, diag::Sink& diagnostics, const Limits& bounds)
        : loaded(files), sink(diagnostics), limits(bounds.bounded()) {}

    Loaded& loaded;
    diag::Sink& sink;
    const Limits limits;
    ir::Module module;

    std::map<std::string, ValueName, std::less<>> values;
    std::map<std::string, std::uint32_t, std::less<>> rules, documents, adapters, samples, waivers;
    std::map<std::string, std::uint32_t, std::less<>> fields;                             // by dotted name
    std::map<std::pair<std::uint32_t, std::string>, std::uint32_t, std::less<>> clauses;  // by document and id
    // Clauses of second declarations of a document: who cites one has made no mistake of their own.
    std::set<std::pair<std::uint32_t, std::string>, std::less<>> hidden_clauses;
    std::map<std::string, base::Span, std::less<>> tests, proofs;
    std::map<std::tuple<ir::Kind, bool, ir::Kind, ir::EnumId, std::int64_t, std::int64_t>, std::uint32_t> type_numbers;
    std::set<std::uint32_t> used_samples;
    std::size_t sample_fields = 0;             // of all samples and tests together
    std::set<std::uint32_t> broken_rules;      // of which clauses are missing because of mistakes
    std::vector<syntax::Cursor> define_items;  // by define number
    enum class Progress : std::uint8_t { kNew, kBusy, kDone };
    std::vector<Progress> define_progress;
    std::vector<std::uint32_t> node_depth;          // by node number
    std::map<std::uint32_t, NodeFacts> node_facts;  // of nodes that have any
    std::set<std::string, std::less<>> junk_words;  // names that mistakes hide: they aren't reported as unknown as well
    std::map<std::vector<std::string>, std::uint32_t> enum_numbers;
    std::map<std::string, std::uint32_t, std::less<>>
        enum_words;  // the first field that has an enum value, by the value

    // --- types and nodes ---
    ir::TypeId intern(const ir::Type& type);
    ir::ConstId add_constant(value::Value value);
    // Adds a node, or reports and gives nothing where the expression grows too deep.
    ir::NodeId add_node(ir::Op op, const ir::Type& type, base::Span span, std::uint32_t a = 0, std::uint32_t b = 0,
                        std::uint32_t c = 0);
    ir::NodeId add_list_node(ir::Op op, const ir::Type& type, base::Span span, const std::vector<ir::NodeId>& operands);
    ir::NodeId add_const_node(const ir::Type& type, value::Value value, base::Span span);
    [[nodiscard]] const ir::Type& type(ir::NodeId node) const { return module.type(node); }
    // The type for a message; the range of a constant says nothing that the constant doesn't.
    [[nodiscard]] std::string show(ir::Type type) const {
        if (type.kind == ir::Kind::kInt && type.min == type.max) type = {.kind = type.kind, .optional = type.optional};
        return "`" + ir::to_string(module, type) + "`";
    }

    // --- names ---
    // Reports `name` as unknown, with the closest of `candidates`, unless an earlier mistake hid its declaration.
    void unknown_name(base::Span span, std::string_view what, std::string_view name,
                      const std::vector<std::string>& candidates);
    // The declaration of `name` is wrong, so nothing can be said of its uses.
    void hide(std::string_view name) { junk_words.emplace(name); }
    // Looking for what was meant takes time, and nobody reads the thousandth proposal.
    [[nodiscard]] bool proposes() const { return sink.error_count() < 100; }
    // Candidates for `unknown_name`; empty where nothing is proposed any more.
    [[nodiscard]] std::vector<std::string> value_names() const;
    [[nodiscard]] std::vector<std::string> field_names() const;
    template <class Names>
    [[nodiscard]] std::vector<std::string> keys_of(const Names& names) const {
        std::vector<std::string> out;
        if (!proposes()) return out;
        for (const auto& [name, index] : names) out.push_back(name);
        return out;
    }
    // Reports the second declaration of a name; returns false where it is one.
    bool declare_value(std::string_view name, NameKind kind, std::uint32_t index, base::Span span);
    void duplicate(base::Span again, base::Span first, std::string_view what, std::string_view name);

    [[nodiscard]] ir::FieldId find_field(std::string_view dotted) const;
    // The field of a `Path` node; reports an unknown one.
    ir::FieldId field_of(syntax::Cursor path);
    // The citations of a `Cites` node.
    void citations(syntax::Cursor cites, std::vector<ir::Citation>& out);
};

constexpr ir::Type kBoolType{.kind = ir::Kind::kBool};
constexpr ir::Type kInstantType{.kind = ir::Kind::kInstant};
constexpr ir::Type kDurationType{.kind = ir::Kind::kDuration};

[[nodiscard]] ir::Type int_type(std::int64_t min, std::int64_t max);
// Source text as a message shows it: on one line, and not too long.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t limit = 80);
// Fit together in a comparison or a choice: the same kind, and for enums and sets the same values.
[[nodiscard]] bool same_kind(const ir::Type& a, const ir::Type& b);
[[nodiscard]] ir::Type element_of(const ir::Type& set);
[[nodiscard]] ir::Type set_of(const ir::Type& element);

}  // namespace keywright::check

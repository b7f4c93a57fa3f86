// The typed intermediate representation of a checked pack: what every back end reads, and nothing else.
//
// Nodes are small tagged records in one vector, referring to each other by index and only to lower ones (post-order),
// so a walk over the vector from the front sees operands before operators and no recursion is needed. A module is built
// once by `check` and is immutable afterwards.
#pragma once

#include "base/ids.h"
#include "base/source.h"
#include "keywright/diagnostic.h"
#include "value/time.h"
#include "value/value.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::ir {

using base::Span;
using TypeId = base::Id<struct TypeTag>;
using EnumId = base::Id<struct EnumTag>;
using FieldId = base::Id<struct FieldTag>;
using ParamId = base::Id<struct ParamTag>;
using DefineId = base::Id<struct DefineTag>;
using RuleId = base::Id<struct RuleTag>;
using NodeId = base::Id<struct NodeTag>;
using ConstId = base::Id<struct ConstTag>;
using DocumentId = base::Id<struct DocumentTag>;

// --- types ----------------------------------------------------------------------------------------------------------
enum class Kind : std::uint8_t { kBool, kInt, kText, kEnum, kSet, kNetwork, kInstant, kDuration, kSecret, kRecord };

struct Type {
    Kind kind = Kind::kBool;
    bool optional = false;         // `T?`: may be absent
    Kind element = Kind::kBool;    // of a set: kEnum, kNetwork, kText or kInt
    EnumId enumeration = {};       // of an enum or a set of enum
    std::int64_t min = INT64_MIN;  // of an int, or of the elements of a set of int
    std::int64_t max = INT64_MAX;

    friend bool operator==(const Type&, const Type&) = default;
};

// A closed enumeration, at most 64 values. Enumeration 0 is always { ipv4, ipv6 }.
struct Enumeration {
    std::vector<std::string> values;
};

// --- schema ---------------------------------------------------------------------------------------------------------
// What a missing member means.
enum class Missing : std::uint8_t { kUnknown, kAbsent, kValue };

// The unit of a number that stands for a time in JSON; kNone: text (RFC 3339, ISO 8601).
enum class TimeUnit : std::uint8_t { kNone, kMilliseconds, kSeconds, kMinutes, kHours, kDays };

struct Citation {
    DocumentId document;
    std::string clause;
    Span span;
};

// One member of the record; members of nested records follow their record, with its name in front.
struct Field {
    std::string name;     // `limits.daily`
    std::string member;   // the last part: `daily`
    std::string pointer;  // `/limits/daily` (RFC 6901)
    Type type;
    FieldId parent;  // the nested record it belongs to, if any
    Missing missing = Missing::kUnknown;
    ConstId missing_value;  // where kValue
    TimeUnit unit = TimeUnit::kNone;
    bool immutable = false;  // no repair may change it; holds for the members of a nested record too
    std::uint32_t cost = 1;  // what changing it costs, 1 to 1000: repairs are chosen by the sum
    std::string doc;
    std::vector<Citation> cites;
    Span span;
};

// One side of an `assume`: a field, `now`, or a constant of the same kind.
struct AssumeTerm {
    FieldId field;        // or
    bool is_now = false;  // or
    ConstId constant;
};

// `lesser <= greater` (or `<` where strict), stated for every record in which both are present.
struct Assumption {
    AssumeTerm lesser, greater;
    bool strict = false;
    Span span;
};

struct Schema {
    std::string name;
    std::vector<Field> fields;
    std::vector<Assumption> assumptions;  // a chain `a <= b <= c` is stated as all its pairs
    Span span;
};

// --- expressions ----------------------------------------------------------------------------------------------------
enum class Op : std::uint8_t {
#define KW_OPERATOR(name, word, operands, doc) k##name,
#include "ir/operators.def"
#undef KW_OPERATOR
};

struct Node {
    Op op = Op::kConst;
    TypeId type;
    // Meaning by operator, see operators.def. Lists: a = first index into `Module::lists`, b = length.
    std::uint32_t a = 0, b = 0, c = 0;
    Span span;
};

struct Param {
    std::string name;
    Type type;
    ConstId value;  // the value in force
    ConstId declared_value;
    std::string doc;
    Span span;
};

struct Define {
    std::string name;
    NodeId root;
    std::vector<Citation> cites;
    std::string doc;
    Span span;
};

// Text with interpolated expressions: pieces of text and nodes in order.
struct TemplatePiece {
    std::string text;  // when `node` is not valid
    NodeId node;
};
using Template = std::vector<TemplatePiece>;

// --- documents ------------------------------------------------------------------------------------------------------
enum class ClauseKind : std::uint8_t { kMust, kMustNot, kShould, kShouldNot, kMay, kFact, kExemption, kNote };

struct Clause {
    std::string id;
    ClauseKind kind = ClauseKind::kNote;
    std::string text;
    std::optional<std::string> not_checkable;  // why
    std::string digest;                        // of the excerpt of the source text
    // Where the excerpt stands in the source text: from its first words to its last ones, or 1-based lines, the last
    // one included. Neither: the pack doesn't say.
    std::string first_words, last_words;
    std::uint32_t first_line = 0, last_line = 0;
    Span span;
};

struct Document {
    std::string name, title, dated, digest, url;
    std::vector<Clause> clauses;
    Span span;
};

// --- rules ----------------------------------------------------------------------------------------------------------
struct Exemption {
    NodeId condition;
    std::string label;  // the name of the define it consists of, else its source text in one line
    std::vector<Citation> cites;
    Span span;
    std::uint32_t waiver = kNoWaiver;  // index into Module::waivers where it comes from a waiver
    static constexpr std::uint32_t kNoWaiver = UINT32_MAX;
};

struct Expiry {
    NodeId after;        // a duration
    NodeId since;        // an instant
    NodeId warn_before;  // a duration, or not valid
    Span span;
};

// A part of the rule's gap (the records for which neither `when` nor any `unless` holds) that its author accepts.
struct AcceptedGap {
    NodeId where;  // not valid: the whole gap
    std::string reason;
    Span span;
};

struct Rule {
    std::string name;
    Severity severity = Severity::kError;
    std::vector<Citation> cites;
    NodeId when;  // not valid: always
    std::vector<Exemption> exemptions;
    NodeId requirement;  // the conjunction of `require` and `not forbid`; not valid where the rule expires
    std::optional<Expiry> expiry;
    Template message;  // never empty
    Template help;
    std::vector<std::string> interpretations;
    std::vector<AcceptedGap> accepted_gaps;  // empty where the rule has no `when` or no `unless`: it has no gap
    std::string doc;
    Span span;  // of its name
};

// `extend "PATH"` in a file that no other pack brings along.
struct Extension {
    std::string path;  // as the loader names the file
    Span span;         // of the path
};

// `waiver NAME { waives RULE when C owner "…" reason "…" ticket "…" until INSTANT }`: somebody answers for records that
// violate a rule, for a time. The rule has an exemption more for it, that holds where `C` does and before `until`.
struct Waiver {
    std::string name;
    RuleId rule;
    NodeId condition;                   // `C` alone
    std::string owner, reason, ticket;  // `owner` and `ticket` may be empty
    Instant until;
    std::string doc;
    std::string digest;  // of the file it stands in
    Span span;           // of its name
};

// `allow CODE [in SUBJECT] [until INSTANT] "reason"`: a finding that the author has looked at, and that stays.
struct Allowed {
    std::string code;     // `KW7001`
    std::string subject;  // name of what the finding is about; empty: whatever stands in this file
    std::optional<Instant> until;
    std::string reason;
    Span span;
};

// --- samples, tests, proofs -----------------------------------------------------------------------------------------
// What a sample says of one field.
enum class Given : std::uint8_t { kUnknown, kAbsent, kValue, kPresent };  // kPresent: a nested record that is there

struct FieldValue {
    Given given = Given::kUnknown;
    ConstId value;
};

// One member of a record set to something: what a sample, a row of a table or a repair says of it. `ir/given.h` applies
// it; what stands in a nested record makes that record present.
struct Assignment {
    FieldId field;
    FieldValue value;
};

struct Sample {
    std::string name;
    std::vector<FieldValue> fields;  // one for each field of the schema, missing members already given their meaning
    Span span;
};

enum class Verdict : std::uint8_t { kCompliant, kViolation, kUndetermined, kInvalid };

enum class ExpectKind : std::uint8_t {
    kViolated,  // these rules and no other error rule (`exactly`: no other rule at all)
    kIncludes,  // rule is violated; others may be
    kNone,      // no rule is violated (of `severity`, if given)
    kVerdict,
    kUndetermined,   // rule is undetermined [and needs exactly these fields]
    kExempt,         // rule is exempt [by label]
    kPasses,         // rule applies and is satisfied
    kNotApplicable,  // rule's `when` is false
    kExpires,        // report's `expires_at`: an instant, or never
    kInvalid,        // the record can't be read [because of exactly these errors]
    kRepaired,       // the record isn't compliant, and `repair` is the cheapest way to make it so
};

struct ExpectedRule {
    RuleId rule;
    std::optional<Severity> severity;  // `as warning`
    Span span;
};

struct ExpectedError {
    std::string code;               // `KW6012`
    std::optional<std::string> at;  // JSON Pointer in the input; nothing: anywhere
};

struct Expectation {
    ExpectKind kind = ExpectKind::kViolated;
    std::vector<ExpectedRule> rules;  // one; of kViolated one or more; none of kinds that are about no rule
    bool exactly = false;
    std::optional<Severity> severity;  // of kNone
    std::vector<Verdict> verdicts;     // any of these
    std::vector<FieldId> needs;
    bool needs_given = false;
    std::string by;
    std::optional<Instant> instant;  // of kExpires; nothing means never
    Span span;
    std::vector<ExpectedError> errors;  // of kInvalid; none: whatever they are
    std::vector<Assignment> repair;     // of kRepaired
};

struct TestCase {
    Instant at;
    std::vector<Expectation> expectations;
    Span span;
    std::uint32_t row = 0;          // 1-based, in the tables of the test together; 0: not a row of a table
    std::vector<Assignment> cells;  // of a row: what it changes in the test's record
};

// `for each FIELD [in VALUE, …]`: a test is tried with every choice, and with every combination where there are
// several.
struct Axis {
    FieldId field;
    std::vector<std::vector<Assignment>> choices;
    Span span;
};

// `for any key [tries N] [seed N]`: the records are complete configurations, drawn at random.
struct Property {
    std::uint32_t tries = 100;  // 1 or more
    std::uint64_t seed = 0;
    Span span;
};

// `given json """…""" [through ADAPTER]`. The text may hold secrets: it is read, and never shown.
struct JsonText {
    std::string text;
    std::optional<std::uint32_t> adapter;  // index into Module::adapters; nothing: canonical form
    Span span;                             // without the text
};

struct Test {
    std::string name;
    std::vector<FieldValue> record;  // what is given; where that is `property` or `json`, a record without members
    std::vector<TestCase> cases;
    base::FileId file;
    Span span;
    std::vector<Axis> axes;
    NodeId where;  // of `for each` and `for any key`: only records of which this holds; not valid: all
    std::optional<Property> property;
    std::optional<JsonText> json;
};

enum class ClaimKind : std::uint8_t {
    kNever,          // `rule` is never violated
    kAlways,         // `rule` is always violated
    kVerdict,        // the verdict is one of `verdicts`
    kHolds,          // `condition` holds
    kNeverLooser,    // wherever the pack at `other` says violation, this one does
    kNeverStricter,  // wherever this pack says violation, the one at `other` does
    kSameVerdict,    // both at once
};

enum class Outcome : std::uint8_t { kNotApplicable, kExempt, kPass, kViolated, kUndetermined };

// `prove "…" { for every key where W: … }`; decided by analysis.
struct Proof {
    std::string name;
    NodeId where;  // not valid: every record
    ClaimKind kind = ClaimKind::kNever;
    RuleId rule;  // never / always this rule is violated
    std::vector<Verdict> verdicts;
    NodeId condition;   // kHolds
    std::string other;  // entry file of the pack compared with, normalised as imports are; empty but for comparisons
    Span other_span;    // where the path stands
    Span span;
};

// --- adapters -------------------------------------------------------------------------------------------------------
// How one field is obtained from a native record.
enum class SourceKind : std::uint8_t {
    kMember,    // from the native member at `path`
    kConstant,  // always this value
    kAbsent,
    kUnknown,  // this source can't know it
};

struct ValueMapping {
    std::string from;      // native text
    std::uint32_t to = 0;  // enum value
};

struct FieldSource {
    FieldId field;
    SourceKind kind = SourceKind::kUnknown;
    std::string path;  // JSON Pointer below the record
    ConstId constant;
    bool split = false;  // split the text at `separator`, trim blanks
    std::string separator;
    std::vector<ValueMapping> map;  // for enums and sets of enum; empty: the canonical spelling
    bool has_map = false;
    TimeUnit unit = TimeUnit::kNone;
    bool unit_as_text = false;      // the number stands in a string
    std::vector<std::string> none;  // texts that mean absent (optional) or empty (set); a list of just one of them too
    // What a missing native member means. kUnset: what the schema says of the field.
    enum class OnMissing : std::uint8_t { kUnset, kRequired, kUnknown, kAbsent, kValue } on_missing = OnMissing::kUnset;
    ConstId missing_value;
    // The source replaces the native list as a whole: who changes one element must send all of them.
    bool replaced_whole = false;
    Span span;
};

struct EnvelopeCheck {
    std::string path;   // JSON Pointer from the document's root
    std::string value;  // text it must hold
    Span span;
};

struct Adapter {
    std::string name, title, doc;
    bool canonical = false;    // members not named in `sources` are read as the schema says
    std::string at;            // JSON Pointer to the record or list of records; empty: the root
    bool at_optional = false;  // `else root`: the root itself where `at` is missing
    std::vector<EnvelopeCheck> checks;
    std::vector<std::string> envelope_ignore;  // members beside `at` that are passed over
    std::vector<FieldSource> sources;
    std::vector<std::string> ignore;  // JSON Pointers below the record that are passed over
    FieldId subject;                  // not valid: the default subject
    Span span;
};

// --- module ---------------------------------------------------------------------------------------------------------
struct Pack {
    std::string name, version, title;
    Span span;
};

struct Module {
    Pack pack;
    std::vector<Document> documents;
    std::vector<Enumeration> enums;
    Schema schema;
    std::vector<Type> types;  // of nodes, interned
    std::vector<value::Value> constants;
    std::vector<Node> nodes;
    std::vector<NodeId> lists;                // operands of n-ary nodes
    std::vector<Type> variables;              // element types of quantifier variables, by variable number
    std::vector<std::string> variable_names;  // likewise, as their author calls them; some may be missing
    std::vector<Param> params;
    std::vector<Define> defines;
    std::vector<Rule> rules;  // in order of declaration, imported files first
    std::vector<Sample> samples;
    std::vector<Test> tests;
    std::vector<Proof> proofs;
    std::vector<Adapter> adapters;
    std::vector<Extension> extends;
    std::vector<Waiver> waivers;
    std::vector<Allowed> allowed;

    [[nodiscard]] const Node& node(NodeId id) const { return nodes[id.index()]; }
    [[nodiscard]] const Type& type(NodeId id) const { return types[node(id).type.index()]; }
    [[nodiscard]] const value::Value& constant(std::uint32_t index) const { return constants[index]; }
    [[nodiscard]] std::span<const NodeId> list(const Node& node) const { return {lists.data() + node.a, node.b}; }
    [[nodiscard]] NodeId operand_a(NodeId id) const { return NodeId{node(id).a}; }
    [[nodiscard]] NodeId operand_b(NodeId id) const { return NodeId{node(id).b}; }
};

[[nodiscard]] std::string_view word(Op op);            // `has any of`
[[nodiscard]] std::string_view word(Kind kind);        // `instant`
[[nodiscard]] std::string_view word(ClauseKind kind);  // `must_not`
[[nodiscard]] std::string_view word(Verdict verdict);  // `compliant`
[[nodiscard]] std::string_view word(ClaimKind kind);   // `never looser than`; nothing for kHolds
[[nodiscard]] std::string_view word(Outcome outcome);  // `not_applicable`

// The type in the language's words: `set of { a, b }`, `int 1..20`, `text?`.
[[nodiscard]] std::string to_string(const Module& module, const Type& type);

// A value in the language's words: `{general, spot}`, `30 days`, `"bot"`, `2026-01-01T00:00:00Z`.
[[nodiscard]] std::string to_string(const Module& module, const Type& type, const value::Value& value);

// An expression in the language's words, defines by name.
[[nodiscard]] std::string to_text(const Module& module, NodeId root);

// The whole module as text, one line a thing, for tests and for people: `keywright check --dump-ir`.
[[nodiscard]] std::string dump(const Module& module);

}  // namespace keywright::ir

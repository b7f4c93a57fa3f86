// The grammar of the rule language in PEGTL, in the order of docs/grammar.md. Included by parse.cpp alone: PEGTL's
// templates are slow to compile.
//
// Conventions: a rule with `token` becomes a leaf of the tree, one with `node` an inner node; both are noticed by the
// control in parse.cpp, which takes everything a rule added back when the rule fails. White space follows tokens, so
// that a failure is found at the offending token. `need<R>` turns the failure of R into a diagnostic "expected
// R::what"; up to that point alternatives are told apart by their first tokens, so no text is read more than a fixed
// number of times.
#pragma once

#include "syntax/tree.h"

#include <tao/pegtl.hpp>

#include <string_view>

namespace keywright::syntax::grammar {

namespace p = tao::pegtl;

// --- building blocks
// --------------------------------------------------------------------------------------------------
template <Kind K, class... R>
struct leaf : p::seq<R...> {
    static constexpr Kind token = K;
};

template <Kind K, class... R>
struct node_of : p::seq<R...> {
    static constexpr Kind node = K;
};

// As node_of, but a node with a single child that is not trivia is dropped in favour of the child.
template <Kind K, class... R>
struct level_of : p::seq<R...> {
    static constexpr Kind node = K;
    static constexpr bool collapses = true;
};

template <class R>
struct need;  // R or a diagnostic
template <class R>
struct nested;  // R, one level deeper
template <class R, class Sync>
struct recovering;  // R, or Junk up to the next Sync

struct blank : p::plus<p::one<' ', '\t', '\r', '\n'>> {};
struct rest_of_line : p::star<p::not_one<'\n'>> {};
struct doc_comment : p::seq<p::string<'/', '/', '/'>, rest_of_line> {};
struct comment : p::seq<p::string<'/', '/'>, rest_of_line> {};
struct trivia
    : p::star<p::sor<leaf<Kind::kSpace, blank>, leaf<Kind::kDocComment, doc_comment>, leaf<Kind::kComment, comment>>> {
};

template <Kind K, class R>
struct tok : p::seq<leaf<K, R>, trivia> {};

struct word_char : p::ranges<'a', 'z', 'A', 'Z', '0', '9', '_'> {};
template <class R>
struct whole : p::seq<R, p::not_at<word_char>> {};

#define KW_WORD(id, text_)                                             \
    struct w_##id : tok<Kind::kWord, whole<TAO_PEGTL_STRING(text_)>> { \
        static constexpr std::string_view what = "`" text_ "`";        \
    };
#define KW_PUNCT(id, text_)                                        \
    struct id : tok<Kind::kPunctuation, TAO_PEGTL_STRING(text_)> { \
        static constexpr std::string_view what = "`" text_ "`";    \
    };

KW_WORD(edition, "edition") KW_WORD(pack, "pack") KW_WORD(version, "version") KW_WORD(title, "title")
KW_WORD(import, "import") KW_WORD(extend, "extend") KW_WORD(set, "set") KW_WORD(document, "document")
KW_WORD(dated, "dated") KW_WORD(digest, "digest") KW_WORD(url, "url") KW_WORD(clause, "clause")
KW_WORD(not_checkable, "not_checkable") KW_WORD(schema, "schema") KW_WORD(assume, "assume")
KW_WORD(param, "param") KW_WORD(define, "define") KW_WORD(rule, "rule") KW_WORD(cites, "cites")
KW_WORD(severity, "severity") KW_WORD(when, "when") KW_WORD(unless, "unless") KW_WORD(require, "require")
KW_WORD(forbid, "forbid") KW_WORD(expire, "expire") KW_WORD(after, "after") KW_WORD(warn, "warn")
KW_WORD(before, "before") KW_WORD(message, "message") KW_WORD(help, "help") KW_WORD(interpretation, "interpretation")
KW_WORD(sample, "sample") KW_WORD(with, "with") KW_WORD(test, "test") KW_WORD(given, "given") KW_WORD(at, "at")
KW_WORD(expect, "expect") KW_WORD(prove, "prove") KW_WORD(for, "for") KW_WORD(every, "every") KW_WORD(key, "key")
KW_WORD(where, "where") KW_WORD(never, "never") KW_WORD(always, "always") KW_WORD(verdict, "verdict")
KW_WORD(adapter, "adapter") KW_WORD(canonical, "canonical") KW_WORD(records, "records") KW_WORD(else, "else")
KW_WORD(root, "root") KW_WORD(beside, "beside") KW_WORD(ignore, "ignore") KW_WORD(subject, "subject")
KW_WORD(from, "from") KW_WORD(split, "split") KW_WORD(as, "as") KW_WORD(epoch, "epoch") KW_WORD(text, "text")
KW_WORD(map, "map") KW_WORD(none, "none") KW_WORD(missing, "missing") KW_WORD(refused, "refused")
KW_WORD(unknown, "unknown") KW_WORD(absent, "absent") KW_WORD(present, "present") KW_WORD(one, "one") KW_WORD(of, "of")
KW_WORD(any, "any") KW_WORD(no, "no") KW_WORD(in, "in") KW_WORD(and, "and") KW_WORD(or, "or") KW_WORD(not, "not")
KW_WORD(implies, "implies") KW_WORD(has, "has") KW_WORD(all, "all") KW_WORD(only, "only") KW_WORD(is, "is")
KW_WORD(within, "within") KW_WORD(covers, "covers") KW_WORD(overlaps, "overlaps") KW_WORD(like, "like")
KW_WORD(starts, "starts") KW_WORD(ends, "ends") KW_WORD(match, "match") KW_WORD(true, "true") KW_WORD(false, "false")
KW_WORD(bool, "bool") KW_WORD(network, "network") KW_WORD(secret, "secret") KW_WORD(int, "int")
KW_WORD(instant, "instant") KW_WORD(duration, "duration") KW_WORD(error, "error") KW_WORD(warning, "warning")
KW_WORD(info, "info") KW_WORD(includes, "includes") KW_WORD(undetermined, "undetermined") KW_WORD(needs, "needs")
KW_WORD(exempt, "exempt") KW_WORD(by, "by") KW_WORD(passes, "passes") KW_WORD(not_applicable, "not_applicable")
KW_WORD(expires, "expires") KW_WORD(exactly, "exactly") KW_WORD(compliant, "compliant") KW_WORD(violation, "violation")
KW_WORD(invalid, "invalid") KW_WORD(ms, "ms") KW_WORD(s, "s") KW_WORD(empty, "empty") KW_WORD(blank, "blank")
KW_WORD(open, "open") KW_WORD(private, "private") KW_WORD(masked, "masked")
KW_WORD(must, "must") KW_WORD(must_not, "must_not") KW_WORD(should, "should") KW_WORD(should_not, "should_not")
KW_WORD(may, "may") KW_WORD(fact, "fact") KW_WORD(exemption, "exemption") KW_WORD(note, "note")
KW_WORD(immutable, "immutable") KW_WORD(cost, "cost") KW_WORD(accept, "accept") KW_WORD(gap, "gap")
KW_WORD(looser, "looser") KW_WORD(stricter, "stricter") KW_WORD(than, "than") KW_WORD(same, "same")
KW_WORD(replaced, "replaced") KW_WORD(whole, "whole")
KW_WORD(each, "each") KW_WORD(tries, "tries") KW_WORD(seed, "seed") KW_WORD(table, "table") KW_WORD(json, "json")
KW_WORD(through, "through") KW_WORD(repaired, "repaired")
KW_WORD(waiver, "waiver") KW_WORD(waives, "waives") KW_WORD(owner, "owner") KW_WORD(reason, "reason")
KW_WORD(ticket, "ticket") KW_WORD(until, "until") KW_WORD(allow, "allow") KW_WORD(to, "to") KW_WORD(lines, "lines")

KW_PUNCT(open_brace, "{") KW_PUNCT(close_brace, "}") KW_PUNCT(open_paren, "(") KW_PUNCT(close_paren, ")")
KW_PUNCT(comma, ",") KW_PUNCT(colon, ":") KW_PUNCT(question, "?") KW_PUNCT(dot_dot, "..") KW_PUNCT(dot, ".")
KW_PUNCT(arrow, "->") KW_PUNCT(equal_equal, "==") KW_PUNCT(not_equal, "!=") KW_PUNCT(less_equal, "<=")
KW_PUNCT(greater_equal, ">=") KW_PUNCT(less, "<") KW_PUNCT(greater, ">") KW_PUNCT(plus, "+") KW_PUNCT(bar, "|")
struct assign : tok<Kind::kPunctuation, p::seq<p::one<'='>, p::not_at<p::one<'='>>>> {
    static constexpr std::string_view what = "`=`";
};
struct minus : tok<Kind::kPunctuation, p::seq<p::one<'-'>, p::not_at<p::one<'>'>>>> {};

// --- names and literals
// ----------------------------------------------------------------------------------------------- Kept in step with
// `reserved_words()` by a test.
struct reserved
    : whole<p::sor<TAO_PEGTL_STRING("and"), TAO_PEGTL_STRING("or"), TAO_PEGTL_STRING("not"),
                   TAO_PEGTL_STRING("implies"), TAO_PEGTL_STRING("within"), TAO_PEGTL_STRING("with"),
                   TAO_PEGTL_STRING("in"), TAO_PEGTL_STRING("has"), TAO_PEGTL_STRING("is"), TAO_PEGTL_STRING("else"),
                   TAO_PEGTL_STRING("any"), TAO_PEGTL_STRING("every"), TAO_PEGTL_STRING("no"), TAO_PEGTL_STRING("true"),
                   TAO_PEGTL_STRING("false"), TAO_PEGTL_STRING("match"), TAO_PEGTL_STRING("covers"),
                   TAO_PEGTL_STRING("overlaps"), TAO_PEGTL_STRING("like"), TAO_PEGTL_STRING("starts"),
                   TAO_PEGTL_STRING("ends"), TAO_PEGTL_STRING("when"), TAO_PEGTL_STRING("unless"),
                   TAO_PEGTL_STRING("require"), TAO_PEGTL_STRING("forbid"), TAO_PEGTL_STRING("cites"),
                   TAO_PEGTL_STRING("severity"), TAO_PEGTL_STRING("expire"), TAO_PEGTL_STRING("warn"),
                   TAO_PEGTL_STRING("after"), TAO_PEGTL_STRING("before"), TAO_PEGTL_STRING("of"),
                   TAO_PEGTL_STRING("absent"), TAO_PEGTL_STRING("unknown"), TAO_PEGTL_STRING("present")>> {};

struct plain_name : p::seq<p::not_at<reserved>, p::ranges<'a', 'z', 'A', 'Z', '_'>, p::star<word_char>> {};
struct name : tok<Kind::kName, plain_name> {
    static constexpr std::string_view what = "a name";
};
struct dotted : p::list<name, dot> {
    static constexpr std::string_view what = "a name";
};
struct path : node_of<Kind::kPath, name, p::star<dot, need<name>>> {
    static constexpr std::string_view what = "the name of a field";
};
struct clause_id : tok<Kind::kClauseId, p::list<p::plus<word_char>, p::one<'.'>>> {
    static constexpr std::string_view what = "the id of a clause";
};
struct integer
    : tok<Kind::kInteger,
          p::seq<p::digit, p::star<p::sor<p::digit, p::seq<p::one<'_'>, p::at<p::digit>>>>, p::not_at<word_char>>> {
    static constexpr std::string_view what = "a whole number";
};
// An escape consumes the character behind the backslash; which escapes exist is checked later, with a better message.
struct text_char : p::sor<p::seq<p::one<'\\'>, p::not_one<'\n'>>, p::not_one<'"', '\\', '\n', '\r'>> {};
struct text_end : p::one<'"'> {
    static constexpr std::string_view what = "the closing `\"` on the same line";
};
struct text : tok<Kind::kText, p::seq<p::one<'"'>, p::star<text_char>, need<text_end>>> {
    static constexpr std::string_view what = "a string";
};
// Text of another language, as it is: it has no escapes, and ends at the next three quotes.
struct raw_quotes : TAO_PEGTL_STRING("\"\"\"") {};
struct raw_end : raw_quotes {
    static constexpr std::string_view what = "the closing `\"\"\"`";
};
struct raw_text : tok<Kind::kRawText, p::seq<raw_quotes, p::star<p::not_at<raw_quotes>, p::any>, need<raw_end>>> {
    static constexpr std::string_view what = "text in three quotes, like `\"\"\"{ … }\"\"\"`";
};
// Instants and networks are recognised loosely here and checked strictly later, so that a mistake is explained.
struct instant_shape : p::seq<p::rep<4, p::digit>, p::one<'-'>, p::rep<2, p::digit>, p::one<'-'>,
                              p::star<p::sor<p::alnum, p::one<':', '.', '+', '-'>>>> {};
struct instant : tok<Kind::kInstant, instant_shape> {
    static constexpr std::string_view what = "an instant like `2026-01-31T00:00:00Z`";
};
struct octets : p::plus<p::sor<p::digit, p::one<'*'>>> {};
struct ipv4_shape : p::seq<octets, p::one<'.'>, p::sor<p::digit, p::one<'*'>>,
                           p::star<p::sor<p::alnum, p::one<'.', '*', ':', '/', '%'>>>> {};
struct ipv6_shape : p::seq<p::rep_opt<4, p::xdigit>, p::one<':'>, p::rep_opt<4, p::xdigit>, p::one<':'>,
                           p::star<p::sor<p::alnum, p::one<'.', ':', '/', '%'>>>> {};
struct network : tok<Kind::kNetwork, p::sor<ipv4_shape, ipv6_shape>> {};
struct unit_word
    : p::sor<TAO_PEGTL_STRING("milliseconds"), TAO_PEGTL_STRING("millisecond"), TAO_PEGTL_STRING("seconds"),
             TAO_PEGTL_STRING("second"), TAO_PEGTL_STRING("minutes"), TAO_PEGTL_STRING("minute"),
             TAO_PEGTL_STRING("hours"), TAO_PEGTL_STRING("hour"), TAO_PEGTL_STRING("days"), TAO_PEGTL_STRING("day"),
             TAO_PEGTL_STRING("weeks"), TAO_PEGTL_STRING("week")> {};
struct unit : tok<Kind::kWord, whole<unit_word>> {
    static constexpr std::string_view what = "a unit of time like `days`";
};
struct negative : leaf<Kind::kPunctuation, p::one<'-'>, p::at<p::digit>> {};
struct number : p::seq<p::opt<negative>, integer, p::opt<unit>> {};
struct value;
struct expr;
struct set_literal
    : node_of<Kind::kSetLiteral, open_brace,
              p::opt<value, p::star<comma, p::sor<value, p::at<close_brace>, need<value>>>>, need<close_brace>> {};
struct literal : node_of<Kind::kLiteral, p::sor<w_true, w_false, instant, network, number, text>> {};
struct name_value : node_of<Kind::kReference, name> {};
struct value : p::sor<nested<set_literal>, literal, name_value> {
    static constexpr std::string_view what = "a value";
};

// --- expressions
// ------------------------------------------------------------------------------------------------------
struct sum;
struct call_ahead : p::at<p::plus<word_char>, p::star<blank>, p::one<'('>> {};
struct call : node_of<Kind::kCall, call_ahead, name, open_paren, need<expr>, need<close_paren>> {};
struct arm : node_of<Kind::kArm, name, need<colon>, need<expr>> {
    static constexpr std::string_view what = "an arm like `value: expression`";
};
struct scrutinee : p::seq<nested<sum>> {
    static constexpr std::string_view what = "an expression";
};
struct match_expr : node_of<Kind::kMatch, w_match, need<scrutinee>, need<open_brace>, need<arm>,
                            p::star<comma, p::sor<arm, p::at<close_brace>, need<arm>>>, need<close_brace>> {};
struct paren : node_of<Kind::kParen, open_paren, need<expr>, need<close_paren>> {};
struct reference : node_of<Kind::kReference, name, p::star<dot, need<name>>> {};
struct primary : p::sor<paren, nested<set_literal>, literal, match_expr, call, reference> {
    static constexpr std::string_view what = "an expression";
};
struct alternative : level_of<Kind::kElse, primary, p::star<w_else, need<primary>>> {
    static constexpr std::string_view what = "an expression";
};
struct sum : level_of<Kind::kSum, alternative, p::star<p::sor<plus, minus>, need<alternative>>> {
    static constexpr std::string_view what = "an expression";
};
struct ordering : p::sor<less_equal, greater_equal, less, greater> {
    static constexpr std::string_view what = "`<`, `<=`, `>` or `>=`";
};
struct comparison : p::sor<equal_equal, not_equal, ordering> {
    static constexpr std::string_view what = "a comparison like `==`";
};
struct property : p::sor<w_present, w_absent, w_empty, w_blank, w_open, w_private, w_masked> {
    static constexpr std::string_view what = "`present`, `absent`, `empty`, `blank`, `open`, `private` or `masked`";
};
struct amount : p::sor<p::seq<p::sor<w_any, w_all, w_none>, need<w_of>>, w_only> {
    static constexpr std::string_view what = "`any of`, `all of`, `none of` or `only`";
};
struct binary_word
    : p::sor<w_in, w_within, w_covers, w_overlaps, w_like, p::seq<p::sor<w_starts, w_ends>, need<w_with>>> {
    static constexpr std::string_view what =
        "`in`, `within`, `covers`, `overlaps`, `like`, `starts with` or `ends with`";
};
// A single `=` behind an operand is meant as a comparison.
struct relation_tail : p::sor<p::plus<comparison, need<sum>>, p::seq<p::at<p::one<'='>>, need<comparison>>,
                              p::seq<w_is, p::opt<w_not>, need<property>>, p::seq<w_has, need<amount>, need<sum>>,
                              p::seq<w_not, need<binary_word>, need<sum>>, p::seq<binary_word, need<sum>>> {};
struct relation : level_of<Kind::kRelation, sum, p::opt<relation_tail>> {};
struct quantified : node_of<Kind::kQuantified, p::sor<w_any, w_every, w_no>, need<name>, need<w_in>, need<sum>,
                            need<colon>, need<expr>> {};
struct negation : level_of<Kind::kNot, p::star<w_not>, p::sor<quantified, relation>> {
    static constexpr std::string_view what = "a condition";
};
struct conjunction : level_of<Kind::kAnd, negation, p::star<w_and, need<negation>>> {
    static constexpr std::string_view what = "a condition";
};
struct disjunction : level_of<Kind::kOr, conjunction, p::star<w_or, need<conjunction>>> {
    static constexpr std::string_view what = "a condition";
};
struct implication : level_of<Kind::kImplies, disjunction, p::star<w_implies, need<disjunction>>> {};
struct expr : p::seq<nested<implication>> {
    static constexpr std::string_view what = "an expression";
};

// --- templates: text with `{expression}` inside
// -----------------------------------------------------------------------
struct quote : leaf<Kind::kPunctuation, p::one<'"'>> {
    static constexpr std::string_view what = "the closing `\"` on the same line";
};
struct code_point : p::seq<TAO_PEGTL_STRING("\\u{"), p::star<p::xdigit>, p::one<'}'>> {
};  // its braces hold no expression
struct template_char
    : p::sor<code_point, p::seq<p::one<'\\'>, p::not_one<'\n'>>, p::not_one<'"', '\\', '\n', '\r', '{'>> {};
struct template_text : leaf<Kind::kTemplateText, p::plus<template_char>> {};
struct hole_end : leaf<Kind::kPunctuation, p::one<'}'>> {
    static constexpr std::string_view what = "`}` after the interpolated expression";
};
struct hole : p::seq<open_brace, need<expr>, need<hole_end>> {};
struct template_string : node_of<Kind::kTemplate, quote, p::star<p::sor<template_text, hole>>, need<quote>, trivia> {
    static constexpr std::string_view what = "a string";
};

// --- items
// ------------------------------------------------------------------------------------------------------------
// `{ entries }`; each entry recovers on its own.
struct line_begin;  // matches at the first byte of a line, consumes nothing
// A field may be called `allow` or `waiver`, also where its schema isn't indented.
struct allow_ahead : p::at<w_allow, TAO_PEGTL_STRING("KW"), p::digit> {};
struct waiver_ahead : p::at<w_waiver, p::plus<word_char>> {};
struct item_word : p::sor<w_pack, w_import, w_extend, w_document, w_schema, w_param, w_define, w_rule, w_sample, w_test,
                          w_prove, w_adapter, allow_ahead, waiver_ahead> {};
struct body_end : p::sor<p::one<'}'>, p::eof, p::seq<line_begin, p::at<item_word>>> {};
struct clause_sync;
struct entry_sync;
template <class Entry, class Sync = clause_sync>
struct body : p::seq<need<open_brace>, p::star<p::not_at<body_end>, recovering<need<Entry>, Sync>>, need<close_brace>> {
};

struct edition : node_of<Kind::kEdition, w_edition, need<integer>> {};

template <class Word, class Value>
struct entry : node_of<Kind::kEntry, Word, need<Value>> {};

struct pack_entry : p::sor<entry<w_version, text>, entry<w_title, text>> {
    static constexpr std::string_view what = "`version` or `title`";
};
struct pack : node_of<Kind::kPack, w_pack, need<dotted>, body<pack_entry>> {};
struct import : node_of<Kind::kImport, w_import, need<text>> {};
struct extend_entry : node_of<Kind::kSet, w_set, need<name>, need<assign>, need<value>> {
    static constexpr std::string_view what = "`set NAME = value`";
};
struct extend : node_of<Kind::kExtend, w_extend, need<text>, p::opt<p::at<open_brace>, body<extend_entry>>> {};

struct clause_kind : p::sor<w_must_not, w_must, w_should_not, w_should, w_may, w_fact, w_exemption, w_note> {
    static constexpr std::string_view what =
        "the kind of the clause: `must`, `must_not`, `should`, `should_not`, `may`, `fact`, `exemption` or `note`";
};
struct words_to : p::seq<text, need<w_to>, need<text>> {
    static constexpr std::string_view what = "the first words of the excerpt, in quotes";
};
struct line_range : p::seq<integer, p::opt<dot_dot, need<integer>>> {
    static constexpr std::string_view what = "a line, or lines like `3..5`";
};
struct clause_note
    : p::sor<entry<w_not_checkable, text>, entry<w_digest, text>, entry<w_from, words_to>, entry<w_lines, line_range>> {
};
struct clause : node_of<Kind::kClause, w_clause, need<clause_id>, need<clause_kind>, need<text>, p::star<clause_note>> {
};
struct document_entry
    : p::sor<entry<w_title, text>, entry<w_dated, text>, entry<w_digest, text>, entry<w_url, text>, clause> {
    static constexpr std::string_view what = "`title`, `dated`, `digest`, `url` or `clause`";
};
struct document : node_of<Kind::kDocument, w_document, need<name>, body<document_entry>> {};

struct citation : node_of<Kind::kCitation, name, need<clause_id>> {
    static constexpr std::string_view what = "a document and a clause, like `guide 2.trading`";
};
struct cites : node_of<Kind::kCites, w_cites, need<citation>, p::star<comma, need<citation>>> {};

struct signed_integer : p::seq<p::opt<negative>, integer> {
    static constexpr std::string_view what = "a whole number";
};
struct range : p::seq<signed_integer, need<dot_dot>, need<signed_integer>> {};
struct names_in_braces
    : p::seq<open_brace, need<name>, p::star<comma, p::sor<name, p::at<close_brace>, need<name>>>, need<close_brace>> {
    static constexpr std::string_view what = "values in braces, like `{ a, b }`";
};
struct int_type : p::seq<w_int, p::opt<range>> {};
struct element_type : p::sor<names_in_braces, w_network, w_text, int_type> {
    static constexpr std::string_view what = "`{ values }`, `network`, `text` or `int`";
};
struct epoch_unit : p::sor<w_ms, w_s> {
    static constexpr std::string_view what = "`ms` or `s`";
};
struct field;
struct base_type
    : p::sor<w_bool, w_text, w_network, w_secret, int_type, p::seq<w_instant, p::opt<w_epoch, need<epoch_unit>>>,
             p::seq<w_duration, p::opt<w_in, need<unit>>>, p::seq<w_one, need<w_of>, need<names_in_braces>>,
             p::seq<w_set, need<w_of>, need<element_type>>,
             p::seq<open_brace, p::star<nested<field>>, need<close_brace>>> {};
struct type : node_of<Kind::kType, base_type, p::opt<question>> {
    static constexpr std::string_view what =
        "a type: `bool`, `int`, `text`, `network`, `instant`, `duration`, `secret`, `one of { … }`, `set of …` or `{ "
        "fields }`";
};
struct default_value : p::sor<w_absent, value> {
    static constexpr std::string_view what = "`absent` or a value";
};
// As fields need no comma between them, the next one may be called like an attribute: a `:` tells them apart.
struct field_ahead : p::at<name, p::one<':'>> {};
struct immutable : node_of<Kind::kImmutable, w_immutable> {};
struct cost : node_of<Kind::kCost, w_cost, need<integer>> {};
struct field_attributes : p::star<p::not_at<field_ahead>, p::sor<immutable, cost>> {};
struct field : node_of<Kind::kField, name, need<colon>, need<type>, p::opt<assign, need<default_value>>,
                       field_attributes, p::opt<cites>, p::opt<comma>> {};
struct assume : node_of<Kind::kAssume, w_assume, need<sum>, need<ordering>, need<sum>, p::star<ordering, need<sum>>> {};
// `assume` is only a word of the language where no `:` follows, so that a field may be called so.
struct schema_entry : p::sor<p::seq<p::not_at<w_assume, p::not_at<p::one<':'>>>, field>, assume> {
    static constexpr std::string_view what = "a field like `name: type`, or `assume`";
};
struct schema : node_of<Kind::kSchema, w_schema, need<name>, body<schema_entry, entry_sync>> {};

struct param : node_of<Kind::kParam, w_param, need<name>, p::opt<colon, need<type>>, need<assign>, need<value>> {};
struct define : node_of<Kind::kDefine, w_define, need<name>, need<assign>, need<expr>, p::opt<cites>> {};

struct level : p::sor<w_error, w_warning, w_info> {
    static constexpr std::string_view what = "`error`, `warning` or `info`";
};
struct severity : node_of<Kind::kSeverity, w_severity, need<level>> {};
struct when : node_of<Kind::kWhen, w_when, need<expr>> {};
struct unless : node_of<Kind::kUnless, w_unless, need<expr>, p::opt<cites>> {};
struct require : node_of<Kind::kRequire, w_require, need<expr>> {};
struct forbid : node_of<Kind::kForbid, w_forbid, need<expr>> {};
struct expire
    : node_of<Kind::kExpire, w_expire, need<sum>, need<w_after>, need<sum>, p::opt<w_warn, need<sum>, need<w_before>>> {
};
struct message : node_of<Kind::kMessage, w_message, need<template_string>> {};
struct help : node_of<Kind::kHelp, w_help, need<template_string>> {};
struct interpretation : node_of<Kind::kInterpretation, w_interpretation, need<text>> {};
// `accept gap [where CONDITION] "reason"`. No expression goes on with a string, so the reason needs no word before it.
struct accept : node_of<Kind::kAccept, w_accept, need<w_gap>, p::opt<w_where, need<expr>>, need<text>> {};
struct rule_clause
    : p::sor<cites, severity, when, unless, require, forbid, expire, message, help, interpretation, accept> {
    static constexpr std::string_view what =
        "`cites`, `severity`, `when`, `unless`, `require`, `forbid`, `expire`, `message`, `help`, `interpretation` or "
        "`accept`";
};
struct rule : node_of<Kind::kRule, w_rule, need<name>, body<rule_clause>> {};

// --- waivers, and findings that are allowed
// ------------------------------------------------------------------------------------------------
struct waives : node_of<Kind::kWaives, w_waives, need<name>> {};
struct waiver_entry : p::sor<waives, when, entry<w_owner, text>, entry<w_reason, text>, entry<w_ticket, text>,
                             entry<w_until, instant>> {
    static constexpr std::string_view what = "`waives`, `when`, `owner`, `reason`, `ticket` or `until`";
};
struct waiver : node_of<Kind::kWaiver, w_waiver, need<name>, body<waiver_entry>> {};
struct finding_code : tok<Kind::kName, whole<p::seq<TAO_PEGTL_STRING("KW"), p::plus<p::digit>>>> {
    static constexpr std::string_view what = "the code of a finding, like `KW7001`";
};
struct finding_subject : p::sor<text, clause_id> {
    static constexpr std::string_view what = "the name of what the finding is about";
};
struct allow : node_of<Kind::kAllow, w_allow, need<finding_code>, p::opt<w_in, need<finding_subject>>,
                       p::opt<w_until, need<instant>>, need<text>> {};

// --- samples and tests
// ------------------------------------------------------------------------------------------------
struct record;
struct member_value : p::sor<w_absent, w_unknown, w_present, nested<record>, value> {
    static constexpr std::string_view what = "a value, `absent`, `unknown` or `present`";
};
struct member : node_of<Kind::kMember, path, need<colon>, need<member_value>> {
    static constexpr std::string_view what = "a member like `name: value`";
};
// A record and a set both stand in braces; a record's members have a colon.
struct record_ahead : p::at<open_brace, p::sor<close_brace, p::seq<name, p::star<dot, name>, p::one<':'>>>> {};
struct members : p::seq<open_brace, p::opt<member, p::star<comma, p::sor<member, p::at<close_brace>, need<member>>>>,
                        need<close_brace>> {};
struct record : node_of<Kind::kRecord, record_ahead, members> {};
// Where no set may stand, nothing needs to be told apart, and a mistake is found where it is.
struct whole_record : node_of<Kind::kRecord, members> {
    static constexpr std::string_view what = "a record like `{ name: value }`";
};
struct configuration
    : node_of<Kind::kConfiguration, name, p::opt<p::sor<p::seq<w_with, need<whole_record>>, whole_record>>> {
    static constexpr std::string_view what = "the name of a sample or of the schema";
};
struct sample : node_of<Kind::kSample, w_sample, need<name>, need<assign>, need<configuration>> {};

struct verdict : p::sor<w_compliant, w_violation, w_undetermined, w_invalid> {
    static constexpr std::string_view what = "`compliant`, `violation`, `undetermined` or `invalid`";
};
struct verdicts : p::seq<need<verdict>, p::star<w_or, need<verdict>>> {};
struct as_level : p::opt<w_as, need<level>> {};
struct label : p::sor<name, text> {
    static constexpr std::string_view what = "the label of an exemption";
};
struct instant_or_never : p::sor<instant, w_never> {
    static constexpr std::string_view what = "an instant or `never`";
};
// The code of what is wrong with a record. Its shape tells it from the word that begins the next clause.
struct error_code : tok<Kind::kName, whole<p::seq<TAO_PEGTL_STRING("KW"), p::plus<p::digit>>>> {};
struct error_place : p::seq<p::at<w_at, p::one<'"'>>, w_at, text> {};
struct repaired_ahead : p::at<w_repaired, w_by> {};
struct expectation
    : node_of<
          Kind::kExpectation,
          p::sor<p::seq<w_none, p::opt<level>>, p::seq<w_verdict, verdicts>, p::seq<w_includes, need<name>, as_level>,
                 p::seq<w_invalid, p::opt<error_code, p::opt<error_place>>>,
                 p::seq<repaired_ahead, w_repaired, w_by, need<whole_record>>,
                 p::seq<w_undetermined, need<name>, p::opt<w_needs, need<path>, p::star<w_and, need<path>>>>,
                 p::seq<w_exempt, need<name>, p::opt<w_by, need<label>>>, p::seq<w_passes, need<name>>,
                 p::seq<w_not_applicable, need<name>>, p::seq<w_expires, need<instant_or_never>>,
                 p::seq<p::opt<w_exactly>, name, as_level>>> {
    static constexpr std::string_view what =
        "a rule, `none`, `exactly`, `includes`, `passes`, `not_applicable`, `exempt`, `undetermined`, `expires`, "
        "`verdict`, `invalid` or `repaired by`";
};
// A sample may be called `json`.
struct json_ahead : p::at<w_json, p::one<'"'>> {};
struct json_given : p::seq<json_ahead, w_json, need<raw_text>, p::opt<w_through, need<name>>> {};
struct given : node_of<Kind::kGiven, w_given, p::sor<json_given, need<configuration>>> {};
struct expectations : p::seq<need<expectation>, p::star<comma, need<expectation>>> {};
struct expect
    : node_of<Kind::kExpect, p::sor<p::seq<p::at<w_at, instant, w_expect>, w_at, instant, w_expect>, w_expect>,
              expectations> {};
struct at_clause : node_of<Kind::kAt, w_at, need<instant>> {};
struct member_values : p::seq<need<member_value>, p::star<comma, need<member_value>>> {};
struct where_tail : p::opt<w_where, need<expr>> {};
struct for_each : node_of<Kind::kForEach, p::at<w_for, w_each>, w_for, w_each, need<path>, p::opt<w_in, member_values>,
                          where_tail> {};
struct for_any : node_of<Kind::kForAny, w_for, need<w_any>, need<w_key>, where_tail, p::opt<w_tries, need<integer>>,
                         p::opt<w_seed, need<integer>>> {};
// A row needs no mark at its end: the next begins with a bar.
struct header : node_of<Kind::kHeader, bar, need<path>, p::star<bar, need<path>>, need<arrow>, need<w_expect>> {
    static constexpr std::string_view what = "the names of the columns, like `| name | limits.daily -> expect`";
};
struct cell : node_of<Kind::kCell, member_value> {
    static constexpr std::string_view what = member_value::what;
};
struct row : node_of<Kind::kRow, bar, need<cell>, p::star<bar, need<cell>>, need<arrow>, expectations> {
    static constexpr std::string_view what = "a row like `| value | value -> expectation`";
};
struct row_sync;
struct table : node_of<Kind::kTable, w_table, need<open_brace>, need<header>,
                       p::star<p::not_at<body_end>, recovering<need<row>, row_sync>>, need<close_brace>> {};
struct test_entry : p::sor<given, expect, at_clause, for_each, for_any, table> {
    static constexpr std::string_view what = "`given`, `at`, `expect`, `table`, `for each` or `for any key`";
};
struct test : node_of<Kind::kTest, w_test, need<text>, body<test_entry>> {};

// A rule may be called `looser`, and a define `same`: what follows tells them apart.
struct than_ahead : p::at<p::sor<w_looser, w_stricter>, p::not_at<p::one<'}'>>> {};
struct never_claim
    : p::seq<w_never, p::sor<p::seq<than_ahead, p::sor<w_looser, w_stricter>, need<w_than>, need<text>>, need<name>>> {
};
struct same_claim : p::seq<p::at<w_same, w_verdict>, w_same, w_verdict, need<w_as>, need<text>> {};
struct claim : node_of<Kind::kClaim, p::sor<never_claim, p::seq<w_always, need<name>>, same_claim,
                                            p::seq<w_verdict, need<w_is>, verdicts>, expr>> {
    static constexpr std::string_view what =
        "`never RULE`, `always RULE`, `verdict is …`, a comparison with another pack or a condition";
};
struct prove : node_of<Kind::kProve, w_prove, need<text>, need<open_brace>, need<w_for>, need<w_every>, need<w_key>,
                       p::opt<w_where, need<expr>>, need<colon>, need<claim>, need<close_brace>> {};

// --- adapters
// ---------------------------------------------------------------------------------------------------------
struct pointer : node_of<Kind::kPointer, p::sor<text, name>> {
    static constexpr std::string_view what = "a member's name or a JSON Pointer like `\"/data\"`";
};
struct pointers : p::seq<need<pointer>, p::star<comma, need<pointer>>> {};
struct mapping : node_of<Kind::kMapping, text, need<arrow>, need<name>> {
    static constexpr std::string_view what = "a mapping like `\"Spot\" -> spot`";
};
struct split : node_of<Kind::kSplit, w_split, need<text>> {};
struct epoch : node_of<Kind::kUnit, p::sor<p::seq<w_as, need<w_epoch>, need<epoch_unit>>, p::seq<w_in, need<unit>>>,
                       p::opt<w_text>> {};
struct map : node_of<Kind::kMap, w_map, need<open_brace>, need<mapping>,
                     p::star<comma, p::sor<mapping, p::at<close_brace>, need<mapping>>>, need<close_brace>> {};
struct none : node_of<Kind::kNone, w_none, need<text>, p::star<comma, need<text>>> {};
struct missing_value : p::sor<w_refused, w_unknown, w_absent, value> {
    static constexpr std::string_view what = "`refused`, `unknown`, `absent` or a value";
};
struct missing : node_of<Kind::kMissing, w_missing, need<missing_value>> {};
struct fixed_value : p::sor<w_absent, w_unknown, value> {
    static constexpr std::string_view what = "a value, `absent` or `unknown`";
};
struct replaced : node_of<Kind::kReplaced, w_replaced, need<w_whole>> {};
// A field may be called like a clause, or like a part of the source before it: what follows the first word tells them
// apart.
struct source_ahead : p::at<name, p::star<dot, name>, p::sor<w_from, assign>> {};
struct from_tail : p::seq<w_from, need<pointer>,
                          p::star<p::not_at<source_ahead>, p::sor<split, epoch, map, none, missing, replaced>>> {};
struct source_tail : p::sor<from_tail, p::seq<assign, need<fixed_value>>> {
    static constexpr std::string_view what = "`from` a native member, or `=` a value";
};
struct source : node_of<Kind::kSource, path, need<source_tail>> {};
struct canonical : node_of<Kind::kCanonical, w_canonical> {};
struct records : node_of<Kind::kRecords, w_records, w_at, need<pointer>, p::opt<w_else, need<w_root>>> {};
struct check : node_of<Kind::kCheck, w_expect, pointer, need<equal_equal>, need<text>> {};
struct beside : node_of<Kind::kBeside, w_beside, pointers> {};
struct ignore : node_of<Kind::kIgnore, w_ignore, pointers> {};
struct subject : node_of<Kind::kSubject, w_subject, need<path>> {};
struct adapter_clause : p::sor<p::seq<source_ahead, source>, entry<w_title, text>, canonical, records, check, beside,
                               ignore, subject, source> {
    static constexpr std::string_view what =
        "a field with `from` or `=`, `title`, `canonical`, `records`, `expect`, `beside`, `ignore` or `subject`";
};
struct adapter : node_of<Kind::kAdapter, w_adapter, need<name>, body<adapter_clause, entry_sync>> {};

// --- file
// -------------------------------------------------------------------------------------------------------------
struct item
    : p::sor<pack, import, extend, document, schema, param, define, rule, sample, test, prove, adapter, waiver, allow> {
    static constexpr std::string_view what =
        "`pack`, `import`, `extend`, `document`, `schema`, `param`, `define`, `rule`, `sample`, `test`, `prove`, "
        "`adapter`, `waiver` or `allow`";
};
struct item_sync;
struct file : node_of<Kind::kFile, trivia, p::opt<edition>,
                      p::star<p::not_at<p::eof>, recovering<need<item>, item_sync>>, p::eof> {};

}  // namespace keywright::syntax::grammar

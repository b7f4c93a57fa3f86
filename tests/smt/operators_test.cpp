// Each operator with questions whose answers are known: can it be true, can it be false.
#include "smt/asking.h"

using keywright::test::both_ways;

namespace {

struct Row {
    std::string expression;
    std::string answers;
};

void run(const char* fields, std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        CAPTURE(row.expression);
        std::string reason;
        CHECK_MESSAGE(both_ways(fields, row.expression, &reason) == row.answers, reason);
    }
}

}  // namespace

TEST_CASE("logic") {
    run("a: bool\nb: bool", {{"a and not a", "ny"},
                             {"a or not a", "yn"},
                             {"a and b", "yy"},
                             {"(a and b) implies a", "yn"},
                             {"a implies b", "yy"},
                             {"a == a", "yn"},
                             {"a != a", "ny"},
                             {"a == b", "yy"},
                             {"not (a and b) == (not a or not b)", "yn"}});
}

TEST_CASE("presence") {
    run("w: int 0..99\na: int 1..5?\nr: { x: int 1..5\n y: bool? }?\nt: text?",
        {{"a is present", "yy"},
         {"a is present and w == 6 and a >= w", "ny"},
         {"a is present implies (w < 1 implies a > w)", "yn"},
         {"(a else 7) == 7", "yy"},
         {"w == 7 and (a else 7) > w", "ny"},
         {"(a else 7) == 6", "ny"},
         {"a is absent and (a else 9) != 9", "ny"},
         {"r is present and r.x == 5", "yy"},
         {"r is present and r.x == w and w == 6", "ny"},
         {"r is present and r.y is absent", "yy"},
         {"r is present and (r.y else false)", "yy"},
         {"r is present and r.y is present and r.y and not r.y", "ny"},
         {"(t else \"x\") == \"x\"", "yy"}});
}

TEST_CASE("comparison and arithmetic of ints") {
    run("a: int 1..5\nb: int 1..5\nc: int\nw: int 0..99", {{"w == 1 and a < w", "ny"},
                                                           {"a <= 1", "yy"},
                                                           {"w == 5 and a > w", "ny"},
                                                           {"w == 1 implies a >= w", "yn"},
                                                           {"a + b == 10", "yy"},
                                                           {"w == 11 and a + b == w", "ny"},
                                                           {"w == 4 and a - b > w", "ny"},
                                                           {"a - b >= 4", "yy"},
                                                           {"a < b and b < a", "ny"},
                                                           {"c == 9223372036854775807", "yy"},
                                                           {"a in {7, 8}", "ny"},
                                                           {"a in {1, 2, 3, 4, 5}", "yn"}});
}

TEST_CASE("enums and match") {
    run("w: int 0..99\nu: one of { p, q, r }\nv: one of { p, q, r }?",
        {{"u == p and u == q", "ny"},
         {"u == p or u == q or u == r", "yn"},
         {"u in {p, q}", "yy"},
         {"w == 3 and (match u { p: 1, q: 2, r: 3 }) > w", "ny"},
         {"(match u { p: 1, q: 2, r: 3 }) == 3", "yy"},
         {"(match u { p: 1, q: 2, r: 3 }) == 2 and u == r", "ny"},
         {"v is present and v == u", "yy"}});
}

TEST_CASE("instants and durations") {
    run("a: instant\nb: instant?\nd: duration\nassume b <= now", {{"a < 1970-01-01T00:00:00Z", "ny"},
                                                                  {"a > 9999-12-31T23:59:59Z", "yy"},
                                                                  {"a + d < a", "ny"},
                                                                  {"a - now > 30 days", "yy"},
                                                                  {"b is present and b > now", "ny"},
                                                                  {"b is present and now - b > 30 days", "yy"},
                                                                  {"d < 0 days", "ny"},
                                                                  {"d == 1500 milliseconds", "yy"},
                                                                  {"d > 1 millisecond and d < 2 milliseconds", "ny"},
                                                                  {"a + d - d == a", "yn"},
                                                                  {"d > 3000000 days", "yy"}});
}

TEST_CASE("sets of enum") {
    run("w: int 0..99\ns: set of { x, y, z }\nt: set of { x, y, z }?", {{"s is empty", "yy"},
                                                                        {"s has any of {x, y}", "yy"},
                                                                        {"s has all of {x, y} and x not in s", "ny"},
                                                                        {"s has none of {x} and x in s", "ny"},
                                                                        {"s has only {x, y} and z in s", "ny"},
                                                                        {"s == {x} and count(s) != 1", "ny"},
                                                                        {"count(s) == 3", "yy"},
                                                                        {"w == 3 and count(s) > w", "ny"},
                                                                        {"any e in s: e == x or e == y", "yy"},
                                                                        {"(every e in s: e == x) and y in s", "ny"},
                                                                        {"(no e in s: e == x) == (x not in s)", "yn"},
                                                                        {"t is present and t == s and s != t", "ny"},
                                                                        {"(t else {x}) == {x}", "yy"}});
}

TEST_CASE("text") {
    run("a: text\nb: text\nw: int -9..99", {{"a == \"bot\"", "yy"},
                                            {"a == \"bot\" and b == a and b != \"bot\"", "ny"},
                                            {"length(a) == 3", "yy"},
                                            {"w == 0 and length(a) < w", "ny"},
                                            {"a == \"b\xc3\xb6t\xf0\x9f\x98\x80\" and length(a) != 4", "ny"},
                                            {"a == \"\xf4\x8f\xbf\xbf\"", "yy"},
                                            {"a is blank", "yy"},
                                            {"a is blank and length(a) == 5", "yy"},
                                            {"a == \"\" and a is not blank", "ny"},
                                            {"a == \"\xe2\x80\x83\" and a is not blank", "ny"},
                                            {"a is blank and a starts with \"x\"", "ny"},
                                            {"a starts with \"ab\" and length(a) < 2", "ny"},
                                            {"a starts with \"ab\" and a ends with \"ba\" and length(a) == 3", "yy"},
                                            {"a starts with b and length(b) > length(a)", "ny"},
                                            {"a ends with \"x\" and not a ends with b and length(b) == 0", "ny"},
                                            {"a like \"a*b?\"", "yy"},
                                            {"a like \"a*b?\" and length(a) < 3", "ny"},
                                            {"a like \"a*b?\" and a == \"abc\"", "yy"},
                                            {"a like \"\\\\*\" and a != \"*\"", "ny"},
                                            {"a like \"a\\\\\\\\b\" and length(a) == 3", "yy"},
                                            {"a == \"\\\\u{41}\" and length(a) != 6", "ny"},
                                            {"a == \"\\\\u{41}\" or a == \"\\\"\"", "yy"},
                                            {"a in {\"x\", \"y\"} and length(a) == 2", "ny"},
                                            {"length(a) > 100", "yy"}});
}

TEST_CASE("secrets") {
    run("s: secret", {{"length(s) == 0 and has_digit(s)", "ny"},
                      {"length(s) == 2 and has_digit(s) and has_upper(s) and has_lower(s)", "ny"},
                      {"length(s) == 3 and has_digit(s) and has_upper(s) and has_lower(s)", "yy"},
                      {"s is masked", "yy"},
                      {"s is masked and not has_symbol(s)", "ny"},
                      {"s is masked and has_digit(s) and length(s) < 4", "ny"},
                      {"s is masked and length(s) == 1", "yy"},
                      {"has_space(s) and has_other(s) and length(s) == 1", "yy"},
                      {"has_space(s) and has_digit(s) and length(s) == 1", "ny"},
                      {"length(s) > 4294967294", "ny"}});
}

TEST_CASE("networks") {
    run("n: network\nm: network\nw: int 0..999",
        {{"n is open", "yy"},
         {"n is open and n is private", "yy"},
         {"n is open and n is private and prefix_length(n) > 15", "ny"},
         {"n is private and not n within {10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16}", "yy"},
         {"n is private and family(n) == ipv4 and not n within {10.0.0.0/8, 172.16.0.0/12, "
          "192.168.0.0/16}",
          "ny"},
         {"w == 128 and prefix_length(n) > w", "ny"},
         {"family(n) == ipv4 and prefix_length(n) > 32", "ny"},
         {"family(n) == ipv6 and prefix_length(n) == 128", "yy"},
         {"n within m and m within n and n != m", "ny"},
         {"n overlaps m and not n within m and not m within n", "ny"},
         {"n covers 10.0.0.0/8 and prefix_length(n) > 8", "ny"},
         {"n covers 10.0.0.0/8 and prefix_length(n) == 7", "yy"},
         {"n within ::ffff:0:0:0/96 and n != ::ffff:0:0:0/96", "yy"},
         {"n within ::/95 and prefix_length(n) == 128", "yy"},
         {"n within ::/127 and prefix_length(n) == 128 and n != ::1 and n != ::", "ny"},
         {"n within {10.0.0.0/9, 10.128.0.0/9} and n == 10.0.0.0/8", "yy"},
         {"(n within {10.0.0.0/9, 10.128.0.0/9}) != (n within 10.0.0.0/8)", "ny"},
         {"n within {10.0.0.0/9, 10.128.0.0/10} and n == 10.0.0.0/8", "ny"},
         {"n within {0.0.0.0/1, 128.0.0.0/1} and family(n) == ipv6", "ny"},
         {"(n within {::/1, 8000::/1}) != (family(n) == ipv6)", "ny"}});
}

TEST_CASE("sets of networks") {
    run("s: set of network\nt: set of network\nn: network",
        {{"s is empty and (any x in s: x is open)", "ny"},
         {"s is not empty and (no x in s: x is open)", "yy"},
         {"(every x in s: x within 10.0.0.0/8) and (any x in s: x is open)", "ny"},
         {"(every x in s: x within 10.0.0.0/8) and not s within 10.0.0.0/8", "ny"},
         {"10.0.0.0/8 in s and 11.0.0.0/8 in s and count(s) == 2", "yy"},
         {"10.0.0.0/8 in s and 11.0.0.0/8 in s and count(s) < 2", "ny"},
         {"s == {10.0.0.0/8} and count(s) != 1", "ny"},
         {"s == t and count(s) == 3 and t is empty", "ny"},
         {"s has any of t and s has none of t", "ny"},
         {"s has only t and t has only s and s != t", "ny"},
         {"s has all of {10.0.0.0/8, 11.0.0.0/8} and count(s) > 5", "yy"},
         {"n in s and s overlaps 10.0.0.0/8 and not n overlaps 10.0.0.0/8", "yy"},
         {"n in s and n within 10.0.0.0/8 and not s overlaps 10.0.0.0/8", "ny"},
         {"s covers 10.1.2.3 and not s overlaps 10.0.0.0/8", "ny"},
         {"s covers 10.0.0.0/8 and 10.0.0.0/8 not in s and count(s) == 2 and (every x in s: prefix_length(x) == 9)",
          "yy"},
         {"(any x in s: any y in t: x overlaps y) != (s overlaps t)", "ny"}});
}

TEST_CASE("sets of text and ints") {
    run("s: set of text\nk: set of int 1..3\nt: text", {{"t in s and s is empty", "ny"},
                                                        {"\"a\" in s and \"b\" in s and count(s) == 1", "ny"},
                                                        {"any x in s: x starts with \"a\" and length(x) == 4", "yy"},
                                                        {"4 in k", "ny"},
                                                        {"count(k) == 3", "yy"},
                                                        {"count(k) > 3", "ny"},
                                                        {"k has all of {1, 2, 3} and count(k) == 3", "yy"},
                                                        {"(every x in k: x > 2) and count(k) > 1", "ny"},
                                                        {"any x in k: x + 1 == 4", "yy"}});
}

TEST_CASE("what nothing bounds is not guessed") {
    std::string reason;
    CHECK(both_ways("s: set of network\nt: set of network", "count(s) + count(t) > 3 and s is empty and t is empty",
                    &reason) == "?y");
    CHECK(reason.find("calculated") != std::string::npos);
    CHECK(both_ways("s: set of network", "s covers 10.0.0.0/8 and (no x in s: x overlaps 10.0.0.0/8)", &reason) ==
          "?y");
    CHECK(reason.find("together") != std::string::npos);
    CHECK(both_ways("s: set of int\nf: int", "count(s) < f and f < 0", &reason) == "?y");
    CHECK(both_ways("s: set of network\nt: set of network",
                    "(every x in s: any y in t: y within x) and s is not empty and t is empty", &reason) == "?y");
    CHECK(reason.find("further") != std::string::npos);
}

// A thin layer over Z3's terms: connectives that fold constants away, literals of our values, and text.
//
// Z3's C++ interface reports what goes wrong by exceptions; the entry points in query.cpp catch them.
#pragma once

#include "value/network.h"
#include "value/time.h"

#include <z3++.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::smt {

using z3::expr;
using Terms = std::vector<expr>;

// Text as Z3 has it. Its characters end at U+2FFFF, surrogates are among them, and it prints a backslash like the
// beginning of an escape. So the characters of constants that it lacks, and the backslash, each take a surrogate, and
// every surrogate or backslash of a model that nobody took stands for a private-use character of its own. The map is
// one to one and keeps white space, which is all that the operators of the language look at.
class Alphabet {
public:
    // The text as an argument of Z3_mk_string.
    [[nodiscard]] std::string spell(std::string_view utf8);
    // UTF-8 of Z3's character codes.
    [[nodiscard]] std::string read(const std::vector<std::uint32_t>& codes);

private:
    std::vector<std::pair<std::uint32_t, char32_t>> taken_;  // code, character
    std::uint32_t next_surrogate_ = 0xd800;
    char32_t next_private_ = 0xf0000;

    [[nodiscard]] std::uint32_t code_of(char32_t scalar);
    [[nodiscard]] char32_t scalar_of(std::uint32_t code);
};

// Builds terms in one context. Constants are folded at once, because most of what an encoding says about presence is
// constant.
class Builder {
public:
    explicit Builder(z3::context& context) : context_(context) {}

    [[nodiscard]] z3::context& context() { return context_; }
    [[nodiscard]] Alphabet& alphabet() { return alphabet_; }

    [[nodiscard]] expr truth(bool value) { return context_.bool_val(value); }
    [[nodiscard]] expr both(const expr& a, const expr& b);
    [[nodiscard]] expr either(const expr& a, const expr& b);
    [[nodiscard]] expr negation(const expr& a);
    [[nodiscard]] expr all(const Terms& terms);
    [[nodiscard]] expr some(const Terms& terms);
    [[nodiscard]] expr implies(const expr& a, const expr& b) { return either(negation(a), b); }
    [[nodiscard]] expr choose(const expr& condition, const expr& yes, const expr& no);
    [[nodiscard]] expr equal(const Terms& a, const Terms& b);  // part by part

    [[nodiscard]] expr number(value::Nanos value);
    [[nodiscard]] expr text(std::string_view utf8);
    [[nodiscard]] expr count(const Terms& conditions);  // how many hold, an Int

    // Networks are three terms: is IPv6 (Bool); the first address (128 bits, IPv4 in the low 32); and the number of
    // leading bits of these 128 that are fixed (8 bits: the prefix for IPv6, 96 more for IPv4).
    [[nodiscard]] Terms network(const value::Network& network);
    [[nodiscard]] expr host_mask(const Terms& network);
    [[nodiscard]] expr covers(const Terms& outer, const Terms& inner);
    [[nodiscard]] expr is_network(const Terms& network);  // a block that the reader accepts
    [[nodiscard]] expr is_open(const Terms& network);
    [[nodiscard]] expr is_private(const Terms& network);
    [[nodiscard]] expr prefix(const Terms& network);  // an Int

    // Secrets are their length (Int) and seven facts (Bool), in the order of value::SecretFact's bits. Whether some
    // text has exactly this length and these facts.
    [[nodiscard]] expr is_secret(const Terms& secret);

private:
    z3::context& context_;
    Alphabet alphabet_;
};

// The number of a numeral, exact.
[[nodiscard]] std::optional<value::Nanos> to_number(const expr& numeral);

}  // namespace keywright::smt

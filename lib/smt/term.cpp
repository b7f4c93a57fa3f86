#include "smt/term.h"

#include "base/text.h"

#include <algorithm>

namespace keywright::smt {

namespace {

constexpr std::uint32_t kLastCode = 0x2ffff;

[[nodiscard]] bool is_surrogate(std::uint32_t code) { return code >= 0xd800 && code <= 0xdfff; }

void append_utf8(std::string& out, char32_t scalar) {
    const auto byte = [&](char32_t bits) { out += static_cast<char>(static_cast<unsigned char>(bits)); };
    if (scalar < 0x80) {
        byte(scalar);
    } else if (scalar < 0x800) {
        byte(0xc0 | scalar >> 6);
        byte(0x80 | (scalar & 0x3f));
    } else if (scalar < 0x10000) {
        byte(0xe0 | scalar >> 12);
        byte(0x80 | (scalar >> 6 & 0x3f));
        byte(0x80 | (scalar & 0x3f));
    } else {
        byte(0xf0 | scalar >> 18);
        byte(0x80 | (scalar >> 12 & 0x3f));
        byte(0x80 | (scalar >> 6 & 0x3f));
        byte(0x80 | (scalar & 0x3f));
    }
}

void append_code(std::string& out, std::uint32_t code) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    if ((code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= '0' && code <= '9')) {
        out += static_cast<char>(code);
        return;
    }
    out += "\\u{";
    for (int shift = 20; shift >= 0; shift -= 4) {
        if (code >> shift != 0 || shift == 0) out += kDigits[code >> shift & 0xf];
    }
    out += '}';
}

std::string decimal(value::Nanos value) {
    const bool negative = value < 0;
    std::string out;
    do {
        const int digit = static_cast<int>(value % 10);
        out += static_cast<char>('0' + (digit < 0 ? -digit : digit));
        value /= 10;
    } while (value != 0);
    if (negative) out += '-';
    std::reverse(out.begin(), out.end());
    return out;
}

}  // namespace

std::uint32_t Alphabet::code_of(char32_t scalar) {
    if (scalar <= kLastCode && scalar != '\\') return static_cast<std::uint32_t>(scalar);
    for (const auto& [code, character] : taken_) {
        if (character == scalar) return code;
    }
    taken_.emplace_back(next_surrogate_, scalar);
    return next_surrogate_++;
}

char32_t Alphabet::scalar_of(std::uint32_t code) {
    if (!is_surrogate(code) && code != '\\') return code;
    for (const auto& [known, character] : taken_) {
        if (known == code) return character;
    }
    const auto used = [&](char32_t scalar) {
        return std::any_of(taken_.begin(), taken_.end(), [&](const auto& pair) { return pair.second == scalar; });
    };
    while (used(next_private_)) ++next_private_;
    taken_.emplace_back(code, next_private_);
    return next_private_;
}

std::string Alphabet::spell(std::string_view utf8) {
    std::string out;
    for (std::size_t offset = 0; offset < utf8.size();) append_code(out, code_of(base::next_scalar(utf8, offset)));
    return out;
}

std::string Alphabet::read(const std::vector<std::uint32_t>& codes) {
    std::string out;
    for (const std::uint32_t code : codes) append_utf8(out, scalar_of(code));
    return out;
}

expr Builder::both(const expr& a, const expr& b) {
    if (a.is_true() || b.is_false()) return b;
    if (b.is_true() || a.is_false()) return a;
    return a && b;
}

expr Builder::either(const expr& a, const expr& b) {
    if (a.is_false() || b.is_true()) return b;
    if (b.is_false() || a.is_true()) return a;
    return a || b;
}

expr Builder::negation(const expr& a) {
    if (a.is_true()) return truth(false);
    if (a.is_false()) return truth(true);
    return !a;
}

expr Builder::all(const Terms& terms) {
    z3::expr_vector open{context_};
    for (const expr& term : terms) {
        if (term.is_false()) return term;
        if (!term.is_true()) open.push_back(term);
    }
    if (open.empty()) return truth(true);
    return open.size() == 1 ? open[0] : z3::mk_and(open);
}

expr Builder::some(const Terms& terms) {
    z3::expr_vector open{context_};
    for (const expr& term : terms) {
        if (term.is_true()) return term;
        if (!term.is_false()) open.push_back(term);
    }
    if (open.empty()) return truth(false);
    return open.size() == 1 ? open[0] : z3::mk_or(open);
}

expr Builder::choose(const expr& condition, const expr& yes, const expr& no) {
    if (condition.is_true()) return yes;
    if (condition.is_false() || z3::eq(yes, no)) return no;
    return z3::ite(condition, yes, no);
}

expr Builder::equal(const Terms& a, const Terms& b) {
    Terms parts;
    for (std::size_t i = 0; i < a.size(); ++i) parts.push_back(z3::eq(a[i], b[i]) ? truth(true) : a[i] == b[i]);
    return all(parts);
}

expr Builder::number(value::Nanos value) { return context_.int_val(decimal(value).c_str()); }

expr Builder::text(std::string_view utf8) { return context_.string_val(alphabet_.spell(utf8).c_str()); }

expr Builder::count(const Terms& conditions) {
    expr sum = number(0);
    for (const expr& condition : conditions) {
        if (!condition.is_false()) sum = sum + choose(condition, number(1), number(0));
    }
    return sum;
}

Terms Builder::network(const value::Network& network) {
    const expr high = context_.bv_val(network.high, 64);
    const expr low = context_.bv_val(network.low, 64);
    const unsigned fixed = network.family == 4 ? network.prefix + 96U : network.prefix;
    return {truth(network.family == 6), z3::concat(high, low).simplify(), context_.bv_val(fixed, 8)};
}

expr Builder::host_mask(const Terms& network) {
    // Shifting by all 128 bits leaves none.
    return z3::lshr(~context_.bv_val(0, 128), z3::zext(network[2], 120)).simplify();
}

expr Builder::covers(const Terms& outer, const Terms& inner) {
    const expr covers =
        all({outer[0] == inner[0], z3::ule(outer[2], inner[2]), (inner[1] & ~host_mask(outer)) == outer[1]});
    // Lists of constants are compared with each other in great numbers.
    const bool constant = outer[1].is_numeral() && inner[1].is_numeral();
    return constant ? covers.simplify() : covers;
}

expr Builder::is_network(const Terms& network) {
    const expr& six = network[0];
    const expr& address = network[1];
    const expr zero32 = context_.bv_val(0, 32);
    const expr group = address.extract(63, 32);
    const expr within_low_half = address.extract(127, 64) == context_.bv_val(0, 64);
    const expr mapped = group == context_.bv_val(0xffffU, 32);
    const expr compatible = group == zero32 && z3::ugt(address.extract(31, 0), context_.bv_val(1, 32));
    return all({z3::ule(network[2], context_.bv_val(128, 8)), (address & host_mask(network)) == context_.bv_val(0, 128),
                z3::implies(!six, address.extract(127, 32) == context_.bv_val(0, 96) &&
                                      z3::uge(network[2], context_.bv_val(96, 8))),
                z3::implies(six, !(within_low_half && (mapped || compatible)))});
}

expr Builder::is_open(const Terms& network) {
    const expr unspecified = network[1] == context_.bv_val(0, 128) && network[2] == context_.bv_val(128, 8);
    const expr wide = z3::ult(network[2], z3::ite(network[0], context_.bv_val(16, 8), context_.bv_val(104, 8)));
    return wide || unspecified;
}

expr Builder::is_private(const Terms& network) {
    Terms spaces;
    for (const std::string_view text : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"}) {
        const auto space = value::parse_network(text, false);
        spaces.push_back(covers(this->network(std::get<value::Network>(space)), network));
    }
    return some(spaces);
}

expr Builder::prefix(const Terms& network) {
    // Bit by bit: plain arithmetic, where a conversion would ask for a theory of its own.
    expr sum = choose(network[0], number(0), number(-96));
    for (unsigned bit = 0; bit < 8; ++bit) {
        const expr is_set = network[2].extract(bit, bit) == context_.bv_val(1, 1);
        sum = sum + z3::ite(is_set, number(value::Nanos{1} << bit), number(0));
    }
    return sum;
}

expr Builder::is_secret(const Terms& secret) {
    const expr& length = secret[0];
    const expr &space = secret[1], &digit = secret[2], &upper = secret[3], &lower = secret[4];
    const expr &symbol = secret[5], &other = secret[6], &masked = secret[7];
    // The fewest characters with these facts. A tab is both white space and outside printable ASCII, so one room does
    // for the two.
    const expr beside_symbol = count({space || other, digit, upper, lower});
    const expr rooms = beside_symbol + count({symbol});
    return all({length >= rooms,
                // Every character has a fact, and none means no character.
                (length == 0) == (rooms == 0),
                // Masked are `*`, `**`, and whatever holds three in a row: a star is a symbol.
                z3::implies(masked, symbol && (beside_symbol == 0 || length >= beside_symbol + 3))});
}

std::optional<value::Nanos> to_number(const expr& numeral) {
    std::string text;
    if (!numeral.is_numeral(text) || text.empty()) return std::nullopt;
    const bool negative = text[0] == '-';
    if (text.size() > 38) return std::nullopt;
    value::Nanos number = 0;
    for (const char c : std::string_view{text}.substr(negative ? 1 : 0)) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return negative ? -number : number;
}

}  // namespace keywright::smt

#include "support/json_lines.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace keywright::test {

namespace {

using ir::Kind;
using Pool = std::vector<std::string_view>;

class Writer {
public:
    Writer(Dice& dice, const ir::Module& module, const ir::Adapter* adapter, const JsonStyle& style)
        : dice_(dice), module_(module), adapter_(adapter), style_(style) {}

    std::string run() {
        std::vector<std::string> members;
        if (adapter_ == nullptr || adapter_->canonical) {
            canonical(ir::FieldId{}, members);
            if (style_.unknown_list && dice_.chance(60)) members.push_back(unknown_list());
        }
        if (adapter_ != nullptr) native(members);
        return object(std::move(members));
    }

private:
    std::string blanks() {
        std::string out;
        while (dice_.chance(style_.blanks)) out += dice_.chance(80) ? ' ' : dice_.chance(50) ? '\t' : '\r';
        return out;
    }

    std::string quoted(std::string_view text, bool any_escape) {
        constexpr std::string_view kHex = "0123456789abcdef";
        std::string out = "\"";
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            const bool must = c == '"' || c == '\\' || byte < 0x20;
            const bool may = byte < 0x80 && any_escape && dice_.chance(style_.escapes);
            if (must || may) {
                if ((c == '"' || c == '\\' || c == '/') && dice_.chance(50)) {
                    out += '\\';
                    out += c;
                } else {
                    out += "\\u00";
                    out += kHex[byte >> 4];
                    out += kHex[byte & 15];
                }
            } else {
                out += c;
            }
        }
        return out + "\"";
    }

    std::string name(std::string_view text) { return quoted(text, dice_.chance(style_.unusual)); }

    std::string object(std::vector<std::string> members) {
        if (style_.shuffled) dice_.shuffle(members);
        return list(members, '{', '}');
    }

    std::string list(const std::vector<std::string>& parts, char open, char close) {
        std::string out = blanks() + open + blanks();
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (i != 0) out += "," + blanks();
            out += parts[i] + blanks();
        }
        return out + close + blanks();
    }

    std::string member(std::string_view key, const std::string& value) {
        return name(key) + blanks() + ":" + blanks() + value + blanks();
    }

    void canonical(ir::FieldId parent, std::vector<std::string>& members) {
        for (std::size_t i = 0; i < module_.schema.fields.size(); ++i) {
            const ir::Field& field = module_.schema.fields[i];
            if (field.parent != parent || source_of(i) != nullptr || dice_.chance(style_.missing)) continue;
            if (dice_.chance(style_.null) && (field.type.optional || dice_.chance(style_.wrong))) {
                members.push_back(member(field.member, "null"));
            } else if (field.type.kind == Kind::kRecord && !dice_.chance(style_.wrong)) {
                std::vector<std::string> inside;
                canonical(ir::FieldId{i}, inside);
                members.push_back(member(field.member, object(std::move(inside))));
            } else {
                members.push_back(member(field.member, value(field, field.unit, nullptr)));
            }
        }
    }

    [[nodiscard]] const ir::FieldSource* source_of(std::size_t field) const {
        if (adapter_ == nullptr) return nullptr;
        for (const ir::FieldSource& source : adapter_->sources) {
            if (source.field.index() == field) return &source;
        }
        return nullptr;
    }

    void native(std::vector<std::string>& members) {
        for (const ir::FieldSource& source : adapter_->sources) {
            const ir::Field& field = module_.schema.fields[source.field.index()];
            if (source.kind == ir::SourceKind::kAbsent && adapter_->canonical && dice_.chance(10)) {
                members.push_back(member(field.member, dice_.chance(style_.wrong) ? "0" : "null"));
            }
            if (source.kind != ir::SourceKind::kMember || dice_.chance(style_.missing)) continue;
            const std::string_view key = std::string_view{source.path}.substr(1);
            if (dice_.chance(style_.null)) {
                members.push_back(member(key, "null"));
            } else {
                const ir::TimeUnit unit = source.unit != ir::TimeUnit::kNone ? source.unit : field.unit;
                members.push_back(member(key, value(field, unit, &source)));
            }
        }
        for (const std::string& ignored : adapter_->ignore) {
            if (dice_.chance(50)) members.push_back(member(std::string_view{ignored}.substr(1), anything(3)));
        }
    }

    std::string anything(unsigned depth) {
        static const Pool pool{"null", "true", "false", "0", "-7", "123456789", "\"\"", "\"a b\"", "[]", "{}"};
        static const Pool odd{"1.5", "-0", "1e3", "\"\\ud83d\\ude00\"", "\"\\n\"", "12345678901234567890"};
        if (depth == 0 || dice_.chance(60)) {
            return std::string{dice_.chance(style_.unusual) ? dice_.pick(odd) : dice_.pick(pool)};
        }
        std::vector<std::string> parts;
        const bool array = dice_.chance(50);
        static const Pool keys{"a", "b", "c", "a long name", ""};
        std::vector<std::string_view> names = keys;
        dice_.shuffle(names);
        for (std::size_t i = dice_.below(4); i-- > 0;) {
            const bool twice = i > 0 && dice_.chance(style_.wrong);
            parts.push_back(array ? anything(depth - 1) : member(names[twice ? i - 1 : i], anything(depth - 1)));
        }
        return array ? list(parts, '[', ']') : list(parts, '{', '}');
    }

    std::string unknown_list() {
        std::vector<std::string> names;
        for (const ir::Field& field : module_.schema.fields) {
            if (dice_.chance(15)) names.push_back(name(field.name));
        }
        if (dice_.chance(style_.wrong)) names.push_back("\"nothing\"");
        if (!names.empty() && dice_.chance(style_.wrong)) names.push_back(names[0]);
        return member("$unknown", list(names, '[', ']'));
    }

    std::string integer(const ir::Type& type) {
        const std::vector<std::int64_t> pool{0, 1, 2, 5, 10, 443, type.min, type.max, -1, type.max / 3};
        std::int64_t number = dice_.pick(pool);
        if (!dice_.chance(style_.wrong)) number = std::clamp(number, type.min, type.max);
        return std::to_string(number);
    }

    std::string wrong() {
        static const Pool pool{"null",
                               "true",
                               "false",
                               "0",
                               "-1",
                               "1.0",
                               "1e5",
                               "\"\"",
                               "\"x\"",
                               "[]",
                               "{}",
                               "[null]",
                               "[\"\"]",
                               "-0",
                               "01",
                               "[0]",
                               "\"-1\"",
                               "-1",
                               "truex",
                               "nul",
                               "\"\\u\"",
                               "\"\\x\"",
                               "+1",
                               ".5",
                               "[\"a\",]",
                               "[,]",
                               "{,}",
                               "\"\t\"",
                               "''",
                               "\"\\ud800\"",
                               "9223372036854775808",
                               "-9223372036854775808",
                               "{\"$secret\":{}}",
                               "{\"$secret\":{\"length\":3}}",
                               "{\"$secret\":[]}",
                               "[[]]"};
        return std::string{dice_.pick(pool)};
    }

    std::string text_of(Kind kind, ir::TimeUnit unit) {
        static const Pool texts{"",
                                " ",
                                "a",
                                "abc",
                                "a longer name of a key",
                                "\xC3\xA9",
                                "\xE2\x80\x83",
                                "x\"y",
                                "a\\b",
                                "line\nfeed",
                                "12345678",
                                "1234567",
                                "123456789012345678901234567890123"};
        static const Pool networks{"203.0.113.7",   "10.0.0.0/8",    "1.1.1.1", "0.0.0.0/0", "255.255.255.255",
                                   "100.64.0.0/10", "2001:db8::/32", "fd00::1", "::/0",      "192.168.1.0/24",
                                   "203.**.154",    "9.9.9.9/32"};
        static const Pool bad_networks{"10.0.0.1/8",  "010.0.0.1",      "1.2.3",    "1.2.3.4.5",
                                       "256.1.1.1",   "1.2.3.4/33",     "1.2.3.4/", " 1.2.3.4",
                                       "1.2.3.4/024", "::ffff:1.2.3.4", "1..2.3",   "1.2.3.4/3a"};
        static const Pool instants{"2026-01-31T00:00:00Z", "2025-12-24T18:30:59Z",    "2024-02-29T23:59:59Z",
                                   "1970-01-01T00:00:00Z", "2025-06-01T12:00:00.5Z",  "2026-01-01T00:00:00.000000001Z",
                                   "9999-12-31T23:59:59Z", "2000-03-01T01:02:03.123Z"};
        static const Pool odd_instants{"2026-01-31T00:00:00+03:00", "2016-12-31T23:59:60Z", "2026-01-31t00:00:00z",
                                       "1970-01-01T00:00:00-01:00"};
        static const Pool bad_instants{"2026-02-30T00:00:00Z",
                                       "2025-02-29T00:00:00Z",
                                       "2026-13-01T00:00:00Z",
                                       "2026-01-31T24:00:00Z",
                                       "2026-01-31T00:60:00Z",
                                       "2026-01-31T00:00:60Z",
                                       "2026-01-31T00:00:00",
                                       "1969-12-31T23:59:59Z",
                                       "2026-01-31",
                                       "2026-00-10T00:00:00Z",
                                       "2026-01-00T00:00:00Z",
                                       "2026-01-31T00:00:00.Z",
                                       "2026-01-31T00:00:00.1234567890Z",
                                       "2026/01/31T00:00:00Z",
                                       "2026-01-31 00:00:00Z",
                                       "2026-01-31T00:00:0:Z"};
        static const Pool durations{"P30D", "PT12H", "P1W", "PT0S", "P1DT2H3M4S"};
        static const Pool bad_durations{"P1M", "1D", "P", "PT", "P99999999999999999999D"};
        static const Pool secrets{"", "abc", "Abc 123", "a***z", "****", "\xC3\xA9t\xC3\xA9", "p@ss\"w\\ord", "x\ty"};
        const bool bad = dice_.chance(style_.wrong);
        if (kind == Kind::kNetwork) return std::string{dice_.pick(bad ? bad_networks : networks)};
        if (kind == Kind::kDuration) return std::string{dice_.pick(bad ? bad_durations : durations)};
        if (kind == Kind::kSecret) return std::string{dice_.pick(secrets)};
        if (kind != Kind::kInstant || unit != ir::TimeUnit::kNone) return std::string{dice_.pick(texts)};
        return std::string{dice_.pick(bad ? bad_instants : dice_.chance(style_.unusual) ? odd_instants : instants)};
    }

    std::string time_number(Kind kind, ir::TimeUnit unit) {
        static const Pool seconds{"0", "1", "1700000000", "1769817600", "253402300799"};
        static const Pool millis{"0", "1700000000123", "1769817600000", "253402300799999", "94694400000"};
        static const Pool spans{"0", "1", "30", "365", "9223372036854775"};
        static const Pool bad{"-1", "94694399999", "253402300800", "9223372036854775807", "253402300800000"};
        if (dice_.chance(style_.wrong)) return std::string{dice_.pick(bad)};
        if (kind == Kind::kDuration) return std::string{dice_.pick(spans)};
        return std::string{dice_.pick(unit == ir::TimeUnit::kMilliseconds ? millis : seconds)};
    }

    std::string word(const ir::Type& type, const ir::FieldSource* source) {
        if (dice_.chance(style_.wrong)) return "nothing";
        if (source != nullptr && source->has_map) return source->map[dice_.below(source->map.size())].from;
        return dice_.pick(module_.enums[type.enumeration.index()].values);
    }

    std::string value(const ir::Field& field, ir::TimeUnit unit, const ir::FieldSource* source) {
        const ir::Type& type = field.type;
        if (dice_.chance(style_.wrong)) return wrong();
        if (source != nullptr && !source->none.empty() && dice_.chance(15)) {
            const std::string none = quoted(dice_.pick(source->none), dice_.chance(style_.unusual));
            return dice_.chance(25) ? "[" + none + "]" : none;
        }
        const bool odd = dice_.chance(style_.unusual);
        switch (type.kind) {
            case Kind::kBool: return dice_.chance(50) ? "true" : "false";
            case Kind::kInt: return integer(type);
            case Kind::kText: return quoted(text_of(Kind::kText, unit), true);
            case Kind::kEnum: return quoted(word(type, source), odd);
            case Kind::kNetwork: return quoted(text_of(Kind::kNetwork, unit), odd);
            case Kind::kInstant:
            case Kind::kDuration:
                if (unit == ir::TimeUnit::kNone) return quoted(text_of(type.kind, unit), odd);
                if (source != nullptr && source->unit_as_text) return quoted(time_number(type.kind, unit), odd);
                return time_number(type.kind, unit);
            case Kind::kSecret: return dice_.chance(50) ? quoted(text_of(Kind::kSecret, unit), true) : facts();
            case Kind::kRecord: return "{}";
            case Kind::kSet: break;
        }
        std::vector<std::string> texts;
        const std::size_t size = dice_.below(dice_.chance(5) ? 24 : 4);
        for (std::size_t i = 0; i < size; ++i) {
            std::string text = type.element == Kind::kEnum  ? word(type, source)
                               : type.element == Kind::kInt ? integer(type)
                                                            : text_of(type.element, ir::TimeUnit::kNone);
            const bool double_is_fine = dice_.chance(style_.wrong) || text == "203.**.154";
            if (double_is_fine || std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
        }
        if (source != nullptr && source->split && dice_.chance(70)) {
            std::string joined;
            for (const std::string& text : texts) {
                if (!joined.empty()) joined += source->separator + (dice_.chance(style_.blanks) ? " " : "");
                joined += text;
            }
            return quoted(joined, odd);
        }
        std::vector<std::string> parts;
        for (const std::string& text : texts) {
            parts.push_back(type.element == Kind::kInt ? text : quoted(text, type.element == Kind::kText || odd));
        }
        return list(parts, '[', ']');
    }

    std::string facts() {
        std::vector<std::string> members;
        for (const char* fact : {"has_space", "has_digit", "has_upper", "has_lower", "has_symbol", "is_masked"}) {
            if (dice_.chance(20)) members.push_back(member(fact, dice_.chance(50) ? "true" : "false"));
            if (dice_.chance(style_.wrong)) members.push_back(member(fact, "true"));
        }
        if (dice_.chance(30)) members.push_back(member("length", dice_.chance(style_.wrong) ? "1" : "12"));
        std::string inner = members.empty() && dice_.chance(80) ? "{}" : object(std::move(members));
        return list({member("$secret", inner)}, '{', '}');
    }

    Dice& dice_;
    const ir::Module& module_;
    const ir::Adapter* adapter_;
    const JsonStyle& style_;
};

}  // namespace

std::string random_json(Dice& dice, const ir::Module& module, const ir::Adapter* adapter, const JsonStyle& style) {
    return Writer{dice, module, adapter, style}.run();
}

std::string mutate_json(std::string text, Dice& dice) {
    static const std::vector<std::string_view> kPieces{"{",
                                                       "}",
                                                       "[",
                                                       "]",
                                                       "\"",
                                                       "\\",
                                                       ",",
                                                       ":",
                                                       " ",
                                                       "null",
                                                       "true",
                                                       "0",
                                                       "-",
                                                       "1.5",
                                                       "e9",
                                                       "\r",
                                                       "\t",
                                                       "\x01",
                                                       "\xC3",
                                                       "\xE2\x80\xAE",
                                                       "\\u00e9",
                                                       "\\ud800",
                                                       "\\\"",
                                                       "\"\"",
                                                       "{}",
                                                       "[]",
                                                       "\x7F",
                                                       "\\u0000",
                                                       std::string_view{"\0", 1},
                                                       "\xEF\xBB\xBF",
                                                       "\"a\":1,",
                                                       "//",
                                                       "'"};
    for (std::size_t times = 1 + dice.below(3); times > 0 && !text.empty(); --times) {
        const std::size_t at = dice.below(text.size());
        switch (dice.below(7)) {
            case 0: text[at] = static_cast<char>(text[at] ^ (1 << dice.below(7))); break;
            case 1: text.erase(at, 1 + dice.below(3)); break;
            case 2: text.insert(at, dice.pick(kPieces)); break;
            case 3: text.resize(at); break;
            case 4: {
                const std::string moved = text.substr(at, 1 + dice.below(30));
                text.insert(dice.below(text.size()), moved);
                break;
            }
            case 5: text.replace(at, 1, dice.pick(kPieces)); break;
            default: text.insert(at, 1, dice.byte()); break;
        }
    }
    return text;
}

}  // namespace keywright::test

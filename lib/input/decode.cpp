#include "input/decode.h"

#include "base/text.h"
#include "value/network.h"
#include "value/secret.h"
#include "value/time.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

namespace keywright::input {

namespace {

using diag::Code;
using ir::Kind;

constexpr std::size_t kNoElement = static_cast<std::size_t>(-1);

// A value to be decoded: a field's own value, an element of an array, or a piece of split text.
struct Item {
    JsonKind kind = JsonKind::kNull;
    std::string_view text;  // of a string
    std::int64_t integer = 0;
    bool boolean = false;
    std::size_t offset = 0;
    std::size_t element = kNoElement;  // its position in the array
    bool piece = false;                // of split text: a number is written in letters, too
};

// Decodes one field. Holds what all the steps below share.
class Decoding {
public:
    Decoding(Context& context, std::size_t field, std::string_view path, const Spelling& spelling)
        : context_(context), number_(field), field_(context.field(field)), path_(path), spelling_(spelling) {}

    void run(JsonDocument::Index node);

private:
    [[nodiscard]] std::string at(const Item& item) const {
        std::string out = pointer_to(context_, path_);
        if (item.element != kNoElement) {
            out += '/';
            out += std::to_string(item.element);
        }
        return out;
    }
    void report(Code code, const Item& item, std::string message, std::string help = {}) {
        context_.problems.add(code, item.offset, at(item), std::move(message), std::move(help));
    }
    void report_type(const Item& item, std::string_view expected) {
        const std::string what =
            item.element == kNoElement ? "`" + field_.name + "`" : "an element of `" + field_.name + "`";
        report(item.kind == JsonKind::kNull ? Code::kNullNotAllowed : Code::kWrongType, item,
               what + " must be " + std::string{expected} + ", not " + std::string{word(item.kind)});
    }

    [[nodiscard]] Item item_of(JsonDocument::Index node) const {
        const JsonDocument& json = context_.json;
        Item item;
        item.kind = json.kind(node);
        item.offset = json.begin(node);
        switch (item.kind) {
            case JsonKind::kBool: item.boolean = json.boolean(node); break;
            case JsonKind::kInteger: item.integer = json.integer(node); break;
            case JsonKind::kString: item.text = json.string(node); break;
            case JsonKind::kNull:
            case JsonKind::kNumber:
            case JsonKind::kArray:
            case JsonKind::kObject: break;
        }
        return item;
    }

    [[nodiscard]] bool stands_for_none(JsonDocument::Index node) const;
    [[nodiscard]] bool collect_elements(JsonDocument::Index node, std::vector<Item>& items);

    [[nodiscard]] std::optional<std::int64_t> read_int(const Item& item);
    [[nodiscard]] std::uint64_t read_enum(const Item& item);  // a set of values, empty where it can't be read
    [[nodiscard]] std::optional<value::Network> read_network(const Item& item);
    void read_instant(const Item& item);
    void read_duration(const Item& item);
    void read_secret(JsonDocument::Index node);
    void read_set(JsonDocument::Index node);
    void unknown_value(const Item& item, std::string_view text);
    void time_problem(Code code, const Item& item, value::TimeError error, std::string_view shown);
    // The number of a time that stands as a number, or as one in a string where the source writes it so.
    [[nodiscard]] std::optional<std::int64_t> time_number(const Item& item);

    Context& context_;
    std::size_t number_;
    const ir::Field& field_;
    std::string_view path_;
    const Spelling& spelling_;
};

[[nodiscard]] std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\n\v\f\r";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// A decimal integer without a plus sign or leading zeros.
[[nodiscard]] std::optional<std::int64_t> strict_integer(std::string_view text) {
    const std::string_view digits = text.substr(!text.empty() && text[0] == '-' ? 1 : 0);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    if (digits[0] == '0' && text.size() > 1) return std::nullopt;
    std::int64_t number = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    if (result.ec != std::errc{}) return std::nullopt;
    return number;
}

[[nodiscard]] std::optional<std::int64_t> nanos_of(ir::TimeUnit unit) {
    switch (unit) {
        case ir::TimeUnit::kNone: return std::nullopt;
        case ir::TimeUnit::kMilliseconds: return value::unit_nanos("millisecond");
        case ir::TimeUnit::kSeconds: return value::unit_nanos("second");
        case ir::TimeUnit::kMinutes: return value::unit_nanos("minute");
        case ir::TimeUnit::kHours: return value::unit_nanos("hour");
        case ir::TimeUnit::kDays: return value::unit_nanos("day");
    }
    return std::nullopt;
}

[[nodiscard]] std::string_view unit_word(ir::TimeUnit unit) {
    switch (unit) {
        case ir::TimeUnit::kNone: return "text";
        case ir::TimeUnit::kMilliseconds: return "milliseconds";
        case ir::TimeUnit::kSeconds: return "seconds";
        case ir::TimeUnit::kMinutes: return "minutes";
        case ir::TimeUnit::kHours: return "hours";
        case ir::TimeUnit::kDays: return "days";
    }
    return {};
}

[[nodiscard]] std::string list_of(std::span<const std::string> names) {
    std::string out;
    for (const std::string& name : names) {
        if (!out.empty()) out += ", ";
        out += quoted(name);
    }
    return out;
}

void Decoding::run(JsonDocument::Index node) {
    if (!spelling_.none.empty() && stands_for_none(node)) {
        if (field_.type.optional) {
            context_.record.set_absent(number_);
            return;
        }
        if (field_.type.kind == Kind::kSet) {
            switch (field_.type.element) {
                case Kind::kEnum: context_.record.set_enum_set(number_, 0); return;
                case Kind::kNetwork: context_.record.set_network_set(number_, {}); return;
                case Kind::kText: context_.record.set_text_set(number_, {}); return;
                case Kind::kInt: context_.record.set_int_set(number_, {}); return;
                case Kind::kBool:
                case Kind::kSet:
                case Kind::kInstant:
                case Kind::kDuration:
                case Kind::kSecret:
                case Kind::kRecord: break;
            }
        }
        report(Code::kNullNotAllowed, item_of(node),
               "`" + field_.name + "` can't be absent, but its text stands for that");
        return;
    }
    const Item item = item_of(node);
    value::Record& record = context_.record;
    switch (field_.type.kind) {
        case Kind::kBool:
            if (item.kind != JsonKind::kBool) return report_type(item, "a boolean");
            return record.set_bool(number_, item.boolean);
        case Kind::kInt:
            if (const auto number = read_int(item)) record.set_int(number_, *number);
            return;
        case Kind::kText:
            if (item.kind != JsonKind::kString) return report_type(item, "a string");
            return record.set_text(number_, item.text);
        case Kind::kEnum:
            if (const std::uint64_t bits = read_enum(item); bits != 0) {
                std::uint32_t index = 0;
                while ((bits >> index & 1) == 0) ++index;
                record.set_enum(number_, index);
            }
            return;
        case Kind::kSet: return read_set(node);
        case Kind::kNetwork:
            if (const auto network = read_network(item)) record.set_network(number_, *network);
            return;
        case Kind::kInstant: return read_instant(item);
        case Kind::kDuration: return read_duration(item);
        case Kind::kSecret: return read_secret(node);
        case Kind::kRecord:
            return report_type(item, "an object");  // nested records are read member by member, not here
    }
}

bool Decoding::stands_for_none(JsonDocument::Index node) const {
    const JsonDocument& json = context_.json;
    if (json.kind(node) == JsonKind::kArray) {
        if (json.child_count(node) != 1) return false;
        node = json.first_child(node);
    }
    std::string number;
    std::string_view text;
    if (json.kind(node) == JsonKind::kString) {
        text = json.string(node);
        if (spelling_.split) text = trim(text);
    } else if (json.kind(node) == JsonKind::kInteger) {
        number = std::to_string(json.integer(node));  // some sources write `-1` and `"-1"` by turns
        text = number;
    } else {
        return false;
    }
    return std::find(spelling_.none.begin(), spelling_.none.end(), text) != spelling_.none.end();
}

std::optional<std::int64_t> Decoding::read_int(const Item& item) {
    std::int64_t number = item.integer;
    if (item.piece) {
        const auto read = strict_integer(item.text);
        if (!read) {
            report(Code::kWrongType, item,
                   quoted(item.text) + " in `" + field_.name + "` is not an integer of 64 bits");
            return std::nullopt;
        }
        number = *read;
    } else if (item.kind == JsonKind::kNumber) {
        report(Code::kNumberTooLarge, item,
               "`" + field_.name + "` must be an integer of 64 bits, written without fraction or exponent");
        return std::nullopt;
    } else if (item.kind != JsonKind::kInteger) {
        report_type(item, "an integer");
        return std::nullopt;
    }
    if (number < field_.type.min || number > field_.type.max) {
        const std::string least =
            field_.type.min == std::numeric_limits<std::int64_t>::min() ? "" : std::to_string(field_.type.min);
        const std::string most =
            field_.type.max == std::numeric_limits<std::int64_t>::max() ? "" : std::to_string(field_.type.max);
        std::string help = "give a number ";
        if (!least.empty() && !most.empty()) {
            help += "from " + least + " to " + most;
        } else {
            help += least.empty() ? "of at most " + most : "of at least " + least;
        }
        report(Code::kOutOfRange, item, std::to_string(number) + " is out of the range of `" + field_.name + "`",
               std::move(help));
        return std::nullopt;
    }
    return number;
}

std::uint64_t Decoding::read_enum(const Item& item) {
    std::string spelled;
    std::string_view text = item.text;
    if (spelling_.map != nullptr && item.kind == JsonKind::kInteger) {
        spelled = std::to_string(item.integer);
        text = spelled;
    } else if (spelling_.map != nullptr && item.kind == JsonKind::kBool) {
        text = item.boolean ? "true" : "false";
    } else if (item.kind != JsonKind::kString) {
        report_type(item, "a string");
        return 0;
    }
    std::uint64_t bits = 0;
    if (spelling_.map != nullptr) {
        // One native name may stand for several values of a set.
        for (const ir::ValueMapping& mapping : *spelling_.map) {
            if (mapping.from == text) bits |= std::uint64_t{1} << mapping.to;
        }
    } else {
        const auto& values = context_.module.enums[field_.type.enumeration.index()].values;
        const auto found = std::find(values.begin(), values.end(), text);
        if (found != values.end()) bits = std::uint64_t{1} << (found - values.begin());
    }
    if (bits == 0) unknown_value(item, text);
    return bits;
}

void Decoding::unknown_value(const Item& item, std::string_view text) {
    if (context_.problems.full()) return report(Code::kUnknownValue, item, {});
    std::vector<std::string> names;
    if (spelling_.map != nullptr) {
        for (const ir::ValueMapping& mapping : *spelling_.map) {
            if (std::find(names.begin(), names.end(), mapping.from) == names.end()) names.push_back(mapping.from);
        }
    } else {
        names = context_.module.enums[field_.type.enumeration.index()].values;
    }
    constexpr std::size_t kMostListed = 10;
    std::string help;
    const auto plain = base::without_look_alikes(text);
    const std::string meant = base::closest(plain ? *plain : text, names);
    if (!meant.empty()) help = "did you mean " + quoted(meant) + "?";
    if (names.size() <= kMostListed) help += (help.empty() ? "permitted: " : " permitted: ") + list_of(names);
    if (plain && !meant.empty()) {
        report(Code::kRecordLookAlike, item,
               quoted(text) + " is not a value of `" + field_.name + "`: " + name_look_alike(text), std::move(help));
        return;
    }
    report(Code::kUnknownValue, item, quoted(text) + " is not a value of `" + field_.name + "`", std::move(help));
}

std::optional<value::Network> Decoding::read_network(const Item& item) {
    if (item.kind != JsonKind::kString) {
        report_type(item, "a string");
        return std::nullopt;
    }
    auto read = value::parse_network(item.text, true);
    if (const auto* network = std::get_if<value::Network>(&read)) return *network;
    const auto& failure = std::get<value::NetworkFailure>(read);
    std::string message = quoted(item.text);
    std::string help = failure.suggestion.empty() ? std::string{} : "did you mean " + quoted(failure.suggestion) + "?";
    Code code = Code::kNotANetwork;
    switch (failure.error) {
        case value::NetworkError::kSyntax:
            message += " is not an IP address or block";
            if (help.empty()) help = "write an address such as `203.0.113.7` or a block such as `203.0.113.0/24`";
            break;
        case value::NetworkError::kLeadingZero:
            message += " has a leading zero, which some programs read as octal";
            if (help.empty()) help = "write the numbers without leading zeros";
            break;
        case value::NetworkError::kZone: message += " names a zone, which means nothing to another machine"; break;
        case value::NetworkError::kMapped: message += " is an IPv4 address within IPv6"; break;
        case value::NetworkError::kWhiteSpace: message += " holds white space"; break;
        case value::NetworkError::kPrefix:
            message += " has a prefix that is too long";
            if (help.empty()) help = "a prefix is at most 32 for IPv4 and 128 for IPv6";
            break;
        case value::NetworkError::kHostBits:
            code = Code::kHostBits;
            message += " is not the beginning of its block";
            break;
    }
    report(code, item, std::move(message), std::move(help));
    return std::nullopt;
}

void Decoding::time_problem(Code code, const Item& item, value::TimeError error, std::string_view shown) {
    std::string message = quoted(shown);
    std::string help;
    const std::string declared{unit_word(spelling_.unit)};
    switch (error) {
        case value::TimeError::kSyntax:
            if (code == Code::kNotADuration) {
                message += " is not a duration";
                help = "write it as ISO 8601 does: `P30D`, `PT12H`";
            } else {
                message += " is not an instant";
                help = "write it as RFC 3339 does: `2026-01-31T00:00:00Z`";
            }
            break;
        case value::TimeError::kMissingOffset:
            message += " has no offset from UTC";
            help = "add `Z` for UTC, or an offset such as `+03:00`";
            break;
        case value::TimeError::kImpossibleDate: message += " is a date that doesn't exist"; break;
        case value::TimeError::kImpossibleTime: message += " is a time of day that doesn't exist"; break;
        case value::TimeError::kLeapSecond: message += " is a leap second where none can be"; break;
        case value::TimeError::kRange:
            message += code == Code::kNotADuration ? " is too long" : " lies outside the years 1970 to 9999";
            break;
        case value::TimeError::kPrecision: message += " is finer than a nanosecond"; break;
        case value::TimeError::kUnit:
            code = Code::kWrongEpochUnit;
            message += " can't be a number of " + declared + " since 1970";
            help =
                spelling_.unit == ir::TimeUnit::kMilliseconds ? "it looks like seconds" : "it looks like milliseconds";
            break;
        case value::TimeError::kInexact:
            message += " has years or months, which have no exact length";
            help = "give days instead";
            break;
    }
    report(code, item, std::move(message), std::move(help));
}

std::optional<std::int64_t> Decoding::time_number(const Item& item) {
    const std::string unit{unit_word(spelling_.unit)};
    if (spelling_.unit_as_text) {
        if (item.kind != JsonKind::kString) {
            report_type(item, "a string that holds a number of " + unit);
            return std::nullopt;
        }
        const auto number = strict_integer(item.text);
        if (!number)
            report(Code::kWrongType, item,
                   quoted(item.text) + " in `" + field_.name + "` is not a whole number of " + unit);
        return number;
    }
    if (item.kind == JsonKind::kNumber) {
        report(Code::kNumberTooLarge, item, "`" + field_.name + "` must be a whole number of " + unit);
        return std::nullopt;
    }
    if (item.kind != JsonKind::kInteger) {
        report_type(item, "an integer, a number of " + unit);
        return std::nullopt;
    }
    return item.integer;
}

void Decoding::read_instant(const Item& item) {
    std::variant<Instant, value::TimeError> read;
    std::string number_text;
    std::string_view shown = item.text;
    if (spelling_.unit == ir::TimeUnit::kNone) {
        if (item.kind != JsonKind::kString) return report_type(item, "a string");
        read = value::read_instant(item.text);
    } else {
        const auto number = time_number(item);
        if (!number) return;
        const auto unit = spelling_.unit == ir::TimeUnit::kMilliseconds ? value::EpochUnit::kMilliseconds
                                                                        : value::EpochUnit::kSeconds;
        read = value::read_epoch(*number, unit);
        number_text = std::to_string(*number);
        shown = number_text;
    }
    if (const auto* instant = std::get_if<Instant>(&read)) return context_.record.set_instant(number_, *instant);
    time_problem(Code::kNotAnInstant, item, std::get<value::TimeError>(read), shown);
}

void Decoding::read_duration(const Item& item) {
    if (const auto unit = nanos_of(spelling_.unit)) {
        const auto number = time_number(item);
        if (!number) return;
        // A negative span is never a length; some sources write -1 for "no limit", which must not be read as a short
        // one.
        if (*number < 0) {
            return report(Code::kOutOfRange, item, "`" + field_.name + "` can't be negative");
        }
        const value::Nanos nanos = value::Nanos{*number} * *unit;
        if (nanos / value::kNanosPerSecond > std::numeric_limits<std::int64_t>::max()) {
            return report(Code::kOutOfRange, item, "`" + field_.name + "` is too long");
        }
        return context_.record.set_duration(number_, value::to_duration(nanos));
    }
    if (item.kind != JsonKind::kString) return report_type(item, "a string");
    const auto read = value::read_duration(item.text);
    if (const auto* duration = std::get_if<Duration>(&read)) return context_.record.set_duration(number_, *duration);
    time_problem(Code::kNotADuration, item, std::get<value::TimeError>(read), item.text);
}

// A secret in clear, or `{"$secret": {…}}`: it is set, and some facts of it may be told. No message shows a value.
void Decoding::read_secret(JsonDocument::Index node) {
    const JsonDocument& json = context_.json;
    if (json.kind(node) == JsonKind::kString)
        return context_.record.set_secret(number_, value::facts_of(json.string(node)));
    const Item whole = item_of(node);
    if (json.kind(node) != JsonKind::kObject) return report_type(whole, "a string, or `{\"$secret\": {}}`");

    struct Fact {
        std::string_view name;
        value::SecretFact bit;
        bool takes_room;  // at least one character of its own
    };
    static constexpr Fact kFacts[] = {
        {"has_space", value::SecretFact::kHasSpace, true},   {"has_digit", value::SecretFact::kHasDigit, true},
        {"has_upper", value::SecretFact::kHasUpper, true},   {"has_lower", value::SecretFact::kHasLower, true},
        {"has_symbol", value::SecretFact::kHasSymbol, true}, {"is_masked", value::SecretFact::kIsMasked, false},
    };
    bool good = true;
    const auto problem = [&](Code code, JsonDocument::Index place, std::string_view below, std::string message,
                             std::string help) {
        good = false;
        std::string pointer = pointer_to(context_, path_);
        pointer += below;
        context_.problems.add(code, json.begin(place), std::move(pointer), std::move(message), std::move(help));
    };
    value::SecretFacts out = value::undisclosed_secret();
    std::uint32_t least = 1;
    bool length_given = false;
    const JsonDocument::Index inner = json.member(node, "$secret");
    for (auto child = json.first_child(node); child != JsonDocument::kNone; child = json.next_sibling(child)) {
        if (child == inner) continue;
        // The name may be the secret itself, in the wrong place: it is not told.
        problem(Code::kUnknownMember, child, {}, "unknown member in `" + field_.name + "`, which is a secret",
                "a secret is a string, or `{\"$secret\": {}}`");
    }
    if (inner == JsonDocument::kNone) {
        if (good)
            problem(Code::kWrongType, node, {}, "`" + field_.name + "` must be a string, or `{\"$secret\": {}}`", {});
        return;
    }
    if (json.kind(inner) != JsonKind::kObject) {
        return problem(Code::kWrongType, inner, "/$secret",
                       "`$secret` must be an object of facts, not " + std::string{word(json.kind(inner))}, {});
    }
    std::uint32_t rooms = 0;
    for (auto child = json.first_child(inner); child != JsonDocument::kNone; child = json.next_sibling(child)) {
        const std::string_view name = json.key(child);
        const std::string below = "/$secret/" + std::string{name};
        if (name == "length") {
            if (json.kind(child) != JsonKind::kInteger) {
                problem(Code::kWrongType, child, below,
                        "`length` must be an integer, not " + std::string{word(json.kind(child))}, {});
            } else if (json.integer(child) < 0 || json.integer(child) >= value::SecretFacts::kUnbounded) {
                problem(Code::kOutOfRange, child, below, "`length` of a secret is out of range", {});
            } else {
                length_given = true;
                out.length_min = out.length_max = static_cast<std::uint32_t>(json.integer(child));
            }
            continue;
        }
        const auto fact =
            std::find_if(std::begin(kFacts), std::end(kFacts), [&](const Fact& f) { return f.name == name; });
        if (fact == std::end(kFacts)) {
            std::vector<std::string> names{"length"};
            for (const Fact& known : kFacts) names.emplace_back(known.name);
            // Nor is this name told, unless it is a misspelt fact.
            problem(Code::kUnknownMember, child, "/$secret", "unknown fact of a secret", suggest(name, names));
        } else if (json.kind(child) != JsonKind::kBool) {
            problem(Code::kWrongType, child, below,
                    "`" + std::string{name} + "` must be a boolean, not " + std::string{word(json.kind(child))}, {});
        } else {
            const auto bit = static_cast<std::uint8_t>(fact->bit);
            out.known = static_cast<std::uint8_t>(out.known | bit);
            if (json.boolean(child)) {
                out.facts = static_cast<std::uint8_t>(out.facts | bit);
                if (fact->takes_room) ++rooms;
                least = std::max({least, rooms, std::uint32_t{1}});
            }
        }
    }
    if (!length_given) {
        out.length_min = least;
    } else if (out.facts != 0 && out.length_max < least) {
        problem(Code::kOutOfRange, inner, "/$secret", "the facts of this secret contradict its length", {});
    }
    if (good) context_.record.set_secret(number_, out);
}

bool Decoding::collect_elements(JsonDocument::Index node, std::vector<Item>& items) {
    const JsonDocument& json = context_.json;
    const auto too_many = [&](std::size_t count) {
        if (count <= context_.limits.set_elements) return false;
        report(Code::kTooManyElements, item_of(node),
               "`" + field_.name + "` has " + std::to_string(count) + " elements, more than " +
                   std::to_string(context_.limits.set_elements) + " (`set_elements`)");
        return true;
    };
    if (json.kind(node) == JsonKind::kArray) {
        if (too_many(json.child_count(node))) return false;
        for (auto child = json.first_child(node); child != JsonDocument::kNone; child = json.next_sibling(child)) {
            Item item = item_of(child);
            item.element = items.size();
            items.push_back(item);
        }
        return true;
    }
    if (!spelling_.split || json.kind(node) != JsonKind::kString) {
        report_type(item_of(node), spelling_.split ? "a string or an array" : "an array");
        return false;
    }
    const Item whole = item_of(node);
    const std::string_view text = whole.text;
    std::size_t begin = 0;
    while (true) {
        const std::size_t end =
            spelling_.separator.empty() ? std::string_view::npos : text.find(spelling_.separator, begin);
        Item item = whole;
        item.piece = true;
        item.text = trim(text.substr(begin, end == std::string_view::npos ? end : end - begin));
        if (item.text.empty()) {
            report(Code::kUnknownValue, whole, "an element of `" + field_.name + "` is empty",
                   "if an empty text stands for no elements, the adapter must say so");
            return false;
        }
        items.push_back(item);
        if (end == std::string_view::npos) break;
        begin = end + spelling_.separator.size();
    }
    return !too_many(items.size());
}

void Decoding::read_set(JsonDocument::Index node) {
    std::vector<Item> items;
    if (!collect_elements(node, items)) return;
    bool good = true;
    // `order` sorts elements so that doubles meet; reports each double at its later place.
    const auto refuse_doubles = [&](auto&& less, auto&& same, auto&& show) {
        std::vector<std::size_t> order(items.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            if (less(a, b)) return true;
            return !less(b, a) && a < b;
        });
        for (std::size_t i = 1; i < order.size(); ++i) {
            if (!same(order[i - 1], order[i])) continue;
            good = false;
            report(Code::kDuplicateElement, items[order[i]], show(order[i]) + " stands twice in `" + field_.name + "`");
        }
    };
    value::Record& record = context_.record;
    switch (field_.type.element) {
        case Kind::kEnum: {
            std::uint64_t bits = 0;
            for (const Item& item : items) {
                const std::uint64_t value = read_enum(item);
                good = good && value != 0;
                bits |= value;
            }
            // By their spelling: two native names may stand for one value.
            if (good) {
                refuse_doubles(
                    [&](std::size_t a, std::size_t b) {
                        return std::tie(items[a].kind, items[a].text, items[a].integer, items[a].boolean) <
                               std::tie(items[b].kind, items[b].text, items[b].integer, items[b].boolean);
                    },
                    [&](std::size_t a, std::size_t b) {
                        return items[a].kind == items[b].kind && items[a].text == items[b].text &&
                               items[a].integer == items[b].integer && items[a].boolean == items[b].boolean;
                    },
                    [&](std::size_t i) {
                        return items[i].kind == JsonKind::kString ? quoted(items[i].text) : std::string{"a value"};
                    });
            }
            if (good) record.set_enum_set(number_, bits);
            return;
        }
        case Kind::kNetwork: {
            std::vector<value::Network> networks;
            networks.reserve(items.size());
            for (const Item& item : items) {
                const auto network = read_network(item);
                good = good && network.has_value();
                if (network) networks.push_back(*network);
            }
            if (good) {
                // Two masked addresses may be two hosts.
                refuse_doubles(
                    [&](std::size_t a, std::size_t b) { return networks[a] < networks[b]; },
                    [&](std::size_t a, std::size_t b) { return !networks[a].masked && networks[a] == networks[b]; },
                    [&](std::size_t i) { return quoted(value::to_string(networks[i])); });
            }
            if (good) record.set_network_set(number_, networks);
            return;
        }
        case Kind::kText: {
            std::vector<std::string_view> texts;
            texts.reserve(items.size());
            for (const Item& item : items) {
                if (item.kind != JsonKind::kString) {
                    good = false;
                    report_type(item, "a string");
                }
                texts.push_back(item.text);
            }
            if (good) {
                refuse_doubles([&](std::size_t a, std::size_t b) { return texts[a] < texts[b]; },
                               [&](std::size_t a, std::size_t b) { return texts[a] == texts[b]; },
                               [&](std::size_t i) { return quoted(texts[i]); });
            }
            if (good) record.set_text_set(number_, texts);
            return;
        }
        case Kind::kInt: {
            std::vector<std::int64_t> numbers;
            numbers.reserve(items.size());
            for (const Item& item : items) {
                const auto number = read_int(item);
                good = good && number.has_value();
                if (number) numbers.push_back(*number);
            }
            if (good) {
                refuse_doubles([&](std::size_t a, std::size_t b) { return numbers[a] < numbers[b]; },
                               [&](std::size_t a, std::size_t b) { return numbers[a] == numbers[b]; },
                               [&](std::size_t i) { return std::to_string(numbers[i]); });
            }
            if (good) record.set_int_set(number_, numbers);
            return;
        }
        case Kind::kBool:
        case Kind::kSet:
        case Kind::kInstant:
        case Kind::kDuration:
        case Kind::kSecret:
        case Kind::kRecord: break;
    }
    report_type(item_of(node), "of another type than this language has sets of");  // the checker refuses such schemas
}

}  // namespace

std::string pointer_to(const Context& context, std::string_view path) {
    std::string out = context.base;
    out += path;
    return out;
}

void decode_value(Context& context, std::size_t field, JsonDocument::Index node, std::string_view path,
                  const Spelling& spelling) {
    Decoding{context, field, path, spelling}.run(node);
}

void wrong_type(Context& context, std::size_t field, JsonDocument::Index node, std::string_view path,
                std::string_view expected) {
    const JsonKind kind = context.json.kind(node);
    context.problems.add(
        kind == JsonKind::kNull ? Code::kNullNotAllowed : Code::kWrongType, context.json.begin(node),
        pointer_to(context, path),
        "`" + context.field(field).name + "` must be " + std::string{expected} + ", not " + std::string{word(kind)});
}

std::string quoted(std::string_view text) {
    constexpr std::size_t kMostShown = 60;
    return "`" + base::printable(text, kMostShown) + "`";
}

std::string name_look_alike(std::string_view word) {
    std::size_t offset = 0;
    while (offset < word.size()) {
        const std::size_t start = offset;
        const char32_t scalar = base::next_scalar(word, offset);
        const char letter = base::look_alike_of(scalar);
        if (letter == '\0') continue;
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        std::string code;
        for (int shift = scalar > 0xffff ? 16 : 12; shift >= 0; shift -= 4) code += kDigits[(scalar >> shift) & 0xf];
        return quoted(word.substr(start, offset - start)) + " (U+" + code + ") looks like the letter `" + letter + "`";
    }
    return {};
}

std::string suggest(std::string_view word, std::span<const std::string> candidates) {
    const auto plain = base::without_look_alikes(word);
    const std::string meant = base::closest(plain ? *plain : word, candidates);
    if (meant.empty()) return {};
    std::string out = "did you mean " + quoted(meant) + "?";
    if (plain) out += " " + name_look_alike(word);
    return out;
}

}  // namespace keywright::input

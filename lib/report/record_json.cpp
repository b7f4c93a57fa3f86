#include "report/record_json.h"

#include "report/json_writer.h"
#include "value/time.h"

#include <cstdint>
#include <vector>

namespace keywright::report {
namespace {

using ir::Kind;
using value::Nanos;
using value::State;

Nanos nanos_in(ir::TimeUnit unit) {
    constexpr Nanos kSecond = value::kNanosPerSecond;
    switch (unit) {
        case ir::TimeUnit::kNone:
        case ir::TimeUnit::kMilliseconds: return kSecond / 1000;
        case ir::TimeUnit::kSeconds: return kSecond;
        case ir::TimeUnit::kMinutes: return 60 * kSecond;
        case ir::TimeUnit::kHours: return 3'600 * kSecond;
        case ir::TimeUnit::kDays: return 86'400 * kSecond;
    }
    return 1;
}

// ISO 8601, in the units that have an exact length.
std::string iso(Duration d) {
    constexpr std::int64_t kDay = 86'400;
    std::string out = "P";
    if (d.seconds >= kDay) out += std::to_string(d.seconds / kDay) + "D";
    const std::int64_t rest = d.seconds % kDay;
    if (rest == 0 && d.nanoseconds == 0) return d.seconds >= kDay ? out : "PT0S";
    out += "T" + std::to_string(rest);
    if (d.nanoseconds != 0) {
        std::string digits = std::to_string(d.nanoseconds);
        digits.insert(0, 9 - digits.size(), '0');
        digits.erase(digits.find_last_not_of('0') + 1);
        out += "." + digits;
    }
    return out + "S";
}

class RecordWriter {
public:
    RecordWriter(const ir::Module& module, const value::Record& record)
        : module_(module), record_(record), json_(JsonWriter::Layout::kLine) {}

    std::string run() {
        json_.begin_object();
        members(ir::FieldId{});
        if (!unknown_.empty()) json_.key("$unknown").strings(unknown_);
        json_.end_object();
        return json_.take();
    }

private:
    // The members of the record itself, or of one inside it.
    void members(ir::FieldId parent) {
        for (std::size_t i = 0; i < module_.schema.fields.size(); ++i) {
            const ir::Field& field = module_.schema.fields[i];
            if (field.parent != parent) continue;
            switch (record_.state(i)) {
                case State::kUnknown:
                    if (field.missing != ir::Missing::kUnknown) unknown_.push_back(field.name);
                    break;
                case State::kAbsent:
                    if (field.type.optional && field.missing != ir::Missing::kAbsent) json_.key(field.member).null();
                    break;
                case State::kGiven:
                    json_.key(field.member);
                    value(i, field);
                    break;
            }
        }
    }

    void time(Nanos number, const ir::Field& field) {
        json_.integer(static_cast<std::int64_t>(number / nanos_in(field.unit)));
    }

    void value(std::size_t i, const ir::Field& field) {
        switch (field.type.kind) {
            case Kind::kBool: json_.boolean(record_.boolean(i)); return;
            case Kind::kInt: json_.integer(record_.integer(i)); return;
            case Kind::kText: json_.string(record_.text(i)); return;
            case Kind::kEnum: json_.string(name(field, record_.enumerator(i))); return;
            case Kind::kNetwork: network(record_.network(i)); return;
            case Kind::kInstant:
                if (field.unit != ir::TimeUnit::kNone) return time(value::to_nanos(record_.instant(i)), field);
                json_.string(keywright::to_string(record_.instant(i)));
                return;
            case Kind::kDuration:
                if (field.unit != ir::TimeUnit::kNone) return time(value::to_nanos(record_.duration(i)), field);
                json_.string(iso(record_.duration(i)));
                return;
            case Kind::kSecret: secret(record_.secret(i)); return;
            case Kind::kRecord:
                json_.begin_object();
                members(ir::FieldId{i});
                json_.end_object();
                return;
            case Kind::kSet: break;
        }
        json_.begin_array();
        if (field.type.element == Kind::kEnum) {
            for (std::uint32_t e = 0; e < 64; ++e) {
                if ((record_.enum_set(i) >> e & 1U) != 0) json_.string(name(field, e));
            }
        } else if (field.type.element == Kind::kNetwork) {
            for (const value::Network& n : record_.network_set(i)) network(n);
        } else if (field.type.element == Kind::kText) {
            for (std::size_t e = 0; e < record_.count(i); ++e) json_.string(record_.text_element(i, e));
        } else {
            for (const std::int64_t n : record_.int_set(i)) json_.integer(n);
        }
        json_.end_array();
    }

    [[nodiscard]] const std::string& name(const ir::Field& field, std::uint32_t e) const {
        return module_.enums[field.type.enumeration.index()].values[e];
    }

    // Which octets a masked address shows isn't kept, only that it is there.
    void network(const value::Network& n) { json_.string(n.masked ? "*.*.*.*" : value::to_string(n)); }

    void secret(const value::SecretFacts& facts) {
        json_.begin_object().key("$secret").begin_object();
        if (facts.length_min == facts.length_max) json_.key("length").integer(facts.length_min);
        const auto tell = [&](const char* word, value::SecretFact fact) {
            const auto bit = static_cast<std::uint8_t>(fact);
            if ((facts.known & bit) != 0) json_.key(word).boolean((facts.facts & bit) != 0);
        };
        tell("has_space", value::SecretFact::kHasSpace);
        tell("has_digit", value::SecretFact::kHasDigit);
        tell("has_upper", value::SecretFact::kHasUpper);
        tell("has_lower", value::SecretFact::kHasLower);
        tell("has_symbol", value::SecretFact::kHasSymbol);
        tell("is_masked", value::SecretFact::kIsMasked);
        json_.end_object().end_object();
    }

    const ir::Module& module_;
    const value::Record& record_;
    JsonWriter json_;
    std::vector<std::string> unknown_;
};

}  // namespace

std::string to_json(const ir::Module& module, const value::Record& record) {
    return RecordWriter{module, record}.run();
}

}  // namespace keywright::report

// As fast as we could make it for this one pack: simdjson's first stage tells where the tokens of a block begin, and
// one walk over them reads each record.
//
// What makes it fast: members are expected in the order in which they mostly come, so a name costs one comparison; a
// string ends right before the next token, so nothing is searched for; a fully known record is counted by fifteen bits,
// and rules are judged once for each combination of bits that occurred, at the end; instants are compared as text.
// Whatever isn't written tightly and plainly goes to simdjson's DOM, line by line, which judges it.
//
// Not strict, the walk decodes only what the rules can ask of this record: of a date that can't make a difference it
// sees that it is a string of twenty characters. Strict, it refuses what the product's reader refuses: each date and
// address is decoded, escapes are checked, times must be in order.
#pragma once

#include "blocks.h"
#include "dom_key.h"

#include <array>
#include <ctime>
#include <memory>

namespace validators {

inline std::uint64_t load(const char* from) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return word;
}
inline std::uint64_t load_ordered(const char* from) { return __builtin_bswap64(load(from)); }

// In words of eight bytes that may overlap; gcc calls memcmp for more than sixteen.
template <std::size_t kSize>
[[gnu::always_inline]] inline bool starts_with(const char* text, const char (&literal)[kSize]) {
    constexpr std::size_t kLength = kSize - 1;
    if constexpr (kLength < 8) {
        constexpr std::uint64_t kMask = (std::uint64_t{1} << (8 * kLength)) - 1;
        std::uint64_t word = 0;
        std::memcpy(&word, literal, kLength);
        return (load(text) & kMask) == word;
    } else {
        std::uint64_t different = load(text + kLength - 8) ^ load(literal + kLength - 8);
        for (std::size_t i = 0; i + 8 < kLength; i += 8) different |= load(text + i) ^ load(literal + i);
        return different == 0;
    }
}

// `2026-02-15T00:00:00Z`, twenty characters.
inline bool not_after(const char* a, const char* b) {
    if (load(a) != load(b)) return load_ordered(a) < load_ordered(b);
    if (load(a + 8) != load(b + 8)) return load_ordered(a + 8) < load_ordered(b + 8);
    return load_ordered(a + 12) <= load_ordered(b + 12);
}

// Digits and marks where they belong, and a date and time of day that exist, without a leap second.
inline bool is_plain_instant(const char* text) {
    // Digits become 0 to 9 and marks 0; what is neither carries into the high bit of its byte.
    constexpr auto wrong = [](std::uint64_t word, std::uint64_t form, std::uint64_t room) {
        const std::uint64_t bare = word ^ form;
        return ((bare + room) | bare) & 0x8080808080808080U;
    };
    const auto form = [](const char* s) { return load(s); };
    const std::uint64_t a = load(text), b = load(text + 8), c = load(text + 12);
    const char* const model = "0000-00-00T00:00:00Z";
    constexpr std::uint64_t kDigit = 0x76, kMark = 0x7f;
    constexpr auto room = [](std::string_view kinds) {
        std::uint64_t out = 0;
        for (std::size_t i = 0; i < 8; ++i) out |= (kinds[i] == '0' ? kDigit : kMark) << (8 * i);
        return out;
    };
    if ((wrong(a, form(model), room("0000-00-")) | wrong(b, form(model + 8), room("00T00:00")) |
         wrong(c, form(model + 12), room("0:00:00Z"))) != 0)
        return false;
    const auto two = [&](std::size_t at) {
        return static_cast<unsigned>((text[at] - '0') * 10 + (text[at + 1] - '0'));
    };
    const unsigned month = two(5), day = two(8);
    if (month - 1 > 11 || day - 1 > 30 || two(11) > 23 || two(14) > 59 || two(17) > 59) return false;
    const std::int64_t year = two(0) * 100 + two(2);
    return year >= 1970 && (day <= 28 || static_cast<std::int64_t>(day) <= days_in(year, month));
}

template <bool kStrict>
class Walk {
public:
    Walk(Instant now, std::size_t block) : now_(now) {
        if (simdjson::get_active_implementation()->create_dom_parser_implementation(block, 64, stage1_) !=
            simdjson::SUCCESS)
            std::exit(70);
        write(now.second, now_text_);
        write(now.second - 30 * kDay, due_text_);
        write(now.second - 23 * kDay, warned_text_);
    }

    // Whole lines with a NUL and padding behind them.
    void read(std::string_view block) {
        if (block.size() > stage1_->capacity() && stage1_->set_capacity(block.size()) != simdjson::SUCCESS)
            std::exit(70);
        if (stage1_->stage1(reinterpret_cast<const std::uint8_t*>(block.data()), block.size(),
                            simdjson::stage1_mode::regular) == simdjson::SUCCESS) {
            walk(block);
        } else {
            halve(block);
        }
    }

    void print() {
        for (std::uint32_t key = 0; key < kKeys; ++key) {
            if (by_key_[key] != 0) tally_.add(judge_key(key), by_key_[key]);
        }
        std::fill_n(by_key_.get(), kKeys, 0U);
        tally_.print();
    }

private:
    using Token = const std::uint32_t*;  // null: not understood

    // What is known of a record all of which is known.
    enum Bit : std::uint32_t {
        kNamed = 1,
        kPhrased = 2,
        kLinked = 4,
        kHasApp = 8,
        kDisclosed = 16,
        kLost = 32,
        kUnverified = 64,
        kListed = 128,
        kOpened = 256,
        kSpotBit = 512,
        kTransferBit = 1'024,
        kWithdrawalBit = 2'048,
        kOtherPermission = 4'096,
        kDue = 8'192,
        kWarned = 16'384,
        kKeys = 32'768
    };

    static Outcomes judge_key(std::uint32_t key) {
        const auto is = [&](std::uint32_t bit) { return Truth::of((key & bit) != 0); };
        Facts f;
        f.named = is(kNamed);
        f.phrased = is(kPhrased);
        f.linked = is(kLinked);
        f.has_app = is(kHasApp);
        f.disclosed = is(kDisclosed);
        f.asked = is(kLost);
        f.still_known = !is(kLost);
        f.submitted = is(kUnverified);
        f.listed = is(kListed);
        f.opened = is(kOpened);
        std::uint32_t permissions = (key & kSpotBit) != 0 ? kSpot : 0;
        if ((key & kTransferBit) != 0) permissions |= kTransfer;
        if ((key & kWithdrawalBit) != 0) permissions |= kWithdrawal;
        if ((key & kOtherPermission) != 0) permissions |= kGeneral;
        f.permissions = {static_cast<std::uint8_t>(permissions), static_cast<std::uint8_t>(permissions)};
        return judge(f, [&] { return Idle{is(kDue), is(kWarned)}; });
    }

    // Of a block that stage 1 refuses (a string that doesn't end, bytes that aren't UTF-8) the halves, down to the
    // line.
    void halve(std::string_view block) {
        const std::size_t middle = block.find('\n', block.size() / 2);
        std::size_t cut = middle == std::string_view::npos ? block.rfind('\n', block.size() / 2) : middle;
        if (cut == std::string_view::npos || cut + 1 >= block.size()) cut = block.find('\n');
        if (cut == std::string_view::npos || cut + 1 >= block.size()) {
            for_each_line(block, [&](std::string_view line) { count_line(parser_, key_, line, now_, tally_); });
            return;
        }
        for (const std::string_view half : {block.substr(0, cut + 1), block.substr(cut + 1)}) {
            char& behind = const_cast<char&>(half.data()[half.size()]);
            const char kept = std::exchange(behind, '\0');
            read(half);
            behind = kept;
        }
    }

    void walk(std::string_view block) {
        text_ = block.data();
        end_ = text_ + block.size();
        next_escape_ = text_;
        Token token = stage1_->structural_indexes.get();
        const Token end = token + stage1_->n_structural_indexes;
        std::size_t line = 0;
        while (line < block.size()) {
            if (token < end && *token == line && text_[line] == '{') {
                const Token close = record(token);
                if (close != nullptr && (text_[*close + 1] == '\n' || *close + 1 == block.size()) &&
                    (!kStrict || escapes_are_good(text_ + line, text_ + *close)) && count_record()) {
                    line = *close + std::size_t{2};
                    token = close + 1;
                    continue;
                }
            }
            const std::size_t stop = std::min(block.find('\n', line), block.size());
            const std::string_view text = block.substr(line, stop - line);
            if (text.find_first_not_of(" \t\r") != std::string_view::npos)
                count_line(parser_, key_, text, now_, tally_);
            while (token < end && *token < stop) ++token;
            line = stop + 1;
        }
    }

    // --- one record --------------------------------------------------------------------------------------------------
    // From its `{` to its `}`. Each step needs the bytes it expects, and the NUL behind the text is none of them, so
    // the walk never leaves the tokens of the block.
    [[gnu::always_inline]] Token record(Token token) {
        bits_ = 0;
        seen_ = unknown_ = proofs_ = 0;
        permissions_ = 0;
        masked_unknown_ = false;
        created_ = used_ = {};
        if (token[1] != token[0] + 1) return nullptr;
        ++token;
        if (text_[*token] == '}') return token;
        // In the order in which they mostly come.
        bool ended = false;
        expect<kId>(token, "\"id\":", ended);
        expect<kName>(token, "\"name\":", ended);
        expect<kUsage>(token, "\"usage\":", ended);
        expect<kApp>(token, "\"app\":", ended);
        expect<kPermissions>(token, "\"permissions\":", ended);
        expect<kIpAllowlist>(token, "\"ip_allowlist\":", ended);
        expect<kPassphrase>(token, "\"passphrase\":", ended);
        expect<kPassphraseKnown>(token, "\"passphrase_known\":", ended);
        expect<kApiSecret>(token, "\"api_secret\":", ended);
        expect<kCreatedAt>(token, "\"created_at\":", ended);
        expect<kLastUsedAt>(token, "\"last_used_at\":", ended);
        expect<kVerification>(token, "\"verification\":", ended);
        expect<kUnknownList>(token, "\"$unknown\":", ended);
        while (!ended && token != nullptr) {
            if (text_[*token] != '"' || text_[token[1]] != ':' || text_[token[1] - 1] != '"') return nullptr;
            const Member member = member_of({text_ + *token + 1, static_cast<std::size_t>(token[1] - *token) - 2});
            if (member == kMembers || (seen_ >> member & 1U) != 0) return nullptr;
            token = behind(any_value(member, token + 2), ended);
        }
        return token;
    }

    // Reads the member if it comes next.
    template <Member kMember, std::size_t kSize>
    [[gnu::always_inline]] void expect(Token& token, const char (&name)[kSize], bool& ended) {
        if (ended || token == nullptr || !starts_with(text_ + *token, name)) return;
        token = behind(value<kMember>(token + 2), ended);
    }

    // From behind a value to the next member, or to the end of the record.
    [[gnu::always_inline]] Token behind(Token token, bool& ended) {
        if (token == nullptr) return nullptr;
        if (text_[*token] == ',') return token[1] == *token + 1 ? token + 1 : nullptr;
        ended = true;
        return text_[*token] == '}' ? token : nullptr;
    }

    Token any_value(Member member, Token token) {
        switch (member) {
            case kId: return value<kId>(token);
            case kName: return value<kName>(token);
            case kUsage: return value<kUsage>(token);
            case kApp: return value<kApp>(token);
            case kPermissions: return value<kPermissions>(token);
            case kIpAllowlist: return value<kIpAllowlist>(token);
            case kPassphrase: return value<kPassphrase>(token);
            case kPassphraseKnown: return value<kPassphraseKnown>(token);
            case kApiSecret: return value<kApiSecret>(token);
            case kCreatedAt: return value<kCreatedAt>(token);
            case kLastUsedAt: return value<kLastUsedAt>(token);
            case kVerification: return value<kVerification>(token);
            case kUnknownList: return value<kUnknownList>(token);
            case kMembers: break;
        }
        return nullptr;
    }

    // The token behind a value that begins at `token`, right behind the colon.
    template <Member kMember>
    [[gnu::always_inline]] Token value(Token token) {
        seen_ |= 1U << kMember;
        if (*token != token[-1] + 1) return nullptr;
        const char* const text = text_ + *token;
        if (*text == '"') {
            if (text_[token[1] - 1] != '"') return nullptr;
            return string<kMember>(text + 1, text_ + token[1] - 1) ? token + 1 : nullptr;
        }
        if constexpr (kMember == kPermissions || kMember == kIpAllowlist || kMember == kVerification ||
                      kMember == kUnknownList) {
            if (*text == '[') return list<kMember>(token);
        }
        if constexpr (kMember == kPassphrase || kMember == kApiSecret) {
            if (*text == '{') return secret<kMember>(token);
        }
        if constexpr (kMember == kPassphraseKnown) {
            if (starts_with(text, "true") && token[1] == *token + 4) return token + 1;
            if (starts_with(text, "false") && token[1] == *token + 5) {
                bits_ |= kLost;
                return token + 1;
            }
        }
        if constexpr (kMember != kUsage && kMember != kPermissions && kMember != kIpAllowlist &&
                      kMember != kUnknownList) {
            if (starts_with(text, "null") && token[1] == *token + 4) {
                if constexpr (kMember == kCreatedAt) created_.state = When::kAbsent;
                if constexpr (kMember == kLastUsedAt) used_.state = When::kAbsent;
                if constexpr (kMember == kVerification) proofs_ = 0;
                return token + 1;
            }
        }
        return nullptr;
    }

    // A string, escapes and all.
    template <Member kMember>
    [[gnu::always_inline]] bool string(const char* begin, const char* end) {
        const auto size = static_cast<std::size_t>(end - begin);
        if constexpr (kMember == kId) return true;
        if constexpr (kMember == kName || kMember == kApp) {
            if (size == 0) return true;
            const char c = *begin;
            // Letters and most marks of ASCII, at a glance; escapes are left to the DOM.
            if (c <= ' ' || c == '\\') {
                if (std::memchr(begin, '\\', size) != nullptr) return false;
                if (is_blank({begin, size})) return true;
            }
            bits_ |= kMember == kName ? kNamed : kHasApp;
            return true;
        }
        if constexpr (kMember == kUsage) {
            if (size != 11) return false;
            if (starts_with(begin, "api_trading")) return true;
            bits_ |= kLinked;
            return starts_with(begin, "third_party");
        }
        if constexpr (kMember == kPassphrase) {
            if (size > 0) bits_ |= kPhrased;
            return true;
        }
        if constexpr (kMember == kApiSecret) {
            if (std::memchr(begin, '\\', size) != nullptr) return false;
            if (!is_masked({begin, size})) bits_ |= kDisclosed;
            return true;
        }
        if constexpr (kMember == kCreatedAt || kMember == kLastUsedAt) {
            if (size != 20 || begin[19] != 'Z') return false;
            if (kStrict && !is_plain_instant(begin)) return false;
            (kMember == kCreatedAt ? created_ : used_) = {begin, When::kGiven};
            return true;
        }
        return false;
    }

    template <Member kMember>
    [[gnu::always_inline]] Token list(Token token) {
        if constexpr (kMember == kVerification) proofs_ = kSubmitted;
        if constexpr (kMember == kIpAllowlist) networks_ = token;
        if (token[1] != *token + 1) return nullptr;
        ++token;
        if (text_[*token] == ']') return token + 1;
        while (true) {
            if (text_[*token] != '"' || text_[token[1] - 1] != '"') return nullptr;
            const char* const begin = text_ + *token + 1;
            if (!element<kMember>({begin, static_cast<std::size_t>(token[1] - *token) - 2})) return nullptr;
            const char c = text_[token[1]];
            if (c == ']') return token + 2;
            if (c != ',' || token[2] != token[1] + 1) return nullptr;
            token += 2;
        }
    }

    template <Member kMember>
    [[gnu::always_inline]] bool element(std::string_view word) {
        if constexpr (kMember == kPermissions) {
            const std::uint32_t bit = permission_bit(word);
            if (bit == 0 || (permissions_ & bit) != 0) return false;
            permissions_ |= bit;
        } else if constexpr (kMember == kIpAllowlist) {
            bits_ |= kListed;
        } else if constexpr (kMember == kVerification) {
            const std::uint32_t bit = proof_of(word);
            if (bit == 0 || (proofs_ & bit) != 0) return false;
            proofs_ |= bit;
        } else {
            const Member member = member_of(word);
            if (member == kMembers || member == kUnknownList || (unknown_ >> member & 1U) != 0) return false;
            unknown_ |= 1U << member;
        }
        return true;
    }

    // The first letter tells the words apart; one load compares.
    static std::uint32_t permission_bit(std::string_view word) {
        struct Entry {
            std::uint64_t begin = 0, mask = 0;
            std::uint32_t size = 0, bit = 0;
        };
        static constexpr auto kTable = [] {
            std::array<Entry, 32> table{};
            constexpr std::string_view kWords[] = {"general", "spot",     "margin",    "futures",
                                                   "earn",    "transfer", "withdrawal"};
            for (std::uint32_t w = 0; w < 7; ++w) {
                Entry& entry = table[static_cast<unsigned char>(kWords[w][0]) & 31U];
                for (std::size_t i = 0; i < std::min<std::size_t>(kWords[w].size(), 8); ++i) {
                    entry.begin |= std::uint64_t{static_cast<unsigned char>(kWords[w][i])} << (8 * i);
                    entry.mask |= std::uint64_t{0xff} << (8 * i);
                }
                entry.size = static_cast<std::uint32_t>(kWords[w].size());
                entry.bit = 1U << w;
            }
            return table;
        }();
        const Entry& entry = kTable[static_cast<unsigned char>(word.data()[0]) & 31U];
        if (((load(word.data()) & entry.mask) ^ entry.begin) != 0 || word.size() != entry.size) return 0;
        if (entry.bit == kWithdrawal && (word[8] != 'a' || word[9] != 'l')) return 0;
        return entry.bit;
    }

    // `{"$secret":{…}}`
    template <Member kMember>
    Token secret(Token token) {
        if (starts_with(text_ + *token, R"({"$secret":{}})")) {
            if constexpr (kMember == kPassphrase) bits_ |= kPhrased;
            if constexpr (kMember == kApiSecret) masked_unknown_ = true;
            return token + 6;
        }
        if (!starts_with(text_ + *token, R"({"$secret":{")")) return nullptr;
        token += 4;
        Key::Secret told;
        std::uint32_t names = 0;
        while (true) {
            if (text_[*token] != '"' || text_[token[1]] != ':' || text_[token[1] - 1] != '"') return nullptr;
            const std::string_view name{text_ + *token + 1, static_cast<std::size_t>(token[1] - *token) - 2};
            token += 2;
            if (*token != token[-1] + 1) return nullptr;
            const std::string_view value{text_ + *token, static_cast<std::size_t>(token[1] - *token)};
            // The third and last but one letter tell the names apart: length, has_space, has_digit, …, is_masked.
            const std::uint32_t bit =
                name.size() < 5 ? 0 : 1U << ((name[3] ^ name[name.size() - 2] * 3 ^ name[4] * 5) & 31);
            if ((names & bit) != 0) return nullptr;  // perhaps twice: the DOM knows
            names |= bit;
            if (name == "length") {
                if (value.empty() || value.size() > 9 || (value[0] == '0' && value.size() > 1)) return nullptr;
                told.length = 0;
                for (const char c : value) {
                    if (c < '0' || c > '9') return nullptr;
                    told.length = told.length * 10 + (c - '0');
                }
            } else if ((value != "true" && value != "false") || !Key::tell(told, name, value == "true")) {
                return nullptr;
            }
            ++token;
            if (text_[*token] == '}') break;
            if (text_[*token] != ',' || token[1] != *token + 1) return nullptr;
            ++token;
        }
        if (token[1] != *token + 1 || text_[token[1]] != '}') return nullptr;
        if (told.length >= 0 && told.tells && told.length < std::max(told.room, 1)) return nullptr;
        if (kMember == kPassphrase && told.length != 0) bits_ |= kPhrased;
        if (kMember == kApiSecret && told.masked < 0) masked_unknown_ = true;
        if (kMember == kApiSecret && told.masked == 0) bits_ |= kDisclosed;
        return token + 2;
    }

    // --- what it comes to --------------------------------------------------------------------------------------------
    // False where the DOM has to look at it.
    [[gnu::always_inline]] bool count_record() {
        if ((seen_ & unknown_) != 0) return false;
        if constexpr (kStrict) {
            if (!times_are_in_order()) return false;
        }
        constexpr std::uint32_t kWanted = 1U << kUsage | 1U << kCreatedAt | 1U << kLastUsedAt;
        const bool known = unknown_ == 0 && (seen_ & kWanted) == kWanted && !masked_unknown_;
        if (kStrict || (bits_ & (kLinked | kListed)) == kListed || !known) {
            if ((bits_ & kListed) != 0 && !look_at_networks()) return false;
        }
        if (!known) return count_unknown();
        std::uint32_t key = bits_;
        key |= permissions_ & kSpot ? kSpotBit : 0U;
        key |= permissions_ & kTransfer ? kTransferBit : 0U;
        key |= permissions_ & kWithdrawal ? kWithdrawalBit : 0U;
        key |= permissions_ & (kGeneral | kMargin | kFutures | kEarn) ? kOtherPermission : 0U;
        if (proofs_ != 0 && !((proofs_ & 3U) == 3 && (proofs_ & 12U) != 0)) key |= kUnverified;
        const bool restricted = (key & kLinked) != 0 || (key & (kListed | kOpened)) == kListed;
        if ((key & kSpotBit) != 0 && !restricted) {
            const Time& last = used_.state == When::kGiven ? used_ : created_;
            if (last.state == When::kGiven) {
                if (not_after(last.text, warned_text_.data())) key |= kWarned;
                if (not_after(last.text, due_text_.data())) key |= kDue;
            }
        }
        ++by_key_[key];
        return true;
    }

    // The same for a record of which something isn't known.
    [[gnu::noinline]] bool count_unknown() {
        const auto listed = [&](Member member) { return (unknown_ >> member & 1U) != 0; };
        const auto truth = [&](Member member, std::uint32_t bit) {
            return listed(member) ? Truth::unknown() : Truth::of((bits_ & bit) != 0);
        };
        Facts f;
        f.named = truth(kName, kNamed);
        f.phrased = truth(kPassphrase, kPhrased);
        f.linked = (seen_ >> kUsage & 1U) != 0 ? Truth::of((bits_ & kLinked) != 0) : Truth::unknown();
        f.has_app = truth(kApp, kHasApp);
        f.disclosed = masked_unknown_ ? Truth::unknown() : truth(kApiSecret, kDisclosed);
        f.asked = truth(kPassphraseKnown, kLost);
        f.still_known = !f.asked;
        f.listed = truth(kIpAllowlist, kListed);
        f.opened = truth(kIpAllowlist, kOpened);
        const auto permissions = static_cast<std::uint8_t>(permissions_),
                   proofs = static_cast<std::uint8_t>(proofs_ & 15U);
        f.permissions = listed(kPermissions) ? Members{0, 127} : Members{permissions, permissions};
        f.proofs = listed(kVerification) ? Members{0, 15} : Members{proofs, proofs};
        f.submitted = listed(kVerification) ? Truth::unknown() : Truth::of(proofs_ != 0);
        tally_.add(judge(f, [&] {
            const auto when = [&](const Time& time) {
                When out{time.state, {}};
                if (time.state != When::kGiven) return out;
                const auto read = read_instant({time.text, 20});
                if (read) out.at = *read;
                return out;
            };
            return idle_since(last_activity(when(created_), when(used_), now_), now_);
        }));
        return true;
    }

    [[nodiscard]] bool times_are_in_order() const {
        const bool is_used = used_.state == When::kGiven, is_created = created_.state == When::kGiven;
        if (is_used && !not_after(used_.text, now_text_.data())) return false;
        return !is_created || not_after(created_.text, is_used ? used_.text : now_text_.data());
    }

    // Finds out whether one is open. False where one can't be read, or two are the same.
    [[gnu::always_inline]] bool look_at_networks() {
        std::array<Network, 16> seen;
        std::size_t count = 0;
        for (Token token = networks_ + 1; text_[*token] == '"'; token += 2) {
            const char* const begin = text_ + *token + 1;
            const char* const end = text_ + token[1] - 1;
            if constexpr (!kStrict) {
                // An address that begins like the unspecified ones, or a prefix length of one digit, or, of IPv6,
                // below 16.
                const auto size = end - begin;
                if (size < 3) return false;  // `::`, if anything
                const bool narrow = *begin != '0' && *begin != ':' && end[-2] != '/' &&
                                    (end[-3] != '/' || end[-2] != '1' || end[-1] > '5');
                if (!narrow) {
                    const auto network = read_network({begin, static_cast<std::size_t>(size)});
                    if (!network) return false;
                    if (is_open(*network)) bits_ |= kOpened;
                }
            } else {
                const auto network = read_network({begin, static_cast<std::size_t>(end - begin)});
                if (!network || count == seen.size()) return false;
                for (std::size_t i = 0; i < count; ++i) {
                    if (network->family != 0 && seen[i] == *network) return false;
                }
                seen[count++] = *network;
                if (is_open(*network)) bits_ |= kOpened;
            }
            if (text_[token[1]] == ']') break;
        }
        return true;
    }

    // Escapes stand only in strings. False where one isn't plainly right.
    [[nodiscard]] bool escapes_are_good(const char* begin, const char* end) {
        if (next_escape_ >= end) return true;
        const char* at = std::max(next_escape_, begin);
        while (true) {
            at = static_cast<const char*>(std::memchr(at, '\\', static_cast<std::size_t>(end_ - at)));
            if (at == nullptr) at = end_;
            if (at >= end) break;
            const char c = at[1];
            if (c == 'u') {
                const unsigned unit = hex(at + 2);
                if (unit == 0 || unit > 0xffff) return false;
                at += 6;
                if (unit >= 0xd800 && unit < 0xe000) {
                    if (unit >= 0xdc00 || at[0] != '\\' || at[1] != 'u') return false;
                    const unsigned low = hex(at + 2);
                    if (low < 0xdc00 || low >= 0xe000) return false;
                    at += 6;
                }
            } else {
                if (std::string_view{"\"\\/bfnrt"}.find(c) == std::string_view::npos) return false;
                at += 2;
            }
        }
        next_escape_ = at;
        return true;
    }
    static unsigned hex(const char* text) {
        unsigned out = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const char c = text[i];
            const unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                                   : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a') + 10
                                   : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A') + 10
                                                          : 0x10000U;
            if (digit > 15) return 0x10000;
            out = out << 4U | digit;
        }
        return out;
    }

    static void write(std::int64_t seconds, std::array<char, 32>& out) {
        const std::time_t time = seconds;
        std::tm parts{};
        (void)gmtime_r(&time, &parts);
        (void)std::strftime(out.data(), out.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    }

    struct Time {
        const char* text = nullptr;
        When::State state = When::kUnknown;
    };
    static constexpr std::uint32_t kSubmitted = 128;

    Instant now_;
    std::array<char, 32> now_text_{}, due_text_{}, warned_text_{};
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1_;
    simdjson::dom::parser parser_;
    Key key_;
    Tally tally_;
    std::unique_ptr<std::uint32_t[]> by_key_ = std::make_unique<std::uint32_t[]>(kKeys);

    const char* text_ = nullptr;
    const char* end_ = nullptr;
    const char* next_escape_ = nullptr;  // no escape stands before it
    // The record at hand.
    Token networks_ = nullptr;
    std::uint32_t bits_ = 0, seen_ = 0, unknown_ = 0, permissions_ = 0, proofs_ = 0;
    bool masked_unknown_ = false;
    Time created_, used_;
};

template <bool kStrict>
int run_walk(int count, char** words) {
    const Arguments arguments = validators::arguments(count, words);
    constexpr std::size_t kBlock = 256 << 10;
    Blocks blocks{arguments.file, kBlock};
    Walk<kStrict> walk{arguments.now, kBlock};
    for (std::string_view block = blocks.next(); !block.empty(); block = blocks.next()) walk.read(block);
    walk.print();
    return 0;
}

}  // namespace validators

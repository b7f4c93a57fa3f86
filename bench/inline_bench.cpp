// What one decision of the KuCoin pack costs by the header with inlined rules, beside the compiled evaluator on the
// same records, in turn and in one run; and that both say the same.
//
//     keywright_inline_bench [rounds]
#include "engine/state.h"
#include "eval/program.h"
#include "keywright/rules.h"
#include "support/random_record.h"

#include "kucoin_tr_inlined.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

using namespace keywright;
namespace pack = kucoin_tr_inlined;

namespace {

constexpr Instant kNow{1'769'000'000, 0};
constexpr std::size_t kRecords = 1024;

// Views of networks live as long as this.
struct Converted {
    std::vector<inlined::Network> networks;
    pack::Record record;
};

template <class T, class Get>
void set(const value::Record& from, std::size_t field, inlined::Field<T>& to, Get get) {
    if (from.state(field) == value::State::kGiven) to = get();
}
template <class T, class Get>
void set(const value::Record& from, std::size_t field, inlined::OptionalField<T>& to, Get get) {
    if (from.state(field) == value::State::kAbsent) to = inlined::absent;
    if (from.state(field) == value::State::kGiven) to = get();
}

void convert(const value::Record& from, Converted& out) {
    pack::Record& r = out.record;
    const auto text = [&](std::size_t f) { return [&from, f] { return from.text(f); }; };
    const auto secret = [&](std::size_t f) {
        return [&from, f] {
            const value::SecretFacts& s = from.secret(f);
            return inlined::Secret{s.length_min, s.length_max, s.known, s.facts};
        };
    };
    const auto instant = [&](std::size_t f) {
        return [&from, f] { return inlined::Instant{from.instant(f).seconds, from.instant(f).nanoseconds}; };
    };
    set(from, 0, r.id, text(0));
    set(from, 1, r.name, text(1));
    set(from, 2, r.usage, [&] { return static_cast<pack::Usage>(from.enumerator(2)); });
    set(from, 3, r.app, text(3));
    set(from, 4, r.permissions, [&] { return inlined::EnumSet<pack::Permissions>::from_bits(from.enum_set(4)); });
    set(from, 5, r.ip_allowlist, [&] {
        for (const value::Network& n : from.network_set(5)) {
            out.networks.push_back(n.masked        ? inlined::Network::hidden()
                                   : n.family == 4 ? inlined::Network::ipv4(static_cast<std::uint32_t>(n.low), n.prefix)
                                                   : inlined::Network::ipv6(n.high, n.low, n.prefix));
        }
        return inlined::Set<inlined::Network>::of(out.networks);
    });
    set(from, 6, r.passphrase, secret(6));
    set(from, 7, r.passphrase_known, [&] { return from.boolean(7); });
    set(from, 8, r.api_secret, secret(8));
    set(from, 9, r.created_at, instant(9));
    set(from, 10, r.last_used_at, instant(10));
    set(from, 11, r.verification, [&] { return inlined::EnumSet<pack::Verification>::from_bits(from.enum_set(11)); });
}

template <class Body>
double nanoseconds(Body body) {
    const auto start = std::chrono::steady_clock::now();
    body();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    return took.count();
}

template <class T>
void keep(const T& value) {
    asm volatile("" : : "m"(value) : "memory");
}

// `unknown`: per cent of the fields.
bool measure(const Rules& rules, unsigned unknown, std::size_t rounds) {
    const Rules::State& state = rules.state();
    test::Dice dice{7};
    std::vector<value::Record> records(kRecords);
    std::vector<Converted> converted(kRecords);
    for (std::size_t i = 0; i < kRecords; ++i) {
        test::random_record(dice, state.module, kNow, {.unknown = unknown}, records[i]);
        convert(records[i], converted[i]);
    }
    auto scratch = state.program.make_scratch();
    std::vector<eval::RuleDecision> out(state.module.rules.size());
    std::size_t differences = 0;
    for (std::size_t i = 0; i < kRecords; ++i) {
        state.program.decide(records[i], kNow, scratch, out);
        const pack::Decision decision = pack::decide(converted[i].record, {kNow.seconds, kNow.nanoseconds});
        for (std::size_t r = 0; r < out.size(); ++r) {
            if (static_cast<int>(decision.outcomes[r]) != static_cast<int>(out[r].outcome)) ++differences;
        }
    }
    double by_program = 1e18, by_header = 1e18;
    for (std::size_t round = 0; round < rounds; ++round) {
        by_program = std::min(by_program, nanoseconds([&] {
                                  for (const value::Record& record : records) {
                                      state.program.decide(record, kNow, scratch, out);
                                      keep(*out.data());
                                  }
                              }));
        by_header = std::min(by_header, nanoseconds([&] {
                                 for (const Converted& one : converted) {
                                     keep(pack::decide(one.record, {kNow.seconds, kNow.nanoseconds}));
                                 }
                             }));
    }
    std::printf("%3u %% unknown: evaluator %6.1f ns, inlined header %6.1f ns a record, %.1f times; %zu differences\n",
                unknown, by_program / kRecords, by_header / kRecords, by_program / by_header, differences);
    return differences == 0;
}

}  // namespace

int main(int count, char** words) {
    const std::size_t rounds = count > 1 ? std::strtoull(words[1], nullptr, 10) : 2000;
    const Compiled compiled = compile_path(KEYWRIGHT_SOURCE_DIR "/rules/kucoin_tr");
    if (!compiled.rules) return 1;
    bool same = true;
    for (const unsigned unknown : {0U, 5U, 50U}) same = measure(*compiled.rules, unknown, rounds) && same;
    return same ? 0 : 1;
}

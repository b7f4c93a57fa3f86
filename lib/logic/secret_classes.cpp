#include "logic/predicate.h"

#include <algorithm>
#include <set>
#include <string>

namespace keywright::logic {

// A secret is its length and its facts. Which facts go together: a character of each kind that is said to be there has
// to find room, and a masked one needs its stars. For every set of kinds the shortest text is built, masked and not,
// and stretched to each length that is asked about.
std::vector<value::Value> secret_candidates(std::span<const Predicate> predicates) {
    std::set<std::size_t> lengths{0, 1, 8};
    for (const Predicate& p : predicates) {
        if (p.ask != Ask::kLength || p.number <= 0 || p.number >= value::SecretFacts::kUnbounded) continue;
        lengths.insert(static_cast<std::size_t>(p.number));
        lengths.insert(static_cast<std::size_t>(p.number) - 1);
    }
    std::vector<value::Value> out;
    // A likely one first.
    out.emplace_back(value::facts_of("Ab1-cdefgh"));
    const auto stretch = [&](const std::string& shortest, std::size_t scalars, char pad) {
        std::set<std::size_t> all = lengths;
        all.insert(scalars);
        for (const std::size_t n : all) {
            // Facts know only the length, so no text of that length need be built.
            if (n < scalars) continue;
            value::SecretFacts facts = value::facts_of(shortest + std::string(n > scalars ? 1 : 0, pad));
            facts.length_min = facts.length_max = static_cast<std::uint32_t>(n);
            out.emplace_back(facts);
        }
    };
    out.emplace_back(value::facts_of(""));
    const std::string kinds[] = {"a", "1", "A", "-", " ", "\xc3\xa9"};
    for (unsigned subset = 1; subset < 64; ++subset) {
        std::string text;
        std::string others;  // without the symbol
        std::size_t scalars = 0;
        for (unsigned i = 0; i < 6; ++i) {
            if ((subset >> i & 1U) == 0) continue;
            text += kinds[i];
            if (i != 3) others += kinds[i];
            ++scalars;
        }
        // What is repeated is one of its own characters; white space last, so that `é` is repeated as a whole.
        const bool only_wide = subset == 32;
        if (only_wide) {
            std::set<std::size_t> all = lengths;
            for (const std::size_t n : all) {
                if (n == 0) continue;
                value::SecretFacts facts = value::facts_of(text);
                facts.length_min = facts.length_max = static_cast<std::uint32_t>(n);
                out.emplace_back(facts);
            }
        } else {
            stretch(text, scalars, text.front());
        }
        if ((subset & 8U) == 0) continue;
        if (others.empty()) {
            stretch("*", 1, '*');
            stretch("**", 2, '*');
        }
        stretch("***" + others, 3 + scalars - 1, '*');
    }
    return out;
}

}  // namespace keywright::logic

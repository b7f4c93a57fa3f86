// Random numbers for tests that make their own cases: the same for the same seed on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace keywright::test {

// SplitMix64.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    // 0 … n - 1
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
    bool chance(unsigned percent) { return below(100) < percent; }
    char byte() { return static_cast<char>(static_cast<unsigned char>(next() & 0xFFU)); }
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[below(from.size())];
    }
    template <class T>
    void shuffle(std::vector<T>& values) {
        for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
    }

private:
    std::uint64_t state_;
};

// `text` with a few bytes flipped, removed, inserted or moved, or cut off.
[[nodiscard]] inline std::string mutate(std::string text, Dice& dice) {
    static constexpr std::string_view kPieces[] = {
        "{",  "}",  "(",         ")",        "\"", "//", "\n",    " not ", ":",           ",",
        "==", "\\", "edition 1", "rule r {", "1",  "::", "2026-", "\xC3",  "\xE2\x80\xAE"};
    for (std::size_t times = 1 + dice.below(4); times > 0 && !text.empty(); --times) {
        const std::size_t at = dice.below(text.size());
        switch (dice.below(6)) {
            case 0: text[at] = static_cast<char>(text[at] ^ (1 << dice.below(7))); break;
            case 1: text.erase(at, 1 + dice.below(12)); break;
            case 2: text.insert(at, kPieces[dice.below(std::size(kPieces))]); break;
            case 3: text.resize(at); break;
            case 4: {
                const std::string moved = text.substr(at, 1 + dice.below(30));
                text.insert(dice.below(text.size()), moved);
                break;
            }
            default: text.insert(at, 1, dice.byte()); break;
        }
    }
    return text;
}

}  // namespace keywright::test

// Counting what is too many to list.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace keywright::logic {

// A number that may be larger than any machine number: cells of a large space.
class Decimal {
public:
    explicit Decimal(std::uint64_t n = 0) {
        do parts_.push_back(static_cast<std::uint32_t>(n % kBase));
        while ((n /= kBase) > 0);
    }
    void multiply(std::uint32_t by) {
        std::uint64_t carry = 0;
        for (std::uint32_t& part : parts_) {
            carry += std::uint64_t{part} * by;
            part = static_cast<std::uint32_t>(carry % kBase);
            carry /= kBase;
        }
        for (; carry > 0; carry /= kBase) parts_.push_back(static_cast<std::uint32_t>(carry % kBase));
    }
    void add(const Decimal& other) {
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < std::max(parts_.size(), other.parts_.size()) || carry > 0; ++i) {
            if (i == parts_.size()) parts_.push_back(0);
            carry += std::uint64_t{parts_[i]} + (i < other.parts_.size() ? other.parts_[i] : 0);
            parts_[i] = static_cast<std::uint32_t>(carry % kBase);
            carry /= kBase;
        }
    }
    [[nodiscard]] std::string text() const {
        std::string out = std::to_string(parts_.back());
        for (std::size_t i = parts_.size() - 1; i-- > 0;) {
            const std::string digits = std::to_string(parts_[i]);
            out += std::string(9 - digits.size(), '0') + digits;
        }
        return out;
    }
    friend bool operator==(const Decimal&, const Decimal&) = default;

private:
    static constexpr std::uint32_t kBase = 1'000'000'000;
    std::vector<std::uint32_t> parts_;  // lowest first
};

}  // namespace keywright::logic

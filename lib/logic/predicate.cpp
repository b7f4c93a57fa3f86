#include "logic/predicate.h"

#include "base/text.h"

#include <algorithm>
#include <map>

namespace keywright::logic {
namespace {

std::span<const value::Network> networks(const value::Value& v) { return std::get<value::NetworkSet>(v); }

std::int64_t length(const value::Value& v) {
    if (const auto* secret = std::get_if<value::SecretFacts>(&v)) return secret->length_min;
    return static_cast<std::int64_t>(base::count_scalars(std::get<std::string>(v)));
}

// Ints fall into the stretches between the numbers that are asked about.
std::vector<value::Value> int_candidates(const Values& values, std::span<const Predicate> predicates,
                                         std::size_t members) {
    std::vector<std::int64_t> starts{values.min};
    for (const Predicate& p : predicates) {
        if (p.number > values.min && p.number <= values.max) starts.push_back(p.number);
    }
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    std::vector<value::Value> out;
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::int64_t first = starts[i];
        const std::int64_t last = i + 1 < starts.size() ? starts[i + 1] - 1 : values.max;
        // From the one closest to zero outwards.
        std::int64_t up = first > 0 ? first : last < 0 ? last : 0;
        std::int64_t down = up;
        for (std::size_t n = 0; n < members; ++n) {
            if (n == 0 || up < last) {
                if (n > 0) ++up;
                out.emplace_back(up);
            } else if (down > first) {
                out.emplace_back(--down);
            } else {
                break;
            }
        }
    }
    return out;
}

}  // namespace

bool holds(const Predicate& p, const value::Value& v) {
    switch (p.ask) {
        case Ask::kIs: return p.value == v;
        case Ask::kAtLeast: return std::get<std::int64_t>(v) >= p.number;
        case Ask::kStartsWith: return std::get<std::string>(v).starts_with(std::get<std::string>(p.value));
        case Ask::kEndsWith: return std::get<std::string>(v).ends_with(std::get<std::string>(p.value));
        case Ask::kLike: return base::matches_glob(std::get<std::string>(v), std::get<std::string>(p.value));
        case Ask::kIsBlank: return base::is_blank(std::get<std::string>(v));
        case Ask::kLength: return length(v) >= p.number;
        case Ask::kWithin: return value::covered_by(std::get<value::Network>(v), networks(p.value));
        case Ask::kCovers:
            return std::ranges::all_of(networks(p.value), [&](const value::Network& n) {
                return value::covers(std::get<value::Network>(v), n);
            });
        case Ask::kOverlaps:
            return std::ranges::any_of(networks(p.value), [&](const value::Network& n) {
                return value::overlaps(std::get<value::Network>(v), n);
            });
        case Ask::kIsOpen: return value::is_open(std::get<value::Network>(v));
        case Ask::kIsPrivate: return value::is_private(std::get<value::Network>(v));
        case Ask::kIsIpv6: return std::get<value::Network>(v).family == 6;
        case Ask::kPrefix: return std::get<value::Network>(v).prefix >= p.number;
        case Ask::kFact: return (std::get<value::SecretFacts>(v).facts & p.number) != 0;
    }
    return false;
}

std::optional<std::vector<ValueClass>> classes_of(const Values& values, std::span<const Predicate> predicates,
                                                  std::size_t members) {
    std::vector<value::Value> candidates;
    switch (values.kind) {
        case ir::Kind::kBool: candidates = {false, true}; break;
        case ir::Kind::kEnum:
            for (std::uint32_t i = 0; i < 64; ++i) {
                if ((values.enumerators >> i & 1U) != 0) candidates.emplace_back(value::EnumValue{i});
            }
            break;
        case ir::Kind::kInt: candidates = int_candidates(values, predicates, members); break;
        case ir::Kind::kText: return text_classes(predicates, members);
        case ir::Kind::kNetwork: candidates = network_candidates(predicates, members); break;
        case ir::Kind::kSecret: candidates = secret_candidates(predicates); break;
        case ir::Kind::kSet:
        case ir::Kind::kInstant:
        case ir::Kind::kDuration:
        case ir::Kind::kRecord: return std::nullopt;
    }
    std::vector<ValueClass> out;
    std::map<std::vector<bool>, std::size_t> known;
    for (value::Value& candidate : candidates) {
        std::vector<bool> truth;
        truth.reserve(predicates.size());
        for (const Predicate& p : predicates) truth.push_back(holds(p, candidate));
        const auto [at, is_new] = known.try_emplace(truth, out.size());
        if (is_new) out.push_back({std::move(truth), {}});
        auto& found = out[at->second].members;
        if (found.size() < members && std::ranges::find(found, candidate) == found.end())
            found.push_back(std::move(candidate));
    }
    return out;
}

}  // namespace keywright::logic

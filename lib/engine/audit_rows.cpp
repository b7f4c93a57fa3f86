#include "engine/audit_rows.h"

#include <bit>

// An instruction that counts bits is in every processor of the last fifteen years, but not in what compilers assume.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__) && (!defined(__clang__) || __clang_major__ >= 14)
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define KW_MANY_VERSIONS
#endif
#endif
#ifndef KW_MANY_VERSIONS
#define KW_MANY_VERSIONS __attribute__((target_clones("popcnt", "default")))
#endif
#else
#define KW_MANY_VERSIONS
#endif

namespace keywright::engine {

namespace {

using eval::PlaneWords;

KW_MANY_VERSIONS std::uint64_t bits_of(const PlaneWords& plane) {
    std::uint64_t out = 0;
    for (const std::uint64_t word : plane) out += static_cast<std::uint64_t>(std::popcount(word));
    return out;
}

[[nodiscard]] bool any(const PlaneWords& plane) {
    std::uint64_t out = 0;
    for (const std::uint64_t word : plane) out |= word;
    return out != 0;
}

// Most rules say nothing of a whole block, which takes less to see than to count.
[[nodiscard]] std::uint64_t count(const PlaneWords& plane) { return any(plane) ? bits_of(plane) : 0; }

[[nodiscard]] PlaneWords without(const PlaneWords& plane, const PlaneWords& those) {
    PlaneWords out;
    for (std::size_t w = 0; w < out.size(); ++w) out[w] = plane[w] & ~those[w];
    return out;
}

void find(const PlaneWords& one, const PlaneWords& other, std::size_t kind, std::uint32_t& missing,
          std::vector<FoundRow>& out) {
    for (std::size_t w = 0; w < one.size() && missing > 0; ++w) {
        for (std::uint64_t word = one[w] | other[w]; word != 0 && missing > 0; word &= word - 1) {
            out.push_back({w * 64 + static_cast<std::size_t>(std::countr_zero(word)), kind});
            --missing;
        }
    }
}

}  // namespace

void count_rows(const Auditor::State& auditor, const eval::BlockDecision& decision, AuditCounts& counts) {
    const ir::Module& module = auditor.module();
    const std::uint64_t violation = count(decision.violation());
    const std::uint64_t undetermined = count(without(decision.undetermined(), decision.violation()));
    counts.violation += violation;
    counts.undetermined += undetermined;
    counts.compliant += decision.rows() - violation - undetermined;
    counts.open += count(decision.open());
    PlaneWords waived{};
    for (std::size_t r = 0; r < module.rules.size(); ++r) {
        const eval::RuleOutcomes& of = decision.rule(r);
        AuditCounts::OfRule& rule = counts.rules[r];
        rule.violated += count(of.violated);
        rule.undetermined += count(of.undetermined);
        if (module.rules[r].expiry) {
            // Of what is violated or undetermined, that is told and no warning besides.
            rule.warned += count(without(of.warns, of.violated));
            rule.perhaps_warned += count(without(without(of.perhaps_warns, of.violated), of.undetermined));
        }
        if (!any(of.exempt)) continue;
        rule.exempt += bits_of(of.exempt);
        const auto by = decision.exempt_by(r);
        for (std::size_t e = 0; e < by.size(); ++e) {
            counts.exemptions[auditor.first_exemption[r] + e] += count(by[e]);
            if (module.rules[r].exemptions[e].waiver == ir::Exemption::kNoWaiver) continue;
            for (std::size_t w = 0; w < waived.size(); ++w) waived[w] |= by[e][w];
        }
    }
    counts.waived += count(waived);
}

void find_rows(const eval::BlockDecision& decision, std::vector<std::uint32_t>& missing, std::vector<FoundRow>& out) {
    out.clear();
    for (std::size_t kind = 0; kind < missing.size(); kind += 2) {
        const eval::RuleOutcomes& of = decision.rule(kind / 2);
        if (missing[kind] > 0) find(of.violated, of.warns, kind, missing[kind], out);
        if (missing[kind + 1] > 0)
            find(of.undetermined, without(of.perhaps_warns, of.violated), kind + 1, missing[kind + 1], out);
    }
}

}  // namespace keywright::engine

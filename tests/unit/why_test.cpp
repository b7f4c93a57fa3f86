// Explained outcomes: what is said, and on packs as the checker lets them through, whether it is so.
#include "keywright/why.h"

#include "analysis/reasons.h"
#include "eval/reference.h"
#include "keywright/keywright.h"
#include "logic/search.h"
#include "support/compiling.h"
#include "support/dice.h"
#include "support/random_record.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

using namespace keywright;
using analysis::Literal;
using test::Dice;

namespace {

const Instant kNow = *parse_instant("2026-02-15T00:00:00Z");

Rules kucoin() {
    const Compiled compiled = compile_path(KEYWRIGHT_SOURCE_DIR "/rules/kucoin_tr");
    REQUIRE(compiled.rules.has_value());
    return *compiled.rules;
}

// A key with everything in order; `members` replace or add.
std::string key(const std::map<std::string, std::string>& members) {
    std::map<std::string, std::string> all{{"name", R"("bot")"},
                                           {"usage", R"("api_trading")"},
                                           {"permissions", R"(["general"])"},
                                           {"ip_allowlist", R"(["203.0.113.7"])"},
                                           {"passphrase", R"({"$secret":{}})"},
                                           {"created_at", R"("2026-01-02T00:00:00Z")"},
                                           {"last_used_at", R"("2026-02-10T00:00:00Z")"}};
    for (const auto& [name, value] : members) all[name] = value;
    std::string out;
    for (const auto& [name, value] : all) {
        if (!value.empty()) out += (out.empty() ? "{\"" : ",\"") + name + "\":" + value;
    }
    return out + "}";
}

RuleWhy why(const Rules& rules, const std::string& rule, const std::map<std::string, std::string>& members,
            bool all = false) {
    WhyOptions options;
    options.check.now = kNow;
    options.rule = rule;
    options.all = all;
    const auto reports = explain_outcomes(rules, key(members), options);
    REQUIRE(reports.size() == 1);
    INFO((reports[0].errors.empty() ? std::string{} : reports[0].errors[0].message));
    REQUIRE(reports[0].rules.size() == 1);
    return reports[0].rules[0];
}

std::string text_of(const ReasonSet& reasons) {
    std::string out;
    for (const Reason& r : reasons) out += (out.empty() ? "" : "; ") + r.field + ' ' + r.fact;
    return out;
}

std::string because(const Rules& rules, const std::string& rule, const std::map<std::string, std::string>& members) {
    const RuleWhy w = why(rules, rule, members);
    CHECK(w.granularity == Granularity::kFacts);
    REQUIRE(w.reasons.size() == 1);
    return std::string{to_string(w.outcome)} + ": " + text_of(w.reasons[0]);
}

}  // namespace

TEST_CASE("each rule of the KuCoin pack, violated and not") {
    const Rules rules = kucoin();
    CHECK(because(rules, "name_required", {{"name", R"("  ")"}}) == "violated: /name is blank");
    CHECK(because(rules, "name_required", {{"name", "null"}}) == "violated: /name is absent");
    CHECK(because(rules, "name_required", {}) == "pass: /name is not blank");
    CHECK(because(rules, "passphrase_required", {{"passphrase", "null"}}) == "violated: /passphrase is absent");
    CHECK(because(rules, "passphrase_required", {}) == "pass: /passphrase is not empty");
    CHECK(because(rules, "permissions_required", {{"permissions", "[]"}}) == "violated: /permissions is empty");
    CHECK(because(rules, "permissions_required", {}) == "pass: /permissions is not empty");
    CHECK(because(rules, "third_party_needs_app", {{"usage", R"("third_party")"}}) ==
          "violated: /usage is third_party; /app is absent");
    CHECK(because(rules, "third_party_needs_app", {}) == "not_applicable: /usage is api_trading");
    CHECK(because(rules, "app_without_link", {{"app", R"("grid")"}}) ==
          "violated: /usage is api_trading; /app is not blank");
    CHECK(because(rules, "third_party_cannot_withdraw",
                  {{"usage", R"("third_party")"}, {"permissions", R"(["general","withdrawal"])"}}) ==
          "violated: /usage is third_party; /permissions contains withdrawal");
    CHECK(because(rules, "third_party_ip_unneeded", {{"usage", R"("third_party")"}}) ==
          "violated: /usage is third_party; /ip_allowlist is not empty");
    CHECK(because(rules, "lost_passphrase", {{"passphrase_known", "false"}}) == "violated: /passphrase_known is false");
    CHECK(because(rules, "withdrawal_discouraged", {{"permissions", R"(["spot","withdrawal"])"}}) ==
          "violated: /usage is api_trading; /permissions contains withdrawal");
    CHECK(because(rules, "ip_restriction_recommended", {{"ip_allowlist", R"(["10.0.0.1","0.0.0.0/0"])"}}) ==
          "violated: /usage is api_trading; /ip_allowlist contains 0.0.0.0/0, which restricts nothing");
    CHECK(because(rules, "transfer_needs_ip", {{"permissions", R"(["spot","transfer"])"}, {"ip_allowlist", "[]"}}) ==
          "violated: /usage is api_trading; /permissions contains transfer; /ip_allowlist is empty");
    CHECK(because(rules, "transfer_needs_ip", {{"permissions", R"(["spot"])"}}) ==
          "not_applicable: /permissions does not contain transfer, withdrawal");
    CHECK(because(rules, "idle_spot_key_expires",
                  {{"permissions", R"(["general","spot"])"},
                   {"ip_allowlist", "[]"},
                   {"created_at", R"("2025-11-02T00:00:00Z")"},
                   {"last_used_at", R"("2025-11-27T00:00:00Z")"}}) ==
          "violated: /usage is api_trading; /permissions contains spot; /ip_allowlist is empty; "
          "/last_used_at is 2025-11-27T00:00:00Z, 80 days before the evaluation");
    CHECK(because(rules, "verification_incomplete", {{"verification", R"(["trading_password","totp"])"}}) ==
          "violated: /verification does not contain email_code");
}

TEST_CASE("a plain secret is told by a fact, never by its text") {
    const Rules rules = kucoin();
    const RuleWhy w = why(rules, "secret_disclosed", {{"api_secret", R"("hunter2-canary")"}});
    CHECK(w.outcome == Outcome::kViolated);
    REQUIRE(w.reasons.size() == 1);
    CHECK(text_of(w.reasons[0]).find("canary") == std::string::npos);
    CHECK(text_of(w.reasons[0]).find("/api_secret is") == 0);
}

TEST_CASE("all reasons, smallest first") {
    const Rules rules = kucoin();
    const RuleWhy w = why(rules, "transfer_needs_ip",
                          {{"permissions", R"(["transfer","withdrawal"])"}, {"ip_allowlist", "[]"}}, true);
    CHECK(w.reasons.size() == 2);
    CHECK_FALSE(w.reasons_cut);
    std::string all;
    for (const ReasonSet& set : w.reasons) all += text_of(set) + '\n';
    CHECK(all.find("contains transfer;") != std::string::npos);
    CHECK(all.find("contains withdrawal;") != std::string::npos);
}

TEST_CASE("what would have had to differ, at the nearest") {
    const Rules rules = kucoin();
    const RuleWhy w =
        why(rules, "idle_spot_key_expires", {{"permissions", R"(["general","spot"])"}, {"ip_allowlist", "[]"}});
    CHECK(w.outcome == Outcome::kPass);
    REQUIRE(w.would_violate.size() >= 1);
    const Change expected{"/last_used_at", "is 2026-02-10T00:00:00Z", "is 2026-01-16T00:00:00Z"};
    CHECK(std::any_of(w.would_violate.begin(), w.would_violate.end(),
                      [&](const auto& way) { return way == std::vector<Change>{expected}; }));
    const RuleWhy moves = why(rules, "transfer_needs_ip", {{"ip_allowlist", "[]"}});
    REQUIRE(moves.would_violate.size() == 1);
    // One more permission does it, and either of the two is as near.
    REQUIRE(moves.would_violate[0].size() == 1);
    const Change& change = moves.would_violate[0][0];
    CHECK(change.field == "/permissions");
    CHECK((change.to == "is {general, withdrawal}" || change.to == "is {general, transfer}"));
}

TEST_CASE("the least knowledge that settles an open rule") {
    const Rules rules = kucoin();
    const RuleWhy w = why(rules, "idle_spot_key_expires",
                          {{"permissions", ""},
                           {"$unknown", R"(["permissions"])"},
                           {"ip_allowlist", "[]"},
                           {"last_used_at", R"("2026-01-01T00:00:00Z")"},
                           {"created_at", R"("2026-01-01T00:00:00Z")"}});
    CHECK(w.outcome == Outcome::kUndetermined);
    CHECK(w.needs == std::vector<std::string>{"/permissions"});
    REQUIRE(w.settled_by.size() == 1);
    CHECK(w.settled_by[0].fields == std::vector<std::string>{"/permissions"});
    CHECK_FALSE(w.settled_by[0].if_violated.empty());
    CHECK_FALSE(w.settled_by[0].if_fine.empty());
}

TEST_CASE(
    "a verdict rests on violated rules, on all error rules, or on open ones; nothing is said of invalid records") {
    const Rules rules = kucoin();
    WhyOptions options;
    options.check.now = kNow;
    const auto only = [&](const std::string& json) { return explain_outcomes(rules, json, options).at(0); };
    const WhyReport compliant = only(key({}));
    CHECK(compliant.verdict == Verdict::kCompliant);
    CHECK(compliant.rules.size() > 5);
    const WhyReport violation = only(key({{"name", "null"}}));
    CHECK(violation.verdict == Verdict::kViolation);
    CHECK(violation.rules.size() == 1);
    const WhyReport invalid = only(R"({"name": 7})");
    CHECK(invalid.verdict == Verdict::kInvalid);
    CHECK(invalid.rules.empty());
    CHECK_FALSE(invalid.errors.empty());
    CHECK(to_json({compliant}, rules.identity(), kNow) == to_json({only(key({}))}, rules.identity(), kNow));
}

TEST_CASE("on checked packs facts force outcomes, and none can be dropped") {
    Dice dice{21};
    const auto checked = test::check_folder("rules/kucoin_tr");
    REQUIRE_FALSE(checked->refused);
    const ir::Module& module = checked->module;
    const eval::Program program{module};
    const analysis::Reasons reasons{module, program};
    std::size_t fine = 0, coarse = 0, completions = 0, dropped = 0;
    for (int i = 0; i < 400; ++i) {
        const Instant now = test::random_now(dice);
        value::Record record;
        test::random_record(dice, module, now,
                            {.unknown = i % 2 == 0 ? 0U : 10U, .absent = 25, .partly_known = i % 4 == 1}, record);
        const eval::Decision decision = eval::decide_reference(module, record, now);
        for (std::size_t r = 0; r < module.rules.size(); ++r) {
            const ir::RuleId id{r};
            const auto target = analysis::target_of(decision.rules[r]);
            if (!target) continue;
            const auto facts = reasons.minimal(record, now, id, decision.rules[r]);
            ++(facts ? fine : coarse);
            if (!facts) continue;
            CAPTURE(module.rules[r].name);
            const analysis::RuleSpace& rule = *reasons.space(id);
            const auto keeps = [&](const value::Record& other, const Literal& fact) {
                return rule.space.truth(rule.space.region_of(other, now), fact.atom) == eval::truth_of(fact.truth);
            };
            for (int n = 0; n < 5; ++n) {
                value::Record other = record;
                for (std::size_t f = 0; f < other.size(); ++f) {
                    if (dice.below(2) == 0) other.set_unknown(f);
                }
                if (!test::complete(dice, module, now, other)) continue;
                if (!std::all_of(facts->begin(), facts->end(), [&](const Literal& l) { return keeps(other, l); }))
                    continue;
                ++completions;
                CHECK(analysis::target_of(eval::decide_reference(module, other, now).rules[r]) == target);
            }
            for (const Literal& fact : *facts) {
                logic::Region region = rule.space.everything();
                for (const Literal& l : *facts) {
                    if (l != fact) rule.space.restrict(region, l.atom, l.truth);
                }
                logic::Search search{rule.space, rule.differs[static_cast<std::size_t>(*target)], region, 100'000};
                logic::Region part;
                REQUIRE(search.next(part) == logic::Search::Step::kFound);
                const auto witness = rule.space.witness(part, now);
                REQUIRE(witness.has_value());
                const auto other =
                    analysis::target_of(eval::decide_reference(module, witness->records[0], witness->now).rules[r]);
                REQUIRE(other.has_value());
                CHECK(*other != *target);
                ++dropped;
            }
        }
    }
    CHECK(fine > 10 * coarse);
    CHECK(completions > 1'000);
    CHECK(dropped > 1'000);
    MESSAGE(fine << " with facts, " << coarse << " with fields, " << completions << " completions");
}

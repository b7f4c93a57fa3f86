// A user's program with the same rules inlined by keywright_inline_rules. It links nothing of Keywright.
#include "desk_inlined.h"

#include <cstdio>

int main() {
    namespace desk = user::desk;
    desk::Record record = desk::nothing_given();
    record.permissions = {desk::Permissions::general, desk::Permissions::transfer};
    const desk::Decision decision = desk::decide(record, {1'771'113'600, 0});
    const bool right = decision.verdict == keywright::inlined::Verdict::kViolation &&
                       decision.of(desk::Rule::no_transfer) == keywright::inlined::Outcome::kViolated &&
                       desk::decide({}, {1'771'113'600, 0}).verdict == keywright::inlined::Verdict::kUndetermined;
    std::puts(right ? "the inlined rules decide" : "wrong verdict");
    return right ? 0 : 1;
}

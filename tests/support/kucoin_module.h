// The rules of the KuCoin pack and its schema, built directly as IR: something of realistic size for tests and
// measurements that must not depend on the rule language. The pack itself is in rules/.
#pragma once

#include "support/ir_builder.h"
#include "value/record.h"

namespace keywright::test {

// Field numbers.
enum KucoinField : std::size_t {
    kId,
    kName,
    kUsage,
    kApp,
    kPermissions,
    kIpAllowlist,
    kPassphrase,
    kPassphraseKnown,
    kApiSecret,
    kCreatedAt,
    kLastUsedAt,
    kVerification
};
// Bits of `permissions`.
enum KucoinPermission : std::uint64_t {
    kGeneral = 1,
    kSpot = 2,
    kMargin = 4,
    kFutures = 8,
    kEarn = 16,
    kTransfer = 32,
    kWithdrawal = 64
};

// Numbers of some rules.
constexpr std::size_t kIdleRule = 12, kTransferRule = 11;

inline ir::Module kucoin_module() {
    IrBuilder b;
    const auto optional = [](Kind kind) { return IrBuilder::optional(IrBuilder::type(kind)); };
    const Type usage_type = b.one_of({"api_trading", "third_party"});
    const Type permissions_type =
        b.set_of_enum({"general", "spot", "margin", "futures", "earn", "transfer", "withdrawal"});
    Type permission_type = IrBuilder::type(Kind::kEnum);
    permission_type.enumeration = permissions_type.enumeration;
    const Type steps_type = b.set_of_enum({"trading_password", "email_code", "totp", "sms_code"});
    Type step_type = IrBuilder::type(Kind::kEnum);
    step_type.enumeration = steps_type.enumeration;

    const auto field = [&](const char* name, Type t) { return b.field(name, t); };
    field("id", optional(Kind::kText));
    const auto name = field("name", optional(Kind::kText));
    const auto usage = field("usage", usage_type);
    const auto app = field("app", optional(Kind::kText));
    const auto permissions = field("permissions", permissions_type);
    const auto allowlist = field("ip_allowlist", IrBuilder::set_of(Kind::kNetwork));
    const auto passphrase = field("passphrase", optional(Kind::kSecret));
    const auto passphrase_known = field("passphrase_known", optional(Kind::kBool));
    const auto api_secret = field("api_secret", optional(Kind::kSecret));
    const auto created = field("created_at", optional(Kind::kInstant));
    const auto last_used = field("last_used_at", optional(Kind::kInstant));
    const auto verification = field("verification", IrBuilder::optional(steps_type));
    b.assume(IrBuilder::term(created), IrBuilder::term(last_used));
    b.assume(IrBuilder::term(created), IrBuilder::term_now());
    b.assume(IrBuilder::term(last_used), IrBuilder::term_now());

    const auto equals = [&](ir::FieldId f, Type t, std::uint32_t index) {
        return b.binary(Op::kEqual, b.read(f), b.value(t, value::EnumValue{index}));
    };
    const auto set = [&](Type t, std::uint64_t bits) { return b.value(t, value::EnumSet{bits}); };
    const auto has_permission = [&](std::uint32_t index) {
        return b.binary(Op::kIn, b.value(permission_type, value::EnumValue{index}), b.read(permissions));
    };
    const auto has_step = [&](std::uint32_t index) {
        return b.binary(Op::kIn, b.value(step_type, value::EnumValue{index}), b.read(verification));
    };
    const auto entered = [&](ir::FieldId text) {
        return b.all({b.present(b.read(text)), b.negation(b.unary(Op::kIsBlank, b.read(text)))});
    };
    const auto empty = [&](ir::FieldId f) { return b.unary(Op::kIsEmpty, b.read(f)); };

    const NodeId linked = b.define("linked", equals(usage, usage_type, 1));
    const NodeId trading = b.define("trading", equals(usage, usage_type, 0));
    const NodeId open = b.quantifier(Op::kNo, b.read(allowlist), [&](NodeId n) { return b.unary(Op::kIsOpen, n); });
    const NodeId restricted = b.define("ip_restricted", b.some({linked, b.all({b.negation(empty(allowlist)), open})}));
    const NodeId general_only =
        b.define("general_only", b.binary(Op::kEqual, b.read(permissions), set(permissions_type, kGeneral)));
    const NodeId last_activity = b.define(
        "last_activity", b.binary(Op::kElse, b.binary(Op::kElse, b.read(last_used), b.read(created)), b.now()));
    const NodeId limit = b.param("inactivity_limit", IrBuilder::type(Kind::kDuration), Duration{2'592'000, 0});

    b.rule("name_required", {}, {}, entered(name));
    b.rule("passphrase_required", {}, {},
           b.all({b.present(b.read(passphrase)),
                  b.binary(Op::kGreater, b.unary(Op::kLength, b.read(passphrase)), b.value(std::int64_t{0}))}));
    b.rule("permissions_required", {}, {}, b.negation(empty(permissions)));
    b.rule("third_party_needs_app", linked, {}, entered(app));
    b.rule("app_without_link", trading, {}, b.negation(entered(app)));
    b.rule("third_party_cannot_withdraw", linked, {}, b.negation(has_permission(6)));
    b.rule("third_party_ip_unneeded", linked, {}, empty(allowlist)).severity = Severity::kInfo;
    b.rule("secret_disclosed", b.present(b.read(api_secret)), {},
           b.has_fact(b.read(api_secret), value::SecretFact::kIsMasked));
    b.rule("lost_passphrase", b.present(b.read(passphrase_known)), {}, b.read(passphrase_known));
    b.rule("withdrawal_discouraged", trading, {}, b.negation(has_permission(6))).severity = Severity::kWarning;
    b.rule("ip_restriction_recommended", trading, {}, restricted).severity = Severity::kWarning;
    b.rule("transfer_needs_ip",
           b.binary(Op::kHasAny, b.read(permissions), set(permissions_type, kTransfer | kWithdrawal)), {}, restricted);
    b.expire("idle_spot_key_expires", has_permission(1), {restricted, general_only}, limit, last_activity,
             b.value(Duration{7 * 86'400, 0}));
    b.rule("verification_incomplete", b.present(b.read(verification)), {},
           b.all({has_step(0), has_step(1), b.some({has_step(2), has_step(3)})}));
    return b.take();
}

// A spot key without allowlist, used an hour after 2026-01-01T00:00:00Z, when it was made.
inline value::Record kucoin_record() {
    value::Record record;
    record.reset(12);
    record.set_text(kId, "65f1a3");
    record.set_text(kName, "bot");
    record.set_enum(kUsage, 0);
    record.set_absent(kApp);
    record.set_enum_set(kPermissions, kGeneral | kSpot);
    record.set_network_set(kIpAllowlist, {});
    record.set_secret(kPassphrase, value::undisclosed_secret());
    record.set_absent(kPassphraseKnown);
    record.set_absent(kApiSecret);
    record.set_instant(kCreatedAt, {1'767'225'600, 0});
    record.set_instant(kLastUsedAt, {1'767'229'200, 0});
    record.set_absent(kVerification);
    return record;
}

}  // namespace keywright::test

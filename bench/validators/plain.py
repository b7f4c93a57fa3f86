#!/usr/bin/env python3
"""The fourteen rules as a script of the standard library: counts what surely violates them, and no more.

    plain.py FILE INSTANT
"""
import json
import sys
from collections import Counter
from datetime import datetime, timedelta

VERIFIED = {"trading_password", "email_code"}
WARNINGS = {"withdrawal_discouraged", "ip_restriction_recommended", "third_party_ip_unneeded",
            "idle_spot_key_expires as warning"}


def blank(text):
    return text is None or not text.strip()


def is_open(entry):
    if "**" in entry:
        return False
    address, slash, prefix = entry.partition("/")
    if ":" in address:
        return address == "::" if not slash else int(prefix) < 16 or (address == "::" and prefix == "128")
    return address == "0.0.0.0" if not slash else int(prefix) < 8 or (address == "0.0.0.0" and prefix == "32")


def no_passphrase(secret):
    if isinstance(secret, dict):
        return secret["$secret"].get("length") == 0
    return not secret


def disclosed(secret):
    if secret is None:
        return False
    if isinstance(secret, dict):
        return secret["$secret"].get("is_masked") is False
    return "***" not in secret and bool(secret.strip("*") or not secret)


def violated(key, now):
    """The rules that a record violates whatever its unknown members may be."""
    unknown = key.get("$unknown", ())
    usage = key.get("usage")
    linked, trading = usage == "third_party", usage == "api_trading"
    permissions = key.get("permissions", ())
    networks = key.get("ip_allowlist", ())
    if "name" not in unknown and blank(key.get("name")):
        yield "name_required"
    if "passphrase" not in unknown and no_passphrase(key.get("passphrase")):
        yield "passphrase_required"
    if not permissions and "permissions" not in unknown:
        yield "permissions_required"
    if "app" not in unknown:
        no_app = blank(key.get("app"))
        if linked and no_app:
            yield "third_party_needs_app"
        if trading and not no_app:
            yield "app_without_link"
    if "withdrawal" in permissions:
        if linked:
            yield "third_party_cannot_withdraw"
        if trading:
            yield "withdrawal_discouraged"
    if linked and networks:
        yield "third_party_ip_unneeded"
    if disclosed(key.get("api_secret")):
        yield "secret_disclosed"
    if key.get("passphrase_known") is False:
        yield "lost_passphrase"
    proofs = key.get("verification")
    if proofs is not None and not (VERIFIED.issubset(proofs) and ("totp" in proofs or "sms_code" in proofs)):
        yield "verification_incomplete"
    if trading and "ip_allowlist" not in unknown and (not networks or any(map(is_open, networks))):
        yield "ip_restriction_recommended"
        if "transfer" in permissions or "withdrawal" in permissions:
            yield "transfer_needs_ip"
        if "spot" in permissions:
            last = key.get("last_used_at", "?")
            if last is None:
                last = key.get("created_at", "?")
            if last is not None and last != "?":
                idle = now - datetime.fromisoformat(last)
                if idle >= timedelta(days=30):
                    yield "idle_spot_key_expires"
                elif idle >= timedelta(days=23):
                    yield "idle_spot_key_expires as warning"


def main():
    now = datetime.fromisoformat(sys.argv[2])
    counts = Counter()
    records = violation = 0
    with open(sys.argv[1], "rb") as file:
        for line in file:
            records += 1
            rules = list(violated(json.loads(line), now))
            if rules:
                counts.update(rules)
                violation += any(rule not in WARNINGS for rule in rules)
    print(json.dumps({"records": records, "violation": violation, "violated": counts}))


main()

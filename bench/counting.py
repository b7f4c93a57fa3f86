"""The counts of Keywright's reports in the words of the validators (validators/judgement.h), and how they differ."""
import json

EXPIRY = "idle_spot_key_expires"


def counted_by_check(text):
    """The counts of `keywright check --format ndjson` in the validators' words."""
    out = {"records": 0, "violated": {}, "open": {}, "exempt": 0}
    for line in filter(None, text.split("\n")):
        result = json.loads(line)
        out["records"] += 1
        out[result["verdict"]] = out.get(result["verdict"], 0) + 1
        out["exempt"] += len(result["exempt"])
        for kind, where in (("violations", "violated"), ("undetermined", "open")):
            for one in result[kind]:
                rule = one["rule"]
                if rule == EXPIRY and one["severity"] == "warning":
                    rule += " as warning"
                out[where][rule] = out[where].get(rule, 0) + 1
    return out


def counted_by_audit(text):
    """The counts of `keywright audit --format json` in the validators' words."""
    report = json.loads(text)
    summary = report.get("summary", report)
    out = {name: summary[name] for name in ("records", "compliant", "violation", "undetermined", "invalid")}
    out.update(violated={}, open={}, exempt=0)
    rules = report.get("by_rule", summary.get("by_rule"))
    if isinstance(rules, dict):
        rules = [{"rule": name, **counts} for name, counts in rules.items()]
    for rule in rules:
        name = rule["rule"]
        out["violated"][name] = rule["violated"]
        out["open"][name] = rule["undetermined"]
        out["exempt"] += rule.get("exempt", 0)
        if "warned" in rule:
            out["violated"][name + " as warning"] = rule["warned"]
            out["open"][name + " as warning"] = rule.get("perhaps_warned", 0)
    return out


def difference(counts, wanted):
    """The first count in which both speak and differ, or nothing. Rules that were never violated may be left out."""
    for name, value in counts.items():
        if isinstance(value, dict):
            for rule in {*value, *wanted.get(name, {})}:
                mine, other = value.get(rule, 0), wanted[name].get(rule, 0)
                if mine != other:
                    return f"{name} {rule}: {mine} instead of {other}"
        elif value != wanted.get(name, value):
            return f"{name}: {value} instead of {wanted[name]}"
    return None

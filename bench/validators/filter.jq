# The fourteen rules as a jq filter: counts what surely violates them, and no more.
#
#     jq -n -c --arg now 2026-02-15T00:00:00Z -f filter.jq FILE

def blank: . == null or test("^[\\s\u00a0]*$");
def has_word($word): index($word) != null;
def is_open:
  if contains("**") then false
  else (if contains(":") then {narrow: 16, whole: "128", nothing: "::"}
        else {narrow: 8, whole: "32", nothing: "0.0.0.0"} end) as $family
  | split("/") as [$address, $prefix]
  | if $prefix == null or $prefix == $family.whole then $address == $family.nothing
    else ($prefix | tonumber) < $family.narrow end
  end;

def violated($now):
  (."$unknown" // []) as $unknown
  | (.usage == "third_party") as $linked
  | (.usage == "api_trading") as $trading
  | (.permissions // []) as $permissions
  | (.ip_allowlist // []) as $networks
  | (if (.name | blank) and ($unknown | has_word("name") | not) then "name_required" else empty end),
    (if (.passphrase | if type == "object" then ."$secret".length == 0 else . == null or . == "" end)
        and ($unknown | has_word("passphrase") | not)
     then "passphrase_required" else empty end),
    (if $permissions == [] and ($unknown | has_word("permissions") | not) then "permissions_required" else empty end),
    (if $unknown | has_word("app") then empty
     elif $linked then if .app | blank then "third_party_needs_app" else empty end
     elif $trading then if .app | blank | not then "app_without_link" else empty end
     else empty end),
    (if $permissions | has_word("withdrawal") then
       if $linked then "third_party_cannot_withdraw" elif $trading then "withdrawal_discouraged" else empty end
     else empty end),
    (if $linked and $networks != [] then "third_party_ip_unneeded" else empty end),
    (if .api_secret == null then empty
     elif (.api_secret | type) == "object" then
       if .api_secret."$secret".is_masked == false then "secret_disclosed" else empty end
     elif .api_secret | contains("***") or test("^[*]+$") then empty
     else "secret_disclosed" end),
    (if .passphrase_known == false then "lost_passphrase" else empty end),
    (if .verification == null then empty
     elif .verification
       | has_word("trading_password") and has_word("email_code") and (has_word("totp") or has_word("sms_code"))
     then empty
     else "verification_incomplete" end),
    (if $trading and ($unknown | has_word("ip_allowlist") | not)
        and ($networks == [] or any($networks[]; is_open))
     then
       "ip_restriction_recommended",
       (if $permissions | has_word("transfer") or has_word("withdrawal") then "transfer_needs_ip" else empty end),
       (if ($permissions | has_word("spot")) and has("last_used_at") then
          (if .last_used_at == null then .created_at else .last_used_at end)
          | if . == null then empty
            else ($now - fromdateiso8601)
            | if . >= 30 * 86400 then "idle_spot_key_expires"
              elif . >= 23 * 86400 then "idle_spot_key_expires as warning"
              else empty end
            end
        else empty end)
     else empty end);

($now | fromdateiso8601) as $at
| reduce inputs as $key ({records: 0, violated: {}};
    .records += 1
    | reduce ($key | violated($at)) as $rule (.; .violated[$rule] += 1))

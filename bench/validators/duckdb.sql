-- The fourteen rules as a query for DuckDB, which reads the file itself: counts what surely violates them, and no more.
-- bench/side-by-side puts the file and the instant in for FILE and INSTANT.
WITH record AS (
    SELECT *,
           usage IS NOT DISTINCT FROM 'third_party' AS linked,
           usage IS NOT DISTINCT FROM 'api_trading' AS trading,
           coalesce(permissions, []) AS granted,
           coalesce(ip_allowlist, []) AS networks,
           coalesce("$unknown", []) AS forgotten,
           regexp_full_match(coalesce(name, ''), '[\s\x{a0}]*') AS nameless,
           regexp_full_match(coalesce(app, ''), '[\s\x{a0}]*') AS no_app
    FROM (
        SELECT unnest(json_transform(json, '{"name": "VARCHAR", "usage": "VARCHAR", "app": "VARCHAR",
                   "permissions": ["VARCHAR"], "ip_allowlist": ["VARCHAR"], "passphrase": "JSON",
                   "passphrase_known": "BOOLEAN", "api_secret": "JSON", "created_at": "VARCHAR",
                   "last_used_at": "VARCHAR", "verification": ["VARCHAR"], "$unknown": ["VARCHAR"]}')),
               -- A column can't tell null from a missing member, and here they differ.
               json_type(json, '$.last_used_at') AS used
        FROM read_ndjson_objects('FILE'))
), fact AS (
    SELECT *,
           trading AND NOT list_contains(forgotten, 'ip_allowlist')
               AND (len(networks) = 0 OR len(list_filter(networks, lambda n:
                   n IN ('0.0.0.0', '0.0.0.0/32', '::', '::/128')
                   OR coalesce(TRY_CAST(split_part(n, '/', 2) AS INTEGER), 128)
                      < CASE WHEN contains(n, ':') THEN 16 ELSE 8 END)) > 0) AS open_to_all,
           list_contains(granted, 'withdrawal') AS withdraws,
           CASE used WHEN 'VARCHAR' THEN last_used_at WHEN 'NULL' THEN created_at END AS last
    FROM record
), judged AS (
    SELECT *,
           open_to_all AND list_contains(granted, 'spot') AS may_expire,
           epoch(TIMESTAMPTZ 'INSTANT') - epoch(CAST(last AS TIMESTAMPTZ)) AS idle
    FROM fact
)
SELECT to_json({
    records: count(*),
    violated: {
        name_required: count_if(nameless AND NOT list_contains(forgotten, 'name')),
        passphrase_required: count_if(NOT list_contains(forgotten, 'passphrase')
            AND CASE json_type(passphrase) WHEN 'OBJECT' THEN coalesce(passphrase->>'$."$secret".length' = '0', false)
                                           WHEN 'VARCHAR' THEN (passphrase->>'$') = '' ELSE true END),
        permissions_required: count_if(len(granted) = 0 AND NOT list_contains(forgotten, 'permissions')),
        third_party_needs_app: count_if(linked AND no_app AND NOT list_contains(forgotten, 'app')),
        app_without_link: count_if(trading AND NOT no_app),
        third_party_cannot_withdraw: count_if(linked AND withdraws),
        third_party_ip_unneeded: count_if(linked AND len(networks) > 0),
        secret_disclosed: count_if(CASE json_type(api_secret)
            WHEN 'OBJECT' THEN coalesce(api_secret->>'$."$secret".is_masked' = 'false', false)
            WHEN 'VARCHAR' THEN NOT contains(api_secret->>'$', '***')
                                AND NOT regexp_full_match(api_secret->>'$', '\*+') ELSE false END),
        lost_passphrase: count_if(passphrase_known = false),
        withdrawal_discouraged: count_if(trading AND withdraws),
        ip_restriction_recommended: count_if(open_to_all),
        transfer_needs_ip: count_if(open_to_all AND (withdraws OR list_contains(granted, 'transfer'))),
        verification_incomplete: count_if(verification IS NOT NULL
            AND NOT (list_has_all(verification, ['trading_password', 'email_code'])
                     AND list_has_any(verification, ['totp', 'sms_code']))),
        idle_spot_key_expires: count_if(may_expire AND idle >= 30 * 86400),
        "idle_spot_key_expires as warning": count_if(may_expire AND idle >= 23 * 86400 AND idle < 30 * 86400)
    }
}) FROM judged;

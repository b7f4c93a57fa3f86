-- The fourteen rules as a query over JSON, for sqlite3: counts what surely violates them, and no more. Lines have been
-- imported into `line(j)`, and `moment(now)` holds the instant, in seconds (bench/side-by-side does both).
WITH record AS (
    SELECT j,
           json_extract(j, '$.usage') = 'third_party' AS linked,
           json_extract(j, '$.usage') = 'api_trading' AS trading,
           coalesce(json_extract(j, '$.permissions'), '[]') AS permissions,
           coalesce(json_extract(j, '$.ip_allowlist'), '[]') AS networks,
           coalesce(json_extract(j, '$."$unknown"'), '[]') AS forgotten,
           json_extract(j, '$.verification') AS verification,
           json_extract(j, '$.api_secret') AS api_secret,
           trim(coalesce(json_extract(j, '$.name'), ''), char(32, 9, 160)) = '' AS nameless,
           trim(coalesce(json_extract(j, '$.app'), ''), char(32, 9, 160)) = '' AS no_app
    FROM line
), fact AS (
    SELECT *,
           trading AND instr(forgotten, '"ip_allowlist"') = 0
               AND (networks = '[]' OR EXISTS (
                   SELECT 1 FROM json_each(networks) AS entry
                   WHERE entry.value IN ('0.0.0.0', '0.0.0.0/32', '::', '::/128')
                      OR (instr(entry.value, '/') > 0
                          AND CAST(substr(entry.value, instr(entry.value, '/') + 1) AS INTEGER)
                              < CASE WHEN instr(entry.value, ':') > 0 THEN 16 ELSE 8 END))) AS open_to_all,
           CASE WHEN json_type(j, '$.last_used_at') = 'text' THEN json_extract(j, '$.last_used_at')
                WHEN json_type(j, '$.last_used_at') = 'null' THEN json_extract(j, '$.created_at') END AS last
    FROM record
), judged AS (
    SELECT *,
           open_to_all AND instr(permissions, '"spot"') > 0 AS may_expire,
           (SELECT now FROM moment) - CAST(strftime('%s', last) AS INTEGER) AS idle
    FROM fact
)
SELECT json_object(
    'records', count(*),
    'violated', json_object(
        'name_required', sum(nameless AND instr(forgotten, '"name"') = 0),
        'passphrase_required', sum(instr(forgotten, '"passphrase"') = 0
            AND CASE json_type(j, '$.passphrase') WHEN 'object' THEN json_extract(j, '$.passphrase."$secret".length') IS 0
                                                  ELSE coalesce(json_extract(j, '$.passphrase'), '') = '' END),
        'permissions_required', sum(permissions = '[]' AND instr(forgotten, '"permissions"') = 0),
        'third_party_needs_app', sum(linked AND no_app AND instr(forgotten, '"app"') = 0),
        'app_without_link', sum(trading AND NOT no_app),
        'third_party_cannot_withdraw', sum(linked AND instr(permissions, '"withdrawal"') > 0),
        'third_party_ip_unneeded', sum(linked AND networks <> '[]'),
        'secret_disclosed', sum(CASE json_type(j, '$.api_secret')
            WHEN 'object' THEN json_extract(j, '$.api_secret."$secret".is_masked') IS 0
            WHEN 'text' THEN instr(api_secret, '***') = 0 AND (api_secret = '' OR trim(api_secret, '*') <> '')
            ELSE 0 END),
        'lost_passphrase', sum(json_extract(j, '$.passphrase_known') IS 0),
        'withdrawal_discouraged', sum(trading AND instr(permissions, '"withdrawal"') > 0),
        'ip_restriction_recommended', sum(open_to_all),
        'transfer_needs_ip', sum(open_to_all
            AND (instr(permissions, '"transfer"') > 0 OR instr(permissions, '"withdrawal"') > 0)),
        'verification_incomplete', sum(verification IS NOT NULL AND NOT (instr(verification, '"trading_password"') > 0
            AND instr(verification, '"email_code"') > 0
            AND (instr(verification, '"totp"') > 0 OR instr(verification, '"sms_code"') > 0))),
        'idle_spot_key_expires', sum(may_expire AND idle >= 30 * 86400),
        'idle_spot_key_expires as warning', sum(may_expire AND idle >= 23 * 86400 AND idle < 30 * 86400)))
FROM judged;

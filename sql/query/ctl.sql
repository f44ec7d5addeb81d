-- What hall-ctl does as the owner of the database.

-- name: ctl_migrate_alone
SELECT pg_try_advisory_lock(hashtext('hall-ctl migrate')) AS alone;

-- name: ctl_version_known
SELECT to_regclass('schema_version') IS NOT NULL AS known;

-- name: ctl_versions
SELECT name, sha256 FROM schema_version ORDER BY name COLLATE "C";

-- name: ctl_version_add
INSERT INTO schema_version (name, sha256) VALUES ($1, $2);

-- name: ctl_state_put
INSERT INTO order_state (code, label_zh, label_en, is_open) VALUES ($1, $2, $3, $4)
    ON CONFLICT (code) DO UPDATE
   SET label_zh = excluded.label_zh, label_en = excluded.label_en, is_open = excluded.is_open;

-- name: ctl_transition_clear
-- A move that the domain no longer knows may stand in the trail, but nobody makes it again.
UPDATE order_transition SET roles = '{}';

-- name: ctl_transition_put
INSERT INTO order_transition (move, from_state, to_state, roles) VALUES ($1, $2, $3, $4::text[])
    ON CONFLICT (move, from_state, to_state) DO UPDATE SET roles = excluded.roles;

-- The seed files come whole, as text: lines after the header, cells between tabs.

-- name: ctl_seed_region
INSERT INTO region (code, name, level, parent)
SELECT c[1], c[2], c[3]::int, nullif(c[4], chr(92) || 'N')
  FROM string_to_table($1, chr(10)) WITH ORDINALITY AS t (line, n), string_to_array(line, chr(9)) AS c
 WHERE n > 1 AND line <> ''
    ON CONFLICT (code) DO UPDATE
   SET name = excluded.name, level = excluded.level, parent = excluded.parent;

-- name: ctl_seed_bank_branch
INSERT INTO bank_branch (code, name, bank, region)
SELECT c[1], c[2], c[3], coalesce(nullif(c[5], chr(92) || 'N'), nullif(c[4], chr(92) || 'N'))
  FROM string_to_table($1, chr(10)) WITH ORDINALITY AS t (line, n), string_to_array(line, chr(9)) AS c
 WHERE n > 1 AND line <> ''
    ON CONFLICT (code) DO UPDATE
   SET name = excluded.name, bank = excluded.bank, region = excluded.region;

-- name: ctl_seed_holiday
INSERT INTO holiday (day, kind, name)
SELECT c[1]::date, c[2], c[3]
  FROM string_to_table($1, chr(10)) WITH ORDINALITY AS t (line, n), string_to_array(line, chr(9)) AS c
 WHERE n > 1 AND line <> ''
    ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name;

-- name: ctl_seed_courier_tariff
-- Dated and never edited: only days that have no row yet.
INSERT INTO courier_tariff (province, fee_fen, valid_from)
SELECT left(c[1], 2), c[2]::bigint, c[3]::date
  FROM string_to_table($1, chr(10)) WITH ORDINALITY AS t (line, n), string_to_array(line, chr(9)) AS c
 WHERE n > 1 AND line <> ''
    ON CONFLICT (province, valid_from) DO NOTHING;

-- name: ctl_seed_texts
-- The texts that project.json names, for the caller to read.
SELECT a->>'id' AS id, a->>'version' AS version, t.key AS lang, t.value AS file,
       a->'title'->>t.key AS title
  FROM jsonb_array_elements($1::jsonb->'agreements') AS a, jsonb_each_text(a->'text') AS t;

-- name: ctl_seed_agreement
-- No row where this version was published with another text.
INSERT INTO agreement (id, version, lang, title, body, sha256)
VALUES ($1, $2, $3, $4, $5, sha256(convert_to($5, 'UTF8')))
    ON CONFLICT (id, version, lang) DO UPDATE SET title = excluded.title
 WHERE agreement.sha256 = excluded.sha256;

-- name: ctl_seed_project
-- Projects and their fees are in the hands of staff afterwards: only new ones.
INSERT INTO project (code, position, name_zh, name_en, active, supplier_url, courier_payer,
                     agreements, agreement_version, second_review)
SELECT p->>'id', n * 10, p->'name'->>'zh-CN', p->'name'->>'en', (p->>'active')::bool,
       p->>'supplier_registration_url', p->>'courier_payer',
       ARRAY(SELECT jsonb_array_elements_text(p->'agreements')),
       (SELECT max(a->>'version') FROM jsonb_array_elements($1::jsonb->'agreements') AS a
         WHERE p->'agreements' ? (a->>'id')),
       coalesce(p->'review'->'second_review', '{}')
  FROM jsonb_array_elements($1::jsonb->'projects') WITH ORDINALITY AS t (p, n)
    ON CONFLICT (code) DO NOTHING;

-- name: ctl_seed_project_type
INSERT INTO project_type (project, certificate_type, fee_per_year_fen, years, algorithm, documents)
SELECT p->>'id', c->>'type', (c->>'fee_fen_per_year')::bigint,
       ARRAY(SELECT y::int FROM jsonb_array_elements_text(c->'years') AS y), c->>'algorithm',
       ARRAY(SELECT jsonb_array_elements_text(c->'documents'))
  FROM jsonb_array_elements($1::jsonb->'projects') AS p,
       jsonb_array_elements(p->'certificate_types') AS c
    ON CONFLICT (project, certificate_type) DO NOTHING;

-- name: ctl_staff_add
INSERT INTO staff (username, name, password_hash, totp_sealed, roles)
VALUES ($1, $2, $3, $4, $5::text[])
RETURNING id;

-- name: ctl_staff_reset
-- Older sessions end because the epoch grows.
UPDATE staff
   SET password_hash = $2, totp_sealed = $3, totp_step = 0, totp_enrolled = true, failed = 0,
       locked_until = NULL, epoch = epoch + 1
 WHERE username = $1
RETURNING id;

-- name: ctl_account_put
INSERT INTO account (phone, name, password_hash) VALUES ($1, $2, $3)
    ON CONFLICT (phone) DO UPDATE
   SET password_hash = excluded.password_hash, failed = 0, locked_until = NULL
RETURNING id;

-- name: ctl_logins_count
SELECT (SELECT count(*) FROM staff WHERE username = ANY ($1::text[]) AND state = 'active')
     + (SELECT count(*) FROM account WHERE phone = $2 AND state = 'active') AS n;

-- name: ctl_clock_jobs
-- The clock goes back to a shift of $1 seconds: what waited by the old one waits no longer for it.
UPDATE job j
   SET due_at = CASE WHEN j.due_at > now() + c.new THEN greatest(now() + c.new, j.due_at - c.back) ELSE j.due_at END,
       lease_until = j.lease_until - c.back
  FROM (SELECT make_interval(secs => $1) AS new, shift - make_interval(secs => $1) AS back FROM clock) c
 WHERE j.state = 'queued' AND c.back > '0';

-- name: ctl_clock_set
UPDATE clock SET shift = make_interval(secs => $1);


-- From the choice of a project to the confirmed form.

-- name: order_create
-- $1 number, $2 account, $3 project, $4 type, $5 years, $6 key or NULL, $7 ip, $8 trace
-- No row: the project does not offer this. The same key answers the order it made.
WITH offer AS (
    SELECT p.code, t.certificate_type
      FROM project p JOIN project_type t ON t.project = p.code
     WHERE p.code = $3 AND p.active AND t.certificate_type = $4 AND $5::int = ANY (t.years)
), made AS (
    INSERT INTO orders (order_no, account_id, project, certificate_type, years, create_key, deadline_at)
    SELECT $1, $2, code, certificate_type, $5::int, $6, hall_now() + interval '30 days' FROM offer
    ON CONFLICT (account_id, create_key) DO NOTHING
    RETURNING id, order_no
), told AS (
    SELECT audit_add('orders/' || order_no, 'applicant', $2, $7, $8, 'T01', id, 'T01', NULL, 'draft', '{}') FROM made
)
SELECT made.id, made.order_no FROM made, told
UNION ALL
SELECT id, order_no FROM orders WHERE account_id = $2 AND create_key = $6 AND EXISTS (SELECT FROM offer);

-- name: order_number
SELECT nextval('order_number') AS n;

-- name: project_agreements
-- What must be accepted for this project.
SELECT a.id, a.version
  FROM project p JOIN agreement a ON a.id = ANY (p.agreements) AND a.version = p.agreement_version
 WHERE p.code = $1 AND a.lang = 'zh-CN';

-- name: order_agree
INSERT INTO order_agreement (order_id, agreement, version, lang, sha256, ip)
SELECT $1, id, version, lang, sha256, $5 FROM agreement WHERE id = $2 AND version = $3 AND lang = $4
ON CONFLICT DO NOTHING;

-- name: form_context
-- What the rules of the form must know: the order, and whether the codes in it exist.
-- $3 region of the organisation, $4 region of delivery, $5 bank branch
SELECT o.id, o.order_no, o.certificate_type, o.years, o.state, o.form_version,
       EXISTS (SELECT FROM region WHERE code = $3 AND is_leaf) AS organisation_region,
       EXISTS (SELECT FROM region WHERE code = $4 AND is_leaf) AS delivery_region,
       EXISTS (SELECT FROM courier_tariff WHERE province = left($4, 2) AND valid_from <= (hall_now() AT TIME ZONE 'Asia/Shanghai')::date
                  AND (valid_to IS NULL OR valid_to > (hall_now() AT TIME ZONE 'Asia/Shanghai')::date)) AS served,
       EXISTS (SELECT FROM bank_branch WHERE code = $5) AS bank
  FROM orders o
 WHERE o.order_no = $1 AND o.account_id = $2;

-- name: form_save
-- One statement: the form and its event. $5 the version it was read at, $6 T02 or T23, $10 key of the
-- person in it: while an order is corrected, who is to be checked follows the form; $11 what somebody
-- should look at as of day $12. A draft lapses 30 days after the last save, or up to an hour later: the
-- deadline is indexed, and stays where it is while somebody writes
WITH saved AS (
    UPDATE orders
       SET form = $3::jsonb, form_secret = $4, incomplete = $9::jsonb, warnings = $11::jsonb, warnings_day = $12::int, form_version = form_version + 1,
           person_key = CASE WHEN state = 'returned' THEN $10::bytea ELSE person_key END,
           subject_name = coalesce(CASE WHEN certificate_type = 'organisation' THEN $3::jsonb -> 'organisation' ->> 'name'
                                        ELSE $3::jsonb -> 'applicant' ->> 'name' END, subject_name),
           deadline_at = CASE WHEN state = 'draft' AND deadline_at < hall_now() + interval '30 days' THEN hall_now() + interval '30 days 1 hour'
                              ELSE deadline_at END
     WHERE id = $1 AND account_id = $2 AND state IN ('draft', 'returned') AND form_version = $5
    RETURNING id, order_no, state
)
SELECT audit_add('orders/' || order_no, 'applicant', $2, $7, $8, $6, id, $6, state, state, '{}') AS seq FROM saved;

-- name: form_read
SELECT form::text AS form, form_secret FROM orders WHERE id = $1;

-- name: order_quote
-- Price of this order today, by the region of delivery ($2).
SELECT t.fee_per_year_fen, p.courier_payer, c.id AS tariff_id, c.fee_fen AS courier_fen
  FROM orders o
  JOIN project p ON p.code = o.project
  JOIN project_type t ON t.project = o.project AND t.certificate_type = o.certificate_type
  LEFT JOIN courier_tariff c ON c.province = left($2, 2) AND c.valid_from <= (hall_now() AT TIME ZONE 'Asia/Shanghai')::date
        AND (c.valid_to IS NULL OR c.valid_to > (hall_now() AT TIME ZONE 'Asia/Shanghai')::date)
 WHERE o.id = $1;

-- name: form_confirm
UPDATE orders
   SET revision_no = revision_no + 1, subject_key = $2, person_key = $3, certificate_fen = $4, courier_fen = $5,
       courier_payer = $6, tariff_id = $7
 WHERE id = $1
RETURNING revision_no;

-- name: revision_add
INSERT INTO order_revision (order_id, revision_no, form, form_secret, sha256, print_sha256)
VALUES ($1, $2, $3::jsonb, $4, decode($5, 'hex'), decode($6, 'hex'));

-- name: order_blockers
-- Who already has an open order for the same subject in the same project: number and whose.
SELECT p.order_no, p.account_id
  FROM orders o JOIN orders p ON p.project = o.project AND p.subject_key = $2 AND p.is_open AND p.id <> o.id
 WHERE o.id = $1;

-- name: review_void
UPDATE review SET is_void = true WHERE order_id = $1 AND NOT is_void;
-- name: review_unpassed
UPDATE orders SET review_passed_sha256 = NULL WHERE id = $1 AND review_passed_sha256 IS NOT NULL;

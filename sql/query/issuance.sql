-- The making of certificates: what leads to one, the intent, the release.

-- name: issuance_add
-- Queued, or queued again after it was closed or failed.
INSERT INTO issuance (order_id, reissue_no) VALUES ($1, $2)
ON CONFLICT (order_id, reissue_no) DO UPDATE
   SET state = 'queued', attempts = 0, failure = NULL, changed_at = hall_now()
 WHERE issuance.state IN ('failed', 'closed');

-- name: issuance_begin
-- One more try.
UPDATE issuance SET attempts = attempts + 1, changed_at = hall_now()
 WHERE order_id = $1 AND reissue_no = $2
RETURNING attempts;

-- name: issuance_state
UPDATE issuance SET state = $3, failure = $4, changed_at = hall_now() WHERE order_id = $1 AND reissue_no = $2;

-- name: issuance_gate
-- Everything that must hold, from the rows themselves.
SELECT (SELECT value = 'on' FROM setting WHERE name = 'issuance') AS is_on,
       EXISTS (SELECT FROM payment y WHERE y.order_id = o.id AND y.purpose = 'order' AND y.state = 'paid'
                  AND y.received_fen >= o.certificate_fen + o.courier_fen) AS is_paid,
       EXISTS (SELECT FROM identity_check i WHERE i.order_id = o.id AND i.is_current AND i.state = 'passed'
                  AND i.subject_key = o.person_key) AS is_identified,
       coalesce((SELECT b.state = 'ok' AND NOT b.is_void FROM bank_verification b
                  WHERE b.order_id = o.id ORDER BY b.attempt DESC LIMIT 1), false) AS is_bank_verified,
       (SELECT r.staff_id FROM review r
         WHERE r.order_id = o.id AND r.stage = 1 AND r.verdict = 'approved' AND NOT r.is_void
           AND r.content_sha256 = o.review_passed_sha256 ORDER BY r.id DESC LIMIT 1) AS first_reviewer,
       (SELECT r.staff_id FROM review r
         WHERE r.order_id = o.id AND r.stage = 2 AND r.verdict = 'approved' AND NOT r.is_void
           AND r.content_sha256 = o.review_passed_sha256 ORDER BY r.id DESC LIMIT 1) AS second_reviewer,
       p.name_zh AS project_name, t.algorithm, v.form::text AS form, v.form_secret
  FROM orders o
  JOIN project p ON p.code = o.project
  JOIN project_type t ON t.project = o.project AND t.certificate_type = o.certificate_type
  LEFT JOIN order_revision v ON v.order_id = o.id AND v.revision_no = o.revision_no
 WHERE o.id = $1;

-- name: issuance_place
-- Province and city of a region. Where the city's name says nothing, the province's or district's.
SELECT p.name AS province,
       CASE WHEN c.name LIKE '%直辖县级行政区划' THEN coalesce(d.name, p.name)
            WHEN c.name IN ('市辖区', '县') THEN p.name
            ELSE coalesce(c.name, p.name) END AS city
  FROM region p
  LEFT JOIN region c ON c.code = left($1, 4) || '00' AND c.level = 2
  LEFT JOIN region d ON d.code = $1
 WHERE p.code = left($1, 2) || '0000';

-- name: issuance_stray
-- Orders that should be made but that no job leads: there is always one, or something went wrong.
SELECT o.order_no
  FROM orders o
 WHERE o.state IN ('accepted', 'bank_verified', 'issuing') AND o.state_since < hall_now() - interval '5 seconds'
   AND NOT EXISTS (SELECT FROM job j WHERE j.key = 'issue/' || o.order_no || '/' || o.reissue_no AND j.state <> 'done')
 ORDER BY o.id
 LIMIT 100;

-- name: issuance_wake
-- The switch was turned on: nobody waits out a pause.
UPDATE job SET due_at = hall_now() WHERE kind = 'ISSUE' AND state = 'queued' AND lease_until IS NULL;

-- name: issuance_list
-- $1 state or NULL, $2 the last order seen or NULL, $3 how many
SELECT o.id, o.order_no, o.state AS order_state, o.subject_name, o.project, o.certificate_type, i.reissue_no, i.state,
       i.attempts, i.failure, epoch(i.changed_at) AS changed_at, s.name AS refusal_asked_by, p.asked_by AS refusal_asked_by_id, p.reason AS refusal_reason,
       (SELECT n.lint::text FROM cert_intent n
         WHERE n.order_id = i.order_id AND n.reissue_no = i.reissue_no ORDER BY n.id DESC LIMIT 1) AS lint
  FROM issuance i
  JOIN orders o ON o.id = i.order_id AND o.reissue_no = i.reissue_no
  LEFT JOIN proposal p ON p.order_id = o.id AND p.act = 'issuance_refusal'
  LEFT JOIN staff s ON s.id = p.asked_by
 WHERE ($1::text IS NULL OR i.state = $1) AND ($2::bigint IS NULL OR o.id < $2)
 ORDER BY o.id DESC
 LIMIT $3;

-- name: issuance_next_reissue
-- This number was used up.
UPDATE orders SET reissue_no = reissue_no + 1 WHERE id = $1 RETURNING reissue_no;

-- name: setting_get
SELECT e.value, s.name AS changed_by, e.reason, epoch(e.changed_at) AS changed_at
  FROM setting e LEFT JOIN staff s ON s.id = e.changed_by
 WHERE e.name = $1;

-- name: setting_set
INSERT INTO setting (name, value, changed_by, reason) VALUES ($1, $2, $3, $4)
ON CONFLICT (name) DO UPDATE
   SET value = excluded.value, changed_by = excluded.changed_by, reason = excluded.reason, changed_at = hall_now();

-- name: intent_add
-- Committed before any signature exists.
INSERT INTO cert_intent (order_id, reissue_no, issuer, serial, content_sha256, tbs, spki_sha256, key_sealed, lint)
VALUES ($1, $2, $3, $4, decode($5, 'hex'), $6, $7, $8, $9::jsonb)
RETURNING id, epoch(prepared_at) AS prepared_at;

-- name: intent_live
-- The one that is not void.
SELECT id, issuer, encode(serial, 'hex') AS serial, encode(content_sha256, 'hex') AS content_sha256, tbs, key_sealed,
       epoch(prepared_at) AS prepared_at, released_at IS NOT NULL AS is_released
  FROM cert_intent
 WHERE order_id = $1 AND reissue_no = $2 AND void_reason IS NULL
   FOR UPDATE;

-- name: intent_release
-- The one place where a certificate comes into the world; no row when it has been there.
UPDATE cert_intent
   SET cert_der = $2, cert_sha256 = sha256($2::bytea), container_sealed = $3, key_sealed = NULL, released_at = hall_now()
 WHERE id = $1 AND cert_der IS NULL AND void_reason IS NULL;

-- name: intent_void
UPDATE cert_intent SET void_reason = $2 WHERE id = $1 AND cert_der IS NULL;

-- name: intent_known
SELECT EXISTS (SELECT FROM cert_intent
                WHERE issuer = $1 AND serial = decode($2, 'hex') AND tbs_sha256 = decode($3, 'hex')) AS known;

-- name: proposal_lock
SELECT asked_by, reason FROM proposal WHERE order_id = $1 AND act = $2 FOR UPDATE;

-- name: proposal_put
INSERT INTO proposal (order_id, act, asked_by, reason) VALUES ($1, $2, $3, $4)
ON CONFLICT (order_id, act) DO UPDATE
   SET asked_by = excluded.asked_by, reason = excluded.reason, asked_at = hall_now();

-- name: proposal_drop
DELETE FROM proposal WHERE order_id = $1 AND act = $2;

-- Handing an order over to whoever decides next.

-- name: submit_facts
-- What the verdict will be about, and what the project's policy is.
SELECT r.form::text AS form, r.form_secret, encode(r.sha256, 'hex') AS digest,
       (SELECT coalesce(jsonb_object_agg(d.kind, d.sha256), '{}')
          FROM document d
         WHERE d.order_id = o.id AND d.is_current AND d.kind <> 'payment_voucher')::text AS documents,
       i.id AS identity, coalesce(i.kind = 'manual', false) AS manual_identity,
       coalesce(p.second_review -> 'certificate_types' ? o.certificate_type, false) AS by_type,
       coalesce((p.second_review ->> 'returned_at_least')::int, 0) AS returned_at_least,
       coalesce((p.second_review ->> 'manual_identity')::bool, false) AS policy_manual,
       coalesce((p.second_review ->> 'random_percent')::int, 0) AS random_percent
  FROM orders o
  JOIN order_revision r ON r.order_id = o.id AND r.revision_no = o.revision_no
  JOIN project p ON p.code = o.project
  LEFT JOIN identity_check i ON i.order_id = o.id AND i.is_current AND i.state = 'passed' AND i.subject_key = o.person_key
 WHERE o.id = $1;

-- name: submit_write
UPDATE orders
   SET content_sha256 = decode($2, 'hex'), submitted_at = coalesce(submitted_at, hall_now()),
       sla_due = to_timestamp($3::bigint), sla_left_s = NULL, second_review = $4
 WHERE id = $1
RETURNING epoch(submitted_at) AS submitted_at;

-- name: promise_write
-- $2 when it ends, NULL while it stands still with $3 working seconds left
UPDATE orders SET sla_due = to_timestamp($2::bigint), sla_left_s = $3 WHERE id = $1;

-- name: calendar_days
SELECT day - date '1970-01-01' AS day, kind = 'workday' AS working FROM holiday ORDER BY holiday.day;

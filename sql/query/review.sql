-- Review: the queue, leases, verdicts.

-- name: review_alone
-- Until the transaction ends this member of staff takes no other order: two requests at once would
-- each see that nothing is held.
SELECT pg_advisory_xact_lock(hashtextextended('review', $1::bigint));

-- name: review_held
-- The order this member of staff reviews now.
SELECT order_no FROM orders
 WHERE lease_staff = $1 AND lease_until > hall_now() AND state IN ('in_review', 'in_second_review');

-- name: review_next
-- The first of the queue; what comes back from the applicant goes to whoever saw it before ($2).
-- Nobody looks twice at the same: not their own first review, nor what they keyed.
UPDATE orders SET lease_staff = $1, lease_until = hall_now() + interval '20 minutes', fence = fence + 1
 WHERE id = (SELECT id FROM orders o
              WHERE o.state IN ('pending_review', 'pending_second_review')
                AND ($2::bool IS NOT TRUE OR (o.returned_times > 0
                     AND $1 = (SELECT r.staff_id FROM review r WHERE r.order_id = o.id ORDER BY r.id DESC LIMIT 1)))
                AND (o.state = 'pending_review' OR NOT EXISTS (
                     SELECT FROM review r WHERE r.order_id = o.id AND r.stage = 1 AND NOT r.is_void AND r.staff_id = $1))
              ORDER BY o.submitted_at, o.id
                FOR UPDATE SKIP LOCKED
              LIMIT 1)
RETURNING order_no;

-- name: review_lease
UPDATE orders SET lease_staff = $2, lease_until = hall_now() + interval '20 minutes', fence = fence + 1 WHERE id = $1;

-- name: review_unlease
UPDATE orders SET lease_staff = NULL, lease_until = NULL WHERE id = $1;

-- name: review_expired
-- Orders whose reviewer has gone, with what names them.
SELECT order_no FROM orders
 WHERE lease_until <= hall_now() AND state IN ('in_review', 'in_second_review')
 ORDER BY lease_until LIMIT 50;

-- name: review_first
-- Who gave the first favourable verdict that still stands, and about what.
SELECT staff_id, encode(content_sha256, 'hex') AS content_sha256
  FROM review
 WHERE order_id = $1 AND stage = 1 AND verdict = 'approved' AND NOT is_void
 ORDER BY id DESC LIMIT 1;

-- name: review_denial_asked
SELECT staff_id FROM review
 WHERE order_id = $1 AND verdict = 'denial_asked' AND NOT is_void ORDER BY id DESC LIMIT 1;

-- name: review_add
INSERT INTO review (order_id, stage, staff_id, verdict, content_sha256, reasons, note)
VALUES ($1, $2, $3, $4, decode($5, 'hex'), coalesce($6::jsonb, '[]'), coalesce($7, ''));

-- name: review_passed
UPDATE orders SET review_passed_sha256 = decode($2, 'hex'), lease_staff = NULL, lease_until = NULL WHERE id = $1;

-- name: review_returned
UPDATE orders
   SET rejection = $2::jsonb, returned_times = returned_times + 1, review_passed_sha256 = NULL,
       lease_staff = NULL, lease_until = NULL
 WHERE id = $1;

-- name: review_closed
UPDATE orders SET close_reason = $2, lease_staff = NULL, lease_until = NULL WHERE id = $1;

-- name: review_money
-- How the order is paid: 'online', 'confirmed' by finance, 'waiting' for it, or no row.
SELECT CASE WHEN method <> 'bank_transfer' THEN 'online' WHEN state = 'paid' THEN 'confirmed' ELSE 'waiting' END AS money
  FROM payment
 WHERE order_id = $1 AND purpose = 'order' AND state IN ('paid', 'awaiting_confirmation');

-- name: review_bank_holds
-- An earlier 金融认证 of the account that is still in the form.
SELECT EXISTS (SELECT FROM bank_verification WHERE order_id = $1 AND state = 'ok' AND NOT is_void)
   AND EXISTS (SELECT FROM pin WHERE order_id = $1 AND state IN ('made', 'sent')) AS holds;

-- name: review_bank_void
UPDATE bank_verification SET is_void = true WHERE order_id = $1 AND NOT is_void;

-- name: review_reasons_offered
-- What the order's project lets reviewers choose from; NULL: everything.
SELECT to_json(p.return_reasons)::text AS reasons FROM orders o JOIN project p ON p.code = o.project WHERE o.id = $1;

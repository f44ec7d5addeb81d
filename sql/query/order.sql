-- Orders: finding, locking, moving.

-- name: order_lock
SELECT id, order_no, account_id, project, certificate_type, years, state, version, form_version,
       revision_no, encode(content_sha256, 'hex') AS content_sha256,
       encode(review_passed_sha256, 'hex') AS review_passed_sha256,
       certificate_fen, courier_fen, courier_payer, pin_channel, returned_times, second_review,
       lease_staff, epoch(lease_until) AS lease_until, fence, reissue_no, subject_name,
       epoch(submitted_at) AS submitted_at, epoch(sla_due) AS sla_due, sla_left_s
  FROM orders
 WHERE order_no = $1 AND ($2::bigint IS NULL OR account_id = $2)
   FOR UPDATE;

-- name: order_lock_id
-- For jobs, which name the order by its id.
SELECT order_no FROM orders WHERE id = $1;

-- name: order_move
-- Guarded: moves the order only if it still stands where the caller saw it. A deadline of 0 days
-- is none. Answers the event's number in the order's chain.
WITH moved AS (
    UPDATE orders
       SET state = $3,
           deadline_at = CASE WHEN $3 = $2 THEN deadline_at
                              WHEN $4::int > 0 THEN hall_now() + make_interval(days => $4::int) END
     WHERE id = $1 AND state = $2
    RETURNING id, order_no
)
SELECT audit_add('orders/' || order_no, $6, $7, $8, $9, $5, id, $5, $2, $3, $10::jsonb) AS seq
  FROM moved;

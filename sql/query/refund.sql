-- Money on its way back.

-- name: refund_numbers
-- Numbers of the next refund: of the payment, and of the order for those that go by transfer.
SELECT (SELECT count(*) FROM refund WHERE payment_id = $1) + 1 AS of_payment,
       (SELECT count(*) FROM refund WHERE order_id = $2) + 1 AS of_order;

-- name: refund_add
INSERT INTO refund (refund_id, payment_id, order_id, out_refund_no, amount_fen, reason, state, closes_order,
                    requested_by, create_key, account_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id;

-- name: refund_by_key
SELECT id FROM refund WHERE payment_id = $1 AND create_key = $2;

-- name: refund_get
SELECT id, refund_id, payment_id, order_id, out_refund_no, amount_fen, reason, state, closes_order,
       provider_refund_id, failure, account_sealed, requested_by, approved_by, epoch(submitted_at) AS submitted_at,
       epoch(created_at) AS created_at, epoch(finished_at) AS finished_at
  FROM refund
 WHERE id = $1;

-- name: refund_find
SELECT id, order_id FROM refund WHERE refund_id = $1;

-- name: refund_by_number
SELECT id, order_id FROM refund WHERE out_refund_no = $1;

-- name: refund_failed_of_order
-- The last refund of the order that failed and was not sent again.
SELECT f.id FROM refund f
 WHERE f.order_id = $1 AND f.state = 'failed'
   AND NOT EXISTS (SELECT FROM refund g WHERE g.payment_id = f.payment_id AND g.id > f.id
                      AND g.state NOT IN ('failed', 'withdrawn'))
 ORDER BY f.id DESC LIMIT 1;

-- name: refund_again
-- Whether a failed refund ($2) was sent again: a later one of its payment is not withdrawn.
SELECT EXISTS (SELECT FROM refund WHERE payment_id = $1 AND id > $2 AND state NOT IN ('failed', 'withdrawn')) AS again;

-- name: refund_withdraw_requested
UPDATE refund SET state = 'withdrawn', finished_at = hall_now() WHERE payment_id = $1 AND state = 'requested';

-- name: refund_state
UPDATE refund
   SET state = $2, failure = $3, provider_refund_id = coalesce($4, provider_refund_id),
       submitted_at = CASE WHEN $2 = 'submitted' THEN coalesce(submitted_at, hall_now()) ELSE submitted_at END,
       finished_at = CASE WHEN $2 IN ('succeeded', 'failed', 'withdrawn') THEN hall_now() END
 WHERE id = $1;

-- name: refund_approve
UPDATE refund SET state = 'created', approved_by = $2 WHERE id = $1 AND state = 'requested';

-- name: refund_account
UPDATE refund SET account_sealed = $2 WHERE id = $1;

-- name: refund_sums
-- What of a payment is back, what is still on its way, and both in fen without what was only asked for.
SELECT coalesce(sum(amount_fen) FILTER (WHERE state = 'succeeded'), 0)::bigint AS back,
       coalesce(sum(amount_fen) FILTER (WHERE state IN ('created', 'submitted', 'unknown', 'succeeded')), 0)::bigint AS leaving,
       count(*) FILTER (WHERE state IN ('requested', 'created', 'submitted', 'unknown')) AS open
  FROM refund
 WHERE payment_id = $1;

-- name: refund_line
-- Where a transfer came from, if a line of the statement was matched.
SELECT l.serial, l.payer_name, l.payer_account_sealed
  FROM bank_match m JOIN bank_line l ON l.id = m.line_id
 WHERE m.payment_id = $1
 ORDER BY m.amount_fen DESC
 LIMIT 1;

-- name: refund_list
-- $1 state or NULL, $2 the last id seen or NULL, $3 how many, $4 which one or NULL, $5 who looks
SELECT f.id, f.refund_id, f.out_refund_no, f.amount_fen, f.reason, f.state, f.closes_order, f.failure,
       f.account_sealed IS NOT NULL AS has_account, y.payment_id, y.method, y.purpose, o.order_no, o.state AS order_state,
       o.subject_name, a.name AS requested_by, coalesce(f.requested_by = $5, false) AS mine, b.name AS approved_by, epoch(f.created_at) AS created_at,
       epoch(f.finished_at) AS finished_at
  FROM refund f
  JOIN payment y ON y.id = f.payment_id
  JOIN orders o ON o.id = f.order_id
  LEFT JOIN staff a ON a.id = f.requested_by
  LEFT JOIN staff b ON b.id = f.approved_by
 WHERE ($1::text IS NULL OR f.state = $1) AND ($2::bigint IS NULL OR f.id < $2) AND ($4::text IS NULL OR f.refund_id = $4)
 ORDER BY f.id DESC
 LIMIT $3;

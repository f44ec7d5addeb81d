-- Attempts to pay.

-- name: payment_attempt
-- Number of the order's next attempt.
SELECT coalesce(max(attempt), 0) + 1 AS attempt FROM payment WHERE order_id = $1;

-- name: payment_add
-- $8 seconds until it expires, or NULL
INSERT INTO payment (payment_id, order_id, attempt, method, amount_fen, state, out_trade_no, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, hall_now() + make_interval(secs => $8))
RETURNING id;

-- name: payment_get
SELECT y.id, y.order_id, y.attempt, y.payment_id, y.method, y.state, y.purpose, y.closing, y.amount_fen, y.received_fen,
       y.out_trade_no, y.code_url, y.transaction_id, epoch(y.created_at) AS created_at, epoch(y.expires_at) AS expires_at,
       epoch(y.paid_at) AS paid_at, y.payer_name, y.typed_fen, y.transferred_on, y.bank_reference, y.refusal_reason,
       (SELECT coalesce(sum(f.amount_fen), 0) FROM refund f
         WHERE f.payment_id = y.id AND f.state NOT IN ('failed', 'withdrawn'))::bigint AS returned_fen
  FROM payment y
 WHERE y.id = $1;

-- name: payment_find
SELECT id, order_id FROM payment WHERE payment_id = $1;

-- name: payment_by_number
SELECT id, order_id FROM payment WHERE ($1::text IS NULL OR method = $1) AND out_trade_no = $2;

-- name: payment_open
-- Attempts that could still be paid, and transfers that no voucher was handed in for.
SELECT id FROM payment WHERE order_id = $1 AND (state IN ('preparing', 'pending') OR closing) ORDER BY attempt;

-- name: payment_of_order
-- The payment that covers the order or is being confirmed; there is at most one.
SELECT id FROM payment WHERE order_id = $1 AND purpose = 'order' AND state IN ('paid', 'awaiting_confirmation');

-- name: payment_was_refused
-- Whether the last transfer was refused: paying online then is T07c.
SELECT coalesce((SELECT state = 'refused' FROM payment WHERE order_id = $1 AND method = 'bank_transfer'
                  ORDER BY attempt DESC LIMIT 1), false) AS refused;

-- name: payment_give_up
UPDATE payment SET state = 'closed', closing = $2 WHERE id = $1 AND state IN ('preparing', 'pending');

-- name: payment_shut
-- The provider says that nobody can pay it any more.
UPDATE payment SET state = CASE WHEN state IN ('preparing', 'pending') THEN 'closed' ELSE state END,
       closing = false, refusal_reason = coalesce($2, refusal_reason)
 WHERE id = $1;

-- name: payment_code
UPDATE payment SET state = 'pending', code_url = $2 WHERE id = $1 AND state = 'preparing';

-- name: payment_received
UPDATE payment SET state = 'paid', closing = false, purpose = $2, received_fen = $3, transaction_id = $4,
       paid_at = to_timestamp($5::bigint)
 WHERE id = $1;

-- name: payment_state
UPDATE payment SET state = $2 WHERE id = $1;

-- name: payment_voucher
UPDATE payment SET state = 'awaiting_confirmation', payer_name = $2, typed_fen = $3, transferred_on = $4,
       bank_reference = $5, voucher_sha256 = $6
 WHERE id = $1;

-- name: payment_voucher_document
SELECT sha256 FROM document WHERE order_id = $1 AND kind = 'payment_voucher' AND is_current AND NOT blocking;

-- name: payment_subject
-- What the payer reads beside the amount.
SELECT p.name_zh FROM orders o JOIN project p ON p.code = o.project WHERE o.id = $1;

-- name: payment_facts
-- $1 order, $2 the payment that money came for
SELECT EXISTS (SELECT FROM payment y WHERE y.order_id = o.id AND y.id <> $2 AND y.purpose = 'order'
                  AND y.state IN ('paid', 'awaiting_confirmation')) AS other_paid,
       CASE WHEN o.state = 'expired' THEN epoch(hall_now()) - epoch(o.state_since) ELSE 0 END AS expired_s,
       o.revision_no > 0
       AND NOT EXISTS (SELECT FROM unnest(t.documents) k
                        WHERE NOT EXISTS (SELECT FROM document d WHERE d.order_id = o.id AND d.kind = k
                                             AND d.is_current AND NOT d.blocking))
       AND EXISTS (SELECT FROM identity_check i WHERE i.order_id = o.id AND i.is_current AND i.state = 'passed'
                      AND i.subject_key = o.person_key AND i.decided_at > hall_now() - interval '30 days')
       AND NOT EXISTS (SELECT FROM orders p WHERE p.project = o.project AND p.subject_key = o.subject_key
                          AND p.is_open AND p.id <> o.id) AS still_valid
  FROM orders o
  JOIN project_type t ON t.project = o.project AND t.certificate_type = o.certificate_type
 WHERE o.id = $1;

-- name: payment_view
-- $1 payment, $2 order number, $3 account
SELECT y.payment_id, y.method, y.amount_fen, y.state, y.code_url, epoch(y.expires_at) AS expires_at,
       epoch(y.paid_at) AS paid_at, CASE WHEN y.state IN ('refused', 'closed') THEN y.refusal_reason END AS reason,
       y.payer_name, y.typed_fen, y.transferred_on, y.bank_reference, o.order_no, o.version
  FROM payment y JOIN orders o ON o.id = y.order_id
 WHERE y.payment_id = $1 AND o.order_no = $2 AND o.account_id = $3;

-- name: order_paid_by
UPDATE orders SET pin_channel = $2 WHERE id = $1;

-- name: order_close_reason
UPDATE orders SET close_reason = $2 WHERE id = $1;

-- name: order_unlease
-- Whoever holds the order loses it, and what they write comes too late.
UPDATE orders SET lease_staff = NULL, lease_until = NULL, fence = fence + 1 WHERE id = $1;

-- name: payment_in_the_way
-- Whether another attempt of the order is still being closed.
SELECT EXISTS (SELECT FROM payment WHERE order_id = $1 AND id <> $2 AND closing) AS closing;

-- name: payment_reclose
-- It was opened at its provider after it had been given up here.
UPDATE payment SET closing = true WHERE id = $1 AND state = 'closed';

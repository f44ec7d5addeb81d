-- Credits on our own account, and which payments they are for.

-- name: bank_line_add
INSERT INTO bank_line (serial, at, amount_fen, payer_name, payer_account_sealed, memo)
VALUES ($1, to_timestamp($2::bigint), $3, $4, $5, $6)
ON CONFLICT (serial) DO NOTHING;

-- name: bank_line_get
SELECT l.id, epoch(l.at) AS at, l.amount_fen, l.payer_name,
       l.amount_fen - (SELECT coalesce(sum(m.amount_fen), 0) FROM bank_match m WHERE m.line_id = l.id)::bigint AS free_fen
  FROM bank_line l
 WHERE l.id = $1;

-- name: bank_line_for
-- Lines that fit payment $1 in every way: just this much is free, and the payer is who was named.
SELECT l.id
  FROM payment y
  JOIN bank_line l ON l.amount_fen - (SELECT coalesce(sum(m.amount_fen), 0) FROM bank_match m WHERE m.line_id = l.id) = y.amount_fen
                  AND plain_name(l.payer_name) = plain_name(y.payer_name)
 WHERE y.id = $1
 LIMIT 2;

-- name: bank_match_add
INSERT INTO bank_match (line_id, payment_id, amount_fen, matched_by) VALUES ($1, $2, $3, $4);

-- name: bank_match_later
-- Transfers that finance confirmed before the statement showed them: a line that fits one of them
-- and nothing else is written down as theirs.
WITH fit AS (
    SELECT l.id AS line_id, y.id AS payment_id, y.amount_fen, y.decided_by,
           count(*) OVER (PARTITION BY l.id) AS payments, count(*) OVER (PARTITION BY y.id) AS lines
      FROM payment y
      JOIN bank_line l ON l.amount_fen - (SELECT coalesce(sum(m.amount_fen), 0) FROM bank_match m WHERE m.line_id = l.id) = y.amount_fen
                      AND plain_name(l.payer_name) = plain_name(y.payer_name)
                      AND l.at BETWEEN y.paid_at - interval '10 days' AND y.paid_at + interval '10 days'
     WHERE y.method = 'bank_transfer' AND y.received_fen > 0 AND y.decided_by IS NOT NULL
       AND NOT EXISTS (SELECT FROM bank_match m WHERE m.payment_id = y.id)
)
INSERT INTO bank_match (line_id, payment_id, amount_fen, matched_by)
SELECT line_id, payment_id, amount_fen, decided_by FROM fit WHERE payments = 1 AND lines = 1;

-- name: bank_line_list
-- $1 whether only lines with money left, $2 the last id seen or NULL, $3 how many
SELECT l.id, epoch(l.at) AS at, l.amount_fen, l.amount_fen - coalesce(m.used, 0) AS free_fen, l.payer_name, l.memo,
       coalesce(m.orders, '[]')::text AS orders
  FROM bank_line l
  LEFT JOIN LATERAL (SELECT sum(m.amount_fen)::bigint AS used,
                            jsonb_agg(jsonb_build_object('order_no', o.order_no, 'payment_id', y.payment_id,
                                'amount_fen', m.amount_fen) ORDER BY m.at) AS orders
                       FROM bank_match m JOIN payment y ON y.id = m.payment_id JOIN orders o ON o.id = y.order_id
                      WHERE m.line_id = l.id) m ON true
 WHERE (NOT $1::bool OR l.amount_fen > coalesce(m.used, 0)) AND ($2::bigint IS NULL OR l.id < $2)
 ORDER BY l.id DESC
 LIMIT $3;

-- name: payment_list
-- For finance: payments with what our statement could say about them. $1 state or NULL, $2 the last
-- id seen or NULL, $3 how many, $4 one payment or NULL
SELECT y.id, y.payment_id, y.method, y.state, y.purpose, y.amount_fen, y.received_fen, y.out_trade_no, y.payer_name,
       y.typed_fen, y.transferred_on, y.bank_reference, y.voucher_sha256, y.decision_note, y.refusal_reason AS reason,
       d.name AS decided_by, epoch(y.paid_at) AS paid_at, epoch(y.created_at) AS created_at,
       o.order_no, o.state AS order_state, o.subject_name,
       (SELECT coalesce(sum(f.amount_fen), 0) FROM refund f
         WHERE f.payment_id = y.id AND f.state NOT IN ('failed', 'withdrawn'))::bigint AS returned_fen,
       CASE WHEN y.state = 'awaiting_confirmation' THEN
       (SELECT coalesce(jsonb_agg(to_jsonb(c) - 'rank' ORDER BY c.rank DESC, c.bank_line_id), '[]')
          FROM (SELECT l.id::text AS bank_line_id, iso(l.at) AS at, l.amount_fen, l.amount_fen - coalesce(m.used, 0) AS free_fen,
                       l.payer_name, l.memo, plain_name(l.payer_name) IN (plain_name(y.payer_name), plain_name(o.subject_name)) AS same_payer,
                       (l.amount_fen - coalesce(m.used, 0) = y.amount_fen)::int * 2
                       + (plain_name(l.payer_name) IN (plain_name(y.payer_name), plain_name(o.subject_name)))::int * 2
                       + (position(o.order_no IN l.memo) > 0)::int * 3 AS rank
                  FROM bank_line l
                  LEFT JOIN LATERAL (SELECT sum(b.amount_fen)::bigint AS used FROM bank_match b WHERE b.line_id = l.id) m ON true
                 WHERE l.amount_fen > coalesce(m.used, 0)
                   AND (l.amount_fen - coalesce(m.used, 0) = y.amount_fen
                        OR plain_name(l.payer_name) IN (plain_name(y.payer_name), plain_name(o.subject_name))
                        OR position(o.order_no IN l.memo) > 0)
                 ORDER BY rank DESC, l.id DESC
                 LIMIT 5) c) ELSE '[]' END::text AS candidates
  FROM payment y
  JOIN orders o ON o.id = y.order_id
  LEFT JOIN staff d ON d.id = y.decided_by
 WHERE ($1::text IS NULL OR y.state = $1) AND ($2::bigint IS NULL OR y.id < $2) AND ($4::text IS NULL OR y.payment_id = $4)
 ORDER BY y.id DESC
 LIMIT $3;

-- name: payment_confirm
-- $5 note, $6 when the money came
UPDATE payment SET state = 'paid', purpose = $2, received_fen = $3, decided_by = $4, decided_at = hall_now(),
       decision_note = $5, paid_at = to_timestamp($6::bigint)
 WHERE id = $1 AND state = 'awaiting_confirmation';

-- name: payment_refuse
UPDATE payment SET state = 'refused', refusal_reason = $2, decided_by = $3, decided_at = hall_now(), decision_note = $4
 WHERE id = $1 AND state = 'awaiting_confirmation';

-- Whether our books and the providers' say the same.

-- name: rescue_parked
-- What people need not decide is tried again an hour after it was given up.
UPDATE job SET state = 'queued', due_at = hall_now(), lease_until = NULL, attempts = 0
 WHERE state = 'parked' AND kind IN ('PAY_QUERY', 'PAY_CLOSE', 'INBOX') AND due_at < hall_now() - interval '1 hour';

-- name: adrift
-- Work that waits for an end and has no job to bring it there.
WITH waiting AS (
    SELECT 'PAY_QUERY' AS kind, 'pay-query' AS prefix, out_trade_no AS number, order_id FROM payment
     WHERE state IN ('preparing', 'pending') AND method <> 'bank_transfer'
    UNION ALL
    SELECT 'PAY_CLOSE', 'pay-close', out_trade_no, order_id FROM payment WHERE closing
    UNION ALL
    SELECT 'REFUND', 'refund', out_refund_no, order_id FROM refund WHERE state IN ('created', 'submitted', 'unknown')
    UNION ALL
    SELECT 'INBOX', 'inbox', id::text, NULL FROM callback_inbox
     WHERE applied_at IS NULL AND received_at < hall_now() - interval '1 minute'
)
SELECT w.kind, w.prefix || '/' || w.number AS key, w.order_id
  FROM waiting w
 WHERE NOT EXISTS (SELECT FROM job j WHERE j.kind = w.kind AND j.order_id IS NOT DISTINCT FROM w.order_id
                      AND j.state IN ('queued', 'parked') AND split_part(j.key, '/', 2) = w.number)
 LIMIT 200;

-- name: ledger_payments
-- Online payments of days that are over, not yet compared. $1 how many
SELECT id, order_id FROM payment
 WHERE method <> 'bank_transfer' AND compared_at IS NULL AND NOT closing AND state NOT IN ('preparing', 'pending')
   AND (coalesce(paid_at, created_at) AT TIME ZONE 'Asia/Shanghai')::date < (hall_now() AT TIME ZONE 'Asia/Shanghai')::date
 ORDER BY id
 LIMIT $1;

-- name: ledger_refunds
-- Refunds that ended on days that are over. One by transfer may come back for a week: it is asked
-- about every day.
SELECT id, order_id FROM refund
 WHERE state IN ('succeeded', 'failed') AND submitted_at IS NOT NULL
   AND (finished_at AT TIME ZONE 'Asia/Shanghai')::date < (hall_now() AT TIME ZONE 'Asia/Shanghai')::date
   AND (compared_at IS NULL
        OR (length(out_refund_no) = 20 AND state = 'succeeded' AND finished_at > hall_now() - interval '8 days'
            AND compared_at < hall_now() - interval '1 day'))
 ORDER BY id
 LIMIT $1;

-- name: ledger_payment_compared
UPDATE payment SET compared_at = hall_now() WHERE id = $1;
-- name: ledger_refund_compared
UPDATE refund SET compared_at = hall_now() WHERE id = $1;

-- name: ledger_differs
-- $3 when the money moved, UTC seconds
INSERT INTO ledger_difference (kind, number, day, method, order_id, ours_fen, theirs_fen)
VALUES ($1, $2, (to_timestamp($3::bigint) AT TIME ZONE 'Asia/Shanghai')::date, $4, $5, $6, $7)
ON CONFLICT (kind, number) DO UPDATE
   SET ours_fen = excluded.ours_fen, theirs_fen = excluded.theirs_fen, cleared_at = NULL;

-- name: ledger_agrees
UPDATE ledger_difference SET cleared_at = hall_now() WHERE kind = $1 AND number = $2 AND cleared_at IS NULL;

-- name: ledger_days
-- Our books by civil day in China and way of paying, $1 to $2 (dates).
WITH came AS (
    SELECT (paid_at AT TIME ZONE 'Asia/Shanghai')::date AS day, method, count(*) AS payments, sum(received_fen) AS received_fen,
           count(*) FILTER (WHERE method <> 'bank_transfer' AND compared_at IS NULL) AS uncompared,
           count(*) FILTER (WHERE method = 'bank_transfer'
                              AND NOT EXISTS (SELECT FROM bank_match m WHERE m.payment_id = y.id)) AS without_line
      FROM payment y
     WHERE received_fen > 0
       AND paid_at >= $1::date::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND paid_at < ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
     GROUP BY 1, 2
), went AS (
    SELECT (f.finished_at AT TIME ZONE 'Asia/Shanghai')::date AS day, y.method, count(*) AS refunds, sum(f.amount_fen) AS refunded_fen
      FROM refund f JOIN payment y ON y.id = f.payment_id
     WHERE f.state = 'succeeded'
       AND f.finished_at >= $1::date::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND f.finished_at < ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
     GROUP BY 1, 2
), differ AS (
    SELECT day, method, count(*) AS differences, sum(theirs_fen - ours_fen) AS difference_fen
      FROM ledger_difference
     WHERE cleared_at IS NULL AND day BETWEEN $1::date AND $2::date
     GROUP BY 1, 2
)
SELECT day::text AS day, method, coalesce(payments, 0)::bigint AS payments, coalesce(received_fen, 0)::bigint AS received_fen,
       coalesce(refunds, 0)::bigint AS refunds, coalesce(refunded_fen, 0)::bigint AS refunded_fen,
       coalesce(uncompared, 0)::bigint AS uncompared, coalesce(without_line, 0)::bigint AS without_line,
       coalesce(differences, 0)::bigint AS differences, coalesce(difference_fen, 0)::bigint AS difference_fen
  FROM came FULL JOIN went USING (day, method) FULL JOIN differ USING (day, method)
 ORDER BY day DESC, method;

-- name: ledger_differences
-- What is still open, whatever the day.
SELECT d.kind, d.number, d.day::text AS day, d.method, o.order_no, d.ours_fen, d.theirs_fen, epoch(d.found_at) AS found_at
  FROM ledger_difference d JOIN orders o ON o.id = d.order_id
 WHERE d.cleared_at IS NULL
 ORDER BY d.found_at DESC
 LIMIT 200;

-- name: ledger_unmatched
-- Money on our account that is nobody's yet.
SELECT count(*) AS lines, coalesce(sum(l.amount_fen - coalesce(m.used, 0)), 0)::bigint AS fen
  FROM bank_line l
  LEFT JOIN LATERAL (SELECT sum(amount_fen)::bigint AS used FROM bank_match WHERE line_id = l.id) m ON true
 WHERE l.amount_fen > coalesce(m.used, 0);

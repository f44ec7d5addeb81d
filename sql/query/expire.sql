-- What time does to orders.

-- name: expire_due
-- Orders whose deadline has passed, longest ago first.
SELECT order_no FROM orders WHERE deadline_at <= hall_now() ORDER BY deadline_at LIMIT 200;

-- name: expire_still
-- Under the order's lock: it may have moved since it was found, and its new state has a clock of its own.
SELECT coalesce(deadline_at <= hall_now(), false) AS due FROM orders WHERE id = $1;

-- name: remind_due
-- $1 [{state, n, after_days or before_days}]: the n-th reminder of a state is due so many days after
-- it began, or before it ends. Of several that are due the last one is sent. $2 to $4: one order.
SELECT DISTINCT ON (o.id) o.id, o.order_no, o.state, r.n, r.before_days IS NOT NULL AS is_warning,
       epoch(o.deadline_at) AS deadline_at,
       jsonb_array_length(coalesce(o.rejection -> 'reasons', '[]')) AS reasons,
       o.rejection -> 'reasons' -> 0 ->> 'text' AS first_reason,
       (SELECT b.reason FROM bank_verification b WHERE b.order_id = o.id ORDER BY b.attempt DESC LIMIT 1) AS bank_reason
  FROM jsonb_to_recordset($1::jsonb) AS r (state text, n int, after_days int, before_days int)
  JOIN orders o ON o.state = r.state AND o.reminded <= r.n
 WHERE (o.deadline_at IS NULL OR o.deadline_at > hall_now())
   AND (o.state_since + make_interval(days => r.after_days) <= hall_now()
        OR o.deadline_at - make_interval(days => r.before_days) <= hall_now())
 ORDER BY o.id, r.n DESC
 LIMIT 200;

-- name: remind_mark
-- Sent once: no row when somebody was faster or the order has moved.
UPDATE orders SET reminded = $2::int + 1 WHERE id = $1 AND state = $3 AND reminded <= $2::int RETURNING id;

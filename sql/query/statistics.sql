-- Figures of a span of civil days in China, $1 to $2, both included. Working time is counted in C.

-- name: statistics_days
-- One row a day, also where nothing happened.
WITH span AS (
    SELECT $1::date::timestamp AT TIME ZONE 'Asia/Shanghai' AS a, ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS b
), happened AS (
    SELECT submitted_at AS at, 1 AS submitted, 0 AS issued, 0::bigint AS received, 0::bigint AS refunded
      FROM orders, span WHERE submitted_at >= span.a AND submitted_at < span.b
    UNION ALL
    SELECT issued_at, 0, 1, 0, 0 FROM certificate, span WHERE issued_at >= span.a AND issued_at < span.b
    UNION ALL
    SELECT paid_at, 0, 0, received_fen, 0 FROM payment, span WHERE paid_at >= span.a AND paid_at < span.b
    UNION ALL
    SELECT finished_at, 0, 0, 0, amount_fen FROM refund, span
     WHERE state = 'succeeded' AND finished_at >= span.a AND finished_at < span.b
), by_day AS (
    SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS day, sum(submitted) AS submitted, sum(issued) AS issued,
           sum(received) AS received_fen, sum(refunded) AS refunded_fen
      FROM happened
     GROUP BY 1
)
SELECT d.day::date::text AS day, (d.day::date - '1970-01-01'::date) AS number, coalesce(submitted, 0) AS submitted,
       coalesce(issued, 0) AS issued, coalesce(received_fen, 0)::bigint AS received_fen,
       coalesce(refunded_fen, 0)::bigint AS refunded_fen
  FROM generate_series($1::date, $2::date, interval '1 day') AS d (day)
  LEFT JOIN by_day b ON b.day = d.day::date
 ORDER BY d.day;

-- name: statistics_decisions
-- Each verdict that ended a review, and since when the order had lain with us: from its handing in,
-- or from the last time that it was handed in again.
SELECT epoch(e.at) AS at, e.move,
       epoch((SELECT max(s.at) FROM audit_event s
               WHERE s.order_id = e.order_id AND s.to_state = 'pending_review' AND s.from_state <> 'in_review'
                 AND s.at < e.at)) AS handed_in
  FROM audit_event e
 WHERE e.at >= $1::date::timestamp AT TIME ZONE 'Asia/Shanghai' AND e.at < ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
   AND e.move IN ('T13', 'T17', 'T18a', 'T18b', 'T19')
 ORDER BY e.at;

-- name: statistics_waiting
-- Orders that wait for a verdict now: when each of their promises ends.
SELECT epoch(sla_due) AS due
  FROM orders
 WHERE state IN ('pending_review', 'in_review', 'pending_second_review', 'in_second_review');

-- name: statistics_reasons
SELECT x ->> 'code' AS code, min(x ->> 'text') AS text, count(*) AS n
  FROM review r, jsonb_array_elements(r.reasons) AS x
 WHERE r.verdict = 'returned'
   AND r.at >= $1::date::timestamp AT TIME ZONE 'Asia/Shanghai' AND r.at < ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
 GROUP BY 1
 ORDER BY 3 DESC, 1
 LIMIT 100;

-- name: statistics_money
-- By way of paying; what went back counts on the day it had gone.
WITH span AS (
    SELECT $1::date::timestamp AT TIME ZONE 'Asia/Shanghai' AS a, ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS b
), came AS (
    SELECT method, count(*) AS payments, sum(received_fen) AS received_fen
      FROM payment, span WHERE paid_at >= span.a AND paid_at < span.b GROUP BY 1
), went AS (
    SELECT y.method, count(*) AS refunds, sum(f.amount_fen) AS refunded_fen
      FROM refund f JOIN payment y ON y.id = f.payment_id, span
     WHERE f.state = 'succeeded' AND f.finished_at >= span.a AND f.finished_at < span.b GROUP BY 1
)
SELECT method, coalesce(payments, 0) AS payments, coalesce(received_fen, 0)::bigint AS received_fen,
       coalesce(refunds, 0) AS refunds, coalesce(refunded_fen, 0)::bigint AS refunded_fen
  FROM came FULL JOIN went USING (method)
 ORDER BY method;

-- name: statistics_states
-- As they are now, whatever the span.
SELECT coalesce(jsonb_object_agg(state, n), '{}')::text AS states
  FROM (SELECT state, count(*) AS n FROM orders GROUP BY state) s;

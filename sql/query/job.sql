-- The outbox and the worker's queue.

-- name: job_add
INSERT INTO job (kind, key, order_id, payload, secret, due_at)
VALUES ($1, $2, $3, coalesce($4::jsonb, '{}'), $5, hall_now() + make_interval(secs => $6))
ON CONFLICT (key) DO NOTHING;

-- name: job_claim
-- The most urgent job of these kinds that nobody holds. Whoever held it and died is overtaken.
UPDATE job
   SET lease_until = hall_now() + make_interval(secs => $2), attempts = attempts + 1, fence = fence + 1
 WHERE id = (SELECT id FROM job
              WHERE state = 'queued' AND due_at <= hall_now() AND kind = ANY ($1::text[])
                AND (lease_until IS NULL OR lease_until < hall_now())
              ORDER BY due_at
                FOR UPDATE SKIP LOCKED
              LIMIT 1)
RETURNING id, kind, key, order_id, payload::text AS payload, secret, attempts, fence;

-- name: job_done
UPDATE job SET state = 'done', done_at = hall_now(), secret = NULL, lease_until = NULL, failure = NULL
 WHERE id = $1 AND fence = $2;

-- name: job_later
-- Without a failure it is a plan, not a try: the count of tries begins anew.
UPDATE job SET due_at = hall_now() + make_interval(secs => $3), lease_until = NULL, failure = $4,
       attempts = CASE WHEN $4::text IS NULL THEN 0 ELSE attempts END
 WHERE id = $1 AND fence = $2;

-- name: job_park
UPDATE job SET state = 'parked', lease_until = NULL, failure = $3
 WHERE id = $1 AND fence = $2;

-- name: job_again
-- What led to it has changed: it runs now and counts its tries anew. Who is at it stays at it.
UPDATE job SET state = 'queued', due_at = hall_now(), lease_until = NULL, attempts = 0, failure = NULL, done_at = NULL
 WHERE key = $1 AND (state <> 'queued' OR lease_until IS NULL OR lease_until < hall_now())
RETURNING pg_notify('job', '');

-- name: job_hold
-- Still ours? The row is locked, so that nobody overtakes until the transaction ends.
SELECT id FROM job WHERE id = $1 AND fence = $2 AND state = 'queued' FOR UPDATE;

-- name: job_next_due
-- Seconds until something is due, NULL when nothing waits.
SELECT ceil(extract(epoch FROM min(greatest(due_at, coalesce(lease_until, due_at))) - hall_now()))::bigint AS s
  FROM job WHERE state = 'queued';

-- name: job_wake
-- A person says: try again now.
UPDATE job SET state = 'queued', due_at = hall_now(), lease_until = NULL, attempts = 0
 WHERE id = $1 AND state = 'parked'
RETURNING id;

-- name: job_hurry_kind
-- The same for all of one kind that an order has.
UPDATE job SET due_at = hall_now() WHERE order_id = $1 AND kind = $2 AND state = 'queued' AND due_at > hall_now();

-- name: job_hurry
-- News of what a job waits for: it need not sleep any longer.
UPDATE job SET due_at = hall_now() WHERE key = $1 AND state = 'queued' AND due_at > hall_now();

-- Answers by Idempotency-Key.

-- name: idempotency_reserve
-- One row when the key is ours to work on: new, or left behind by a worker that died.
INSERT INTO idempotency (scope, key, request_sha256) VALUES ($1, $2, $3)
ON CONFLICT (scope, key) DO UPDATE SET created_at = hall_now()
 WHERE idempotency.status IS NULL
   AND idempotency.request_sha256 = excluded.request_sha256
   AND idempotency.created_at < hall_now() - interval '10 seconds'
RETURNING key;

-- name: idempotency_get
SELECT request_sha256 = $3 AS same, status, reply_sealed
  FROM idempotency
 WHERE scope = $1 AND key = $2;

-- name: idempotency_keep
UPDATE idempotency SET status = $3, reply_sealed = $4 WHERE scope = $1 AND key = $2;

-- name: idempotency_drop
DELETE FROM idempotency WHERE scope = $1 AND key = $2 AND status IS NULL;

-- name: idempotency_sweep
DELETE FROM idempotency WHERE created_at < hall_now() - interval '1 day';

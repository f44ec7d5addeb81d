-- Applicants' logins.

-- name: account_create
INSERT INTO account (phone, name, password_hash) VALUES ($1, $2, $3)
RETURNING id, phone, name, epoch(created_at) AS created_at;

-- name: account_by_phone
SELECT id, phone, name, password_hash, epoch(created_at) AS created_at,
       greatest(0, ceil(extract(epoch FROM locked_until - hall_now())))::bigint AS locked_s
  FROM account
 WHERE phone = $1 AND state = 'active';

-- name: account_wrong
-- One more wrong password; the fifth locks for 15 minutes.
UPDATE account
   SET failed = CASE WHEN failed >= 4 THEN 0 ELSE failed + 1 END,
       locked_until = CASE WHEN failed >= 4 THEN hall_now() + interval '15 minutes' ELSE locked_until END
 WHERE id = $1;

-- name: account_right
UPDATE account SET failed = 0, locked_until = NULL WHERE id = $1 AND (failed > 0 OR locked_until IS NOT NULL);

-- name: account_password
UPDATE account SET password_hash = $2, failed = 0, locked_until = NULL WHERE id = $1;

-- name: account_phone
-- Another phone to sign in with.
UPDATE account SET phone = $2 WHERE id = $1;

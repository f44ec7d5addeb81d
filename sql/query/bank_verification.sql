-- 金融认证: transfers of 0.01 yuan.

-- name: bank_verification_count
-- Attempts of an order so far, and those since $2 (seconds since 1970).
SELECT count(*) AS total, count(*) FILTER (WHERE created_at >= to_timestamp($2::bigint)) AS today,
       coalesce(max(attempt), 0) AS last
  FROM bank_verification
 WHERE order_id = $1;

-- name: bank_verification_add
INSERT INTO bank_verification (order_id, attempt, reference, account_sealed, account_tail)
VALUES ($1, $2, $3, $4, $5);

-- name: bank_verification_lock
-- By reference or by id, whichever is given.
SELECT b.id, b.order_id, o.order_no, b.attempt, b.reference, b.state, b.kind, b.account_sealed, b.account_tail,
       b.pin_id, epoch(b.submitted_at) AS submitted_at, epoch(b.finished_at) AS finished_at,
       b.manual_result, b.manual_note, b.first_staff, b.second_staff,
       b.attempt = (SELECT max(attempt) FROM bank_verification l WHERE l.order_id = b.order_id) AS is_last
  FROM bank_verification b JOIN orders o ON o.id = b.order_id
 WHERE b.reference = $1 OR b.id = $2
   FOR UPDATE OF b;

-- name: bank_verification_sending
-- Written before the call: from here on the bank may have it.
UPDATE bank_verification SET state = 'sent', pin_id = $2, submitted_at = hall_now() WHERE id = $1;

-- name: bank_verification_state
-- queued: certainly not at the bank; unknown: only the bank can tell
UPDATE bank_verification SET state = $2 WHERE id = $1;

-- name: bank_verification_finish
UPDATE bank_verification
   SET state = $2, reason = $3, bank_serial = coalesce($4, bank_serial), finished_at = hall_now()
 WHERE id = $1;

-- name: bank_verification_ask
-- The first of two people says what it came to.
UPDATE bank_verification
   SET manual_result = $2, manual_note = $3, first_staff = $4, second_staff = NULL
 WHERE id = $1;

-- name: bank_verification_agree
UPDATE bank_verification SET second_staff = $2 WHERE id = $1;

-- name: bank_verification_prove
-- The account was proved another way: a row of its own after the failed transfer.
INSERT INTO bank_verification (order_id, attempt, reference, state, account_sealed, account_tail, kind,
                               manual_result, manual_note, first_staff, second_staff, finished_at)
SELECT order_id, attempt + 1, $2, 'ok', $3, account_tail, 'manual', manual_result, manual_note, first_staff, $4, hall_now()
  FROM bank_verification WHERE id = $1;

-- name: bank_verification_pin_by_sms
UPDATE orders SET pin_channel = 'sms' WHERE id = $1;

-- name: bank_verification_account
-- The form with its new account.
UPDATE orders SET form = $2::jsonb, form_secret = $3, form_version = form_version + 1 WHERE id = $1;

-- name: bank_verification_list
-- Newest first; $1 state or NULL, $2 the last id seen or NULL, $3 how many
SELECT b.id, o.order_no, o.state AS order_state, o.subject_name, b.attempt, b.reference, b.state, b.reason, b.account_tail,
       b.kind, b.bank_serial, b.manual_result, b.manual_note, f.name AS first_staff, b.first_staff AS first_staff_id, s.name AS second_staff,
       epoch(b.created_at) AS created_at, epoch(b.submitted_at) AS submitted_at, epoch(b.finished_at) AS finished_at
  FROM bank_verification b
  JOIN orders o ON o.id = b.order_id
  LEFT JOIN staff f ON f.id = b.first_staff
  LEFT JOIN staff s ON s.id = b.second_staff
 WHERE ($1::text IS NULL OR b.state = $1) AND ($2::bigint IS NULL OR b.id < $2) AND ($4::bigint IS NULL OR b.id = $4)
 ORDER BY b.id DESC
 LIMIT $3;

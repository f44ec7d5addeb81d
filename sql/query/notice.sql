-- What is said to whom.

-- name: sms_add
INSERT INTO sms (order_id, notice, phone_masked, text_masked) VALUES ($1, $2, $3, $4) RETURNING id;

-- name: sms_phone
-- The number of the person in the form, the account's where there is none yet.
SELECT coalesce(o.form -> 'handler' ->> 'mobile', o.form -> 'applicant' ->> 'mobile', a.phone) AS phone
  FROM orders o JOIN account a ON a.id = o.account_id
 WHERE o.id = $1;

-- name: sms_result
UPDATE sms SET state = $2, provider_id = coalesce($3, provider_id), failure = $4,
       sent_at = coalesce(sent_at, hall_now())
 WHERE id = $1;

-- name: sms_try
-- Remembers that a try is being made; answers when the first one was, and whether that is past.
UPDATE sms SET sent_at = coalesce(sent_at, hall_now()) WHERE id = $1
RETURNING epoch(sent_at) AS sent_at, sent_at <> hall_now() AS is_repeat;

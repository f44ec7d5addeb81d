-- What providers told us, before it is applied.

-- name: inbox_add
-- No row: this event is here already.
INSERT INTO callback_inbox (provider, event_id, event) VALUES ($1, $2, $3::jsonb)
ON CONFLICT (provider, event_id) DO NOTHING
RETURNING id;

-- name: inbox_get
SELECT id, provider, event::text AS event, applied_at IS NOT NULL AS applied FROM callback_inbox WHERE id = $1;

-- name: inbox_applied
UPDATE callback_inbox SET applied_at = hall_now(), verdict = $2 WHERE id = $1 AND applied_at IS NULL;

-- name: inbox_sms
-- A message that a receipt may be about, whose fate is open, and whom it went to.
SELECT s.id, epoch(s.sent_at) AS sent_at,
       coalesce(o.form -> 'handler' ->> 'mobile', o.form -> 'applicant' ->> 'mobile', a.phone) AS phone
  FROM sms s
  JOIN orders o ON o.id = s.order_id
  JOIN account a ON a.id = o.account_id
 WHERE s.id = $1 AND s.state = 'submitted';

-- name: inbox_shipment
-- Parcels of ours that are on their way.
SELECT id, order_id FROM shipment WHERE tracking_no = $1 AND is_current AND state NOT IN ('signed', 'returned', 'lost');

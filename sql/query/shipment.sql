-- Parcels: from the label to the door, and what goes wrong on the way.

-- name: shipment_add
INSERT INTO shipment (order_id, carrier, tracking_no, token_serial, phone_tail, fee_mode)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id;

-- name: shipment_token_taken
-- A token belongs to one order, and one that was lost is never sent again.
SELECT EXISTS (SELECT FROM shipment WHERE token_serial = $2 AND (order_id <> $1 OR state = 'lost')) AS taken;

-- name: shipment_lock
-- The parcel an order has now.
SELECT id, order_id, carrier, tracking_no, phone_tail, state, is_current,
       address_confirmed_at IS NOT NULL AS is_confirmed, epoch(sent_at) AS sent_at, epoch(state_at) AS state_at
  FROM shipment WHERE order_id = $1 AND is_current
   FOR UPDATE;

-- name: shipment_get
SELECT id, order_id, carrier, tracking_no, phone_tail, state, is_current,
       address_confirmed_at IS NOT NULL AS is_confirmed, epoch(sent_at) AS sent_at, epoch(state_at) AS state_at
  FROM shipment WHERE id = $1;

-- name: shipment_state
UPDATE shipment
   SET state = $2, tracked_at = hall_now(), state_at = coalesce(to_timestamp($3::bigint), hall_now()),
       exception_reason = CASE WHEN $2 IN ('problem', 'returning', 'returned', 'lost') THEN exception_reason END,
       signed_at = CASE WHEN $2 = 'signed' THEN coalesce(signed_at, to_timestamp($3::bigint), hall_now()) ELSE signed_at END
 WHERE id = $1;

-- name: shipment_trouble
-- Somebody says so; $2 state, $3 code, $4 words
UPDATE shipment SET state = $2, state_at = hall_now(), exception_reason = $3, exception_note = $4 WHERE id = $1;

-- name: shipment_close
UPDATE shipment SET is_current = false, state = $2 WHERE id = $1;

-- name: shipment_confirm_address
UPDATE shipment SET address_confirmed_at = hall_now() WHERE id = $1;

-- name: shipment_address
-- The form with its new address.
UPDATE orders SET form = $2::jsonb, form_secret = $3, form_version = form_version + 1 WHERE id = $1;

-- name: parcel_event_add
INSERT INTO parcel_event (shipment_id, event_id, at, code, place, remark)
VALUES ($1, $2, to_timestamp($3::bigint), $4, $5, $6)
ON CONFLICT DO NOTHING;

-- name: shipment_list
-- What the mail room has to do or to watch. $1 state of the order, $2 the last id seen or NULL, $3 how many
SELECT o.id, o.order_no, o.state AS order_state, o.subject_name, o.form -> 'delivery' ->> 'recipient' AS recipient,
       o.form -> 'delivery' ->> 'mobile' AS mobile, o.form -> 'delivery' ->> 'address' AS address,
       o.form -> 'delivery' ->> 'postcode' AS postcode,
       concat(p.name, nullif(c.name, '市辖区'), CASE WHEN d.code <> c.code THEN d.name END) AS region,
       o.courier_payer AS fee_mode, encode(x.serial, 'hex') AS serial, epoch(o.state_since) AS state_since,
       s.carrier, s.tracking_no, s.token_serial, s.state, s.exception_reason, s.exception_note,
       epoch(s.sent_at) AS sent_at, epoch(s.address_confirmed_at) AS address_confirmed_at,
       (o.state = 'shipped' AND (s.sent_at < hall_now() - interval '7 days' OR (s.sent_at < hall_now() - interval '48 hours'
            AND NOT EXISTS (SELECT FROM parcel_event e WHERE e.shipment_id = s.id)))) AS is_late,
       f.name AS reissue_asked_by, q.asked_by AS reissue_asked_by_id, q.reason AS reissue_reason
  FROM orders o
  LEFT JOIN region d ON d.code = o.form -> 'delivery' ->> 'region'
  LEFT JOIN region c ON c.code = left(d.code, 4) || '00'
  LEFT JOIN region p ON p.code = left(d.code, 2) || '0000'
  LEFT JOIN certificate x ON x.order_id = o.id AND x.status <> 'revoked'
  LEFT JOIN shipment s ON s.order_id = o.id AND s.is_current
  LEFT JOIN proposal q ON q.order_id = o.id AND q.act = 'reissue'
  LEFT JOIN staff f ON f.id = q.asked_by
 WHERE o.state = $1 AND ($2::bigint IS NULL OR o.id > $2)
 ORDER BY o.id
 LIMIT $3;

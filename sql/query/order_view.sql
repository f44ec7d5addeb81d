-- What people see of an order, each view in one statement.

-- name: order_view
-- $1 number, $2 account or NULL, $3 'detail_zh' or 'detail_en'
SELECT o.id, o.order_no, o.project, o.certificate_type, o.years, o.state, o.version, o.form_version,
       o.form::text AS form, o.form_secret, o.incomplete::text AS incomplete, o.revision_no,
       coalesce(o.certificate_fen, t.fee_per_year_fen * o.years) AS certificate_fen,
       coalesce(o.courier_fen, 0) AS courier_fen, coalesce(o.courier_payer, p.courier_payer) AS courier_payer,
       o.rejection::text AS rejection, o.close_reason, epoch(o.deadline_at) AS deadline_at,
       epoch(o.sla_due) AS sla_due, epoch(o.created_at) AS created_at, epoch(o.updated_at) AS updated_at,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', d.kind, 'sha256', d.sha256, 'size', d.size,
                   'content_type', d.content_type, 'uploaded_at', iso(d.uploaded_at), 'blocking', d.blocking,
                   'checks', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', c -> 'code', 'passed', c -> 'passed', 'detail', c -> $3)), '[]')
                                FROM jsonb_array_elements(d.checks) c)) ORDER BY d.kind), '[]')
          FROM document d WHERE d.order_id = o.id AND d.is_current)::text AS documents,
       (SELECT jsonb_build_object('state', i.state, 'reason', i.reason, 'kind', i.kind, 'attempts_left', i.attempts_left,
                   'expires_at', iso(i.expires_at))
          FROM identity_check i WHERE i.order_id = o.id AND i.is_current)::text AS identity_check,
       (SELECT jsonb_build_object('payment_id', y.payment_id, 'method', y.method, 'amount_fen', y.amount_fen, 'state', y.state,
                   'code_url', CASE WHEN y.state = 'pending' THEN y.code_url END, 'expires_at', iso(y.expires_at),
                   'paid_at', iso(y.paid_at),
                   'reason', CASE WHEN y.state IN ('refused', 'closed') THEN y.refusal_reason END)
          FROM payment y WHERE y.order_id = o.id AND y.purpose = 'order'
         ORDER BY y.state IN ('paid', 'awaiting_confirmation', 'refunding', 'refunded') DESC, y.attempt DESC LIMIT 1)::text AS payment,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('refund_id', f.refund_id, 'amount_fen', f.amount_fen,
                   'state', f.state, 'at', iso(f.created_at)) ORDER BY f.id), '[]')
          FROM refund f WHERE f.order_id = o.id AND f.state <> 'requested')::text AS refunds,
       (SELECT jsonb_build_object('state', b.state, 'attempt', b.attempt, 'reason', b.reason, 'account_tail', b.account_tail,
                   'submitted_at', iso(b.submitted_at), 'finished_at', iso(b.finished_at))
          FROM bank_verification b WHERE b.order_id = o.id ORDER BY b.attempt DESC LIMIT 1)::text AS bank_verification,
       (SELECT jsonb_build_object('serial', encode(c.serial, 'hex'), 'subject', c.subject, 'algorithm', c.issuer,
                   'not_before', iso(c.not_before), 'not_after', iso(c.not_after), 'status', c.status)
          FROM certificate c WHERE c.order_id = o.id ORDER BY c.reissue_no DESC LIMIT 1)::text AS certificate,
       (SELECT jsonb_build_object('carrier', s.carrier, 'tracking_no', s.tracking_no, 'state', s.state, 'sent_at', iso(s.sent_at),
                   'signed_at', iso(s.signed_at), 'exception_reason', s.exception_reason,
                   'events', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', iso(e.at), 'place', e.place, 'remark', e.remark)
                                        ORDER BY e.at DESC), '[]') FROM parcel_event e WHERE e.shipment_id = s.id))
          FROM shipment s WHERE s.order_id = o.id AND s.is_current)::text AS shipment,
       EXISTS (SELECT FROM payment y WHERE y.order_id = o.id AND (y.state IN ('preparing', 'pending') OR y.closing)
                  AND y.method <> 'bank_transfer') AS payment_pending,
       EXISTS (SELECT FROM payment y WHERE y.order_id = o.id AND y.purpose = 'order' AND y.state = 'paid') AS money_in,
       EXISTS (SELECT FROM certificate c WHERE c.order_id = o.id AND c.status <> 'revoked') AS has_certificate,
       coalesce(o.lease_until > hall_now(), false) AS leased,
       EXISTS (SELECT FROM identity_check i WHERE i.order_id = o.id AND i.is_current AND i.state = 'passed'
                  AND i.subject_key = o.person_key AND i.decided_at > hall_now() - interval '30 days') AS identity_valid,
       EXISTS (SELECT FROM identity_check i WHERE i.order_id = o.id AND i.is_current AND i.state = 'manual_requested') AS manual_requested
  FROM orders o
  JOIN project p ON p.code = o.project
  JOIN project_type t ON t.project = o.project AND t.certificate_type = o.certificate_type
 WHERE o.order_no = $1 AND ($2::bigint IS NULL OR o.account_id = $2);

-- name: order_list
-- Newest first; $2 state or NULL, $3 the last id seen or NULL, $4 how many
SELECT o.id, o.order_no, o.project, o.certificate_type, o.years, o.state, o.subject_name,
       coalesce(o.certificate_fen, t.fee_per_year_fen * o.years) + coalesce(o.courier_fen, 0) AS total_fen,
       epoch(o.created_at) AS created_at, epoch(o.updated_at) AS updated_at,
       EXISTS (SELECT FROM payment y WHERE y.order_id = o.id AND (y.state IN ('preparing', 'pending') OR y.closing)
                  AND y.method <> 'bank_transfer') AS payment_pending,
       EXISTS (SELECT FROM payment y WHERE y.order_id = o.id AND y.purpose = 'order' AND y.state = 'paid') AS money_in,
       EXISTS (SELECT FROM certificate c WHERE c.order_id = o.id AND c.status <> 'revoked') AS has_certificate,
       coalesce(o.lease_until > hall_now(), false) AS leased,
       EXISTS (SELECT FROM identity_check i WHERE i.order_id = o.id AND i.is_current AND i.state = 'manual_requested') AS manual_requested
  FROM orders o
  JOIN project_type t ON t.project = o.project AND t.certificate_type = o.certificate_type
 WHERE o.account_id = $1 AND ($2::text IS NULL OR o.state = $2) AND ($3::bigint IS NULL OR o.id < $3)
 ORDER BY o.id DESC
 LIMIT $4;

-- name: order_events
-- The timeline: moves of the order, oldest first.
SELECT epoch(e.at) AS at, e.move, e.to_state, e.detail::text AS detail
  FROM audit_event e
  JOIN orders o ON o.id = e.order_id
 WHERE o.order_no = $1 AND ($2::bigint IS NULL OR o.account_id = $2) AND e.move IS NOT NULL
 ORDER BY e.at, e.seq;

-- name: order_exists
SELECT state FROM orders WHERE order_no = $1 AND account_id = $2;

-- What hangs below an order, summed up when it changes and read a thousand times: an order's detail
-- and the list are one row each, however many papers, payments and parcels there were.
CREATE FUNCTION order_documents(order_ bigint, detail_ text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT coalesce(jsonb_agg(jsonb_build_object('kind', d.kind, 'sha256', d.sha256, 'size', d.size,
               'content_type', d.content_type, 'uploaded_at', iso(d.uploaded_at), 'blocking', d.blocking,
               'checks', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', c -> 'code', 'passed', c -> 'passed', 'detail', c -> detail_)), '[]')
                            FROM jsonb_array_elements(d.checks) c)) ORDER BY d.kind), '[]')
      FROM document d WHERE d.order_id = order_ AND d.is_current);
END
$$;

CREATE FUNCTION order_payment(order_ bigint) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT jsonb_build_object('payment_id', y.payment_id, 'method', y.method, 'amount_fen', y.amount_fen, 'state', y.state,
               'code_url', CASE WHEN y.state = 'pending' THEN y.code_url END, 'expires_at', iso(y.expires_at), 'paid_at', iso(y.paid_at),
               'reason', CASE WHEN y.state IN ('refused', 'closed') THEN y.refusal_reason END)
      FROM payment y
     WHERE y.order_id = order_ AND y.purpose = 'order'
     ORDER BY y.state IN ('paid', 'awaiting_confirmation', 'refunding', 'refunded') DESC, y.attempt DESC
     LIMIT 1);
END
$$;

CREATE FUNCTION order_shipment(order_ bigint) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT jsonb_build_object('carrier', s.carrier, 'tracking_no', s.tracking_no, 'state', s.state, 'sent_at', iso(s.sent_at),
               'signed_at', iso(s.signed_at), 'exception_reason', s.exception_reason,
               'events', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', iso(e.at), 'place', e.place, 'remark', e.remark)
                                    ORDER BY e.at DESC), '[]') FROM parcel_event e WHERE e.shipment_id = s.id))
      FROM shipment s WHERE s.order_id = order_ AND s.is_current);
END
$$;

CREATE FUNCTION order_below(order_ bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT json_build_object(
        'identity_check', (SELECT jsonb_build_object('state', i.state, 'reason', i.reason, 'kind', i.kind, 'attempts_left', i.attempts_left,
                'expires_at', iso(i.expires_at)) FROM identity_check i WHERE i.order_id = order_ AND i.is_current),
        'payment', order_payment(order_),
        'refunds', (SELECT coalesce(jsonb_agg(jsonb_build_object('refund_id', f.refund_id, 'amount_fen', f.amount_fen, 'state', f.state,
                'at', iso(f.created_at)) ORDER BY f.id), '[]') FROM refund f WHERE f.order_id = order_ AND f.state NOT IN ('requested', 'withdrawn')),
        'bank_verification', (SELECT jsonb_build_object('state', b.state, 'attempt', b.attempt, 'reason', b.reason, 'account_tail', b.account_tail,
                'submitted_at', iso(b.submitted_at), 'finished_at', iso(b.finished_at))
                FROM bank_verification b WHERE b.order_id = order_ ORDER BY b.attempt DESC LIMIT 1),
        'certificate', (SELECT jsonb_build_object('serial', encode(c.serial, 'hex'), 'subject', c.subject, 'algorithm', c.issuer,
                'not_before', iso(c.not_before), 'not_after', iso(c.not_after), 'status', c.status)
                FROM certificate c WHERE c.order_id = order_ ORDER BY c.reissue_no DESC LIMIT 1),
        'shipment', order_shipment(order_),
        'detail_zh', order_documents(order_, 'detail_zh'),
        'detail_en', order_documents(order_, 'detail_en')));
END
$$;

-- The lock comes first: whoever waited for it sums up what the other wrote, too.
CREATE FUNCTION order_sum_up(order_ bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM orders WHERE id = order_ FOR UPDATE;
    UPDATE orders o
       SET below = order_below(order_),
           payment_pending = EXISTS (SELECT FROM payment y WHERE y.order_id = order_ AND (y.state IN ('preparing', 'pending') OR y.closing) AND y.method <> 'bank_transfer'),
           money_in = EXISTS (SELECT FROM payment y WHERE y.order_id = order_ AND y.purpose = 'order' AND y.state = 'paid'),
           has_certificate = EXISTS (SELECT FROM certificate c WHERE c.order_id = order_ AND c.status <> 'revoked'),
           manual_requested = coalesce(i.state = 'manual_requested', false),
           identity_key = CASE WHEN i.state = 'passed' THEN i.subject_key END,
           identity_until = CASE WHEN i.state = 'passed' THEN i.decided_at + interval '30 days' END
      FROM (SELECT) AS one LEFT JOIN identity_check i ON i.order_id = order_ AND i.is_current
     WHERE o.id = order_;
END
$$;

CREATE FUNCTION parcel_touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM order_sum_up((SELECT order_id FROM shipment WHERE id = NEW.shipment_id));
    RETURN NULL;
END
$$;
CREATE TRIGGER parcel_touch AFTER INSERT ON parcel_event FOR EACH ROW EXECUTE FUNCTION parcel_touch();

-- What staff see of orders.

-- name: desk_list
-- $1 state or NULL, $2 member of staff whose lease, or NULL, $3 the last id seen or NULL, $4 how many,
-- $5 search text or NULL, $6 keyed hash of it. A search is bounded first and sorted then.
WITH found AS MATERIALIZED (
    SELECT id FROM orders WHERE $5::text IS NOT NULL AND order_no = $5
    UNION SELECT id FROM orders WHERE $5::text IS NOT NULL AND subject_key = $6::bytea
    UNION SELECT o.id FROM orders o JOIN account a ON a.id = o.account_id WHERE $5::text IS NOT NULL AND a.phone = $5
    UNION SELECT order_id FROM shipment WHERE tracking_no = upper($5::text)
    UNION SELECT order_id FROM shipment WHERE token_serial = upper($5::text)
    UNION SELECT order_id FROM certificate WHERE serial = CASE WHEN $5::text ~ '^[0-9A-Fa-f]{32}$' THEN decode($5::text, 'hex') END
    UNION SELECT order_id FROM payment WHERE out_trade_no = $5::text
    UNION SELECT order_id FROM refund WHERE out_refund_no = $5::text
    UNION SELECT order_id FROM bank_verification WHERE reference = upper($5::text)
    UNION (SELECT id FROM orders WHERE $5::text IS NOT NULL AND subject_name LIKE '%' || $5 || '%' LIMIT 1000)
)
SELECT o.id, o.order_no, o.project, o.certificate_type, o.state, o.subject_name, o.returned_times, o.second_review,
       epoch(o.submitted_at) AS submitted_at, epoch(o.sla_due) AS sla_due, epoch(o.state_since) AS state_since,
       s.name AS reviewer
  FROM orders o
  LEFT JOIN staff s ON s.id = o.lease_staff AND o.lease_until > hall_now()
 WHERE ($1::text IS NULL OR o.state = $1)
   AND ($2::bigint IS NULL OR (o.lease_staff = $2 AND o.lease_until > hall_now()))
   AND ($3::bigint IS NULL OR o.id < $3)
   AND ($5::text IS NULL OR o.id IN (SELECT id FROM found))
 ORDER BY o.id DESC
 LIMIT $4;

-- name: desk_queue
-- What waits in state $1 as it is taken: who came first is first. $2 the last id seen or NULL, $3 how many.
SELECT o.id, o.order_no, o.project, o.certificate_type, o.state, o.subject_name, o.returned_times, o.second_review,
       epoch(o.submitted_at) AS submitted_at, epoch(o.sla_due) AS sla_due, epoch(o.state_since) AS state_since,
       NULL AS reviewer
  FROM orders o
 WHERE o.state = $1 AND o.state IN ('pending_review', 'pending_second_review')
   AND ($2::bigint IS NULL OR (o.submitted_at, o.id) > (SELECT c.submitted_at, c.id FROM orders c WHERE c.id = $2))
 ORDER BY o.submitted_at, o.id
 LIMIT $3;

-- name: desk_work
-- What waits for member of staff $1, and what the day has brought since $2; order_no where it is one.
WITH me AS (SELECT id, roles FROM staff WHERE id = $1),
denial AS (
    SELECT DISTINCT o.id, o.order_no, r.at
      FROM review r JOIN orders o ON o.id = r.order_id
     WHERE o.state IN ('in_review', 'in_second_review') AND r.verdict = 'denial_asked' AND NOT r.is_void AND r.staff_id <> $1
)
SELECT w.name, w.is_today, w.n, epoch(w.oldest) AS oldest, w.order_no
  FROM (
    SELECT 1 AS place, 'held' AS name, ARRAY['reviewer'] AS roles, false AS is_today, count(*) AS n, min(state_since) AS oldest, min(order_no) AS order_no
      FROM orders WHERE lease_staff = $1 AND lease_until > hall_now()
    UNION ALL SELECT 2, 'pending_review', ARRAY['reviewer'], false, count(*), min(submitted_at), NULL FROM orders WHERE state = 'pending_review'
    UNION ALL SELECT 3, 'pending_second_review', ARRAY['reviewer'], false, count(*), min(submitted_at), NULL FROM orders WHERE state = 'pending_second_review'
    UNION ALL SELECT 4, 'overdue_review', ARRAY['reviewer'], false, count(*), min(sla_due), NULL FROM orders
               WHERE state IN ('pending_review', 'pending_second_review') AND sla_due < hall_now()
    UNION ALL SELECT 5, 'denial_asked', ARRAY['reviewer', 'administrator'], false, count(*), min(at), min(order_no) FROM denial
    UNION ALL SELECT 6, 'identity_checks', ARRAY['reviewer', 'administrator'], false, count(*), min(created_at), NULL FROM identity_check
               WHERE is_current AND state = 'manual_requested' AND first_staff IS DISTINCT FROM $1
    UNION ALL SELECT 7, 'vouchers', ARRAY['finance'], false, count(*), min(created_at), NULL FROM payment WHERE state = 'awaiting_confirmation'
    UNION ALL SELECT 8, 'refunds', ARRAY['finance'], false, count(*), min(created_at), NULL FROM refund WHERE state = 'requested' AND requested_by IS DISTINCT FROM $1
    UNION ALL SELECT 9, 'issuance_failed', ARRAY['production'], false, count(*), min(state_since), NULL FROM orders WHERE state = 'issuance_failed'
    UNION ALL SELECT 10, 'to_ship', ARRAY['production'], false, count(*), min(state_since), NULL FROM orders WHERE state = 'issued'
    UNION ALL SELECT 11, 'delivery_exception', ARRAY['production'], false, count(*), min(state_since), NULL FROM orders WHERE state = 'delivery_exception'
    UNION ALL SELECT 12, 'stuck_work', ARRAY['finance', 'production', 'administrator'], false, count(*), min(due_at), NULL FROM job WHERE state = 'parked'
    UNION ALL SELECT 13, 'bank_results', ARRAY['reviewer', 'finance', 'administrator'], false, count(*), min(b.created_at), NULL
                FROM bank_verification b JOIN orders o ON o.id = b.order_id
               WHERE b.manual_result IS NOT NULL AND b.second_staff IS NULL AND b.first_staff <> $1 AND b.state <> 'ok' AND NOT b.is_void
                 AND o.state IN ('bank_verification_pending', 'bank_verification_failed')
    UNION ALL SELECT 14, 'revocations', ARRAY['reviewer', 'production', 'administrator'], false, count(*), min(p.asked_at), NULL
                FROM proposal p WHERE p.act = 'revocation' AND p.asked_by <> $1
                 AND EXISTS (SELECT FROM certificate c WHERE c.order_id = p.order_id AND c.status <> 'revoked')
    UNION ALL SELECT 15, 'issuance_refusals', ARRAY['production', 'administrator'], false, count(*), min(p.asked_at), NULL
                FROM proposal p JOIN orders o ON o.id = p.order_id WHERE p.act = 'issuance_refusal' AND p.asked_by <> $1 AND o.state = 'issuance_failed'
    UNION ALL SELECT 16, 'reissues', ARRAY['production', 'administrator'], false, count(*), min(p.asked_at), NULL
                FROM proposal p JOIN orders o ON o.id = p.order_id WHERE p.act = 'reissue' AND p.asked_by <> $1 AND o.state = 'delivery_exception'
    UNION ALL SELECT 17, 'invoices', ARRAY['finance'], false, count(*), min(created_at), NULL FROM invoice WHERE state IN ('by_hand', 'failed', 'red_failed')
    UNION ALL SELECT 20, 'my_approved', ARRAY['reviewer'], true, count(*), NULL, NULL FROM review WHERE staff_id = $1 AND verdict = 'approved' AND at >= to_timestamp($2)
    UNION ALL SELECT 21, 'my_returned', ARRAY['reviewer'], true, count(*), NULL, NULL FROM review WHERE staff_id = $1 AND verdict = 'returned' AND at >= to_timestamp($2)
    UNION ALL SELECT 22, 'submitted', ARRAY['reviewer', 'auditor', 'administrator'], true, count(*), NULL, NULL FROM orders WHERE submitted_at >= to_timestamp($2)
    UNION ALL SELECT 23, 'paid', ARRAY['finance', 'auditor'], true, count(*), NULL, NULL FROM payment WHERE paid_at >= to_timestamp($2)
    UNION ALL SELECT 24, 'issued', ARRAY['production', 'auditor', 'administrator'], true, count(*), NULL, NULL FROM certificate WHERE issued_at >= to_timestamp($2)
    UNION ALL SELECT 25, 'shipped', ARRAY['production'], true, count(*), NULL, NULL FROM shipment WHERE sent_at >= to_timestamp($2)
  ) w, me
 WHERE w.roles && me.roles
 ORDER BY w.place;

-- name: desk_order
-- What the owner's view does not show; $2 whoever asks.
SELECT (SELECT to_json(p.return_reasons) FROM project p WHERE p.code = o.project)::text AS return_reasons,
       encode(o.content_sha256, 'hex') AS revision_sha256, o.returned_times, o.second_review, o.fence,
       epoch(o.submitted_at) AS submitted_at, epoch(o.lease_until) AS lease_until,
       coalesce(o.lease_staff = $2 AND o.lease_until > hall_now(), false) AS mine,
       (SELECT s.name FROM staff s WHERE s.id = o.lease_staff AND o.lease_until > hall_now()) AS reviewer,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('stage', r.stage, 'verdict', r.verdict, 'staff', s.name, 'staff_id', s.id, 'note', r.note,
                   'reasons', r.reasons, 'void', r.is_void, 'at', iso(r.at)) ORDER BY r.id), '[]')
          FROM review r JOIN staff s ON s.id = r.staff_id WHERE r.order_id = o.id)::text AS reviews,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('notice', m.notice, 'phone', m.phone_masked, 'text', m.text_masked,
                   'state', m.state, 'failure', m.failure, 'at', iso(m.created_at)) ORDER BY m.id), '[]')
          FROM sms m WHERE m.order_id = o.id)::text AS messages,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('order_no', p.order_no, 'state', p.state, 'subject_name', p.subject_name,
                   'same_subject', p.subject_key = o.subject_key, 'same_person', coalesce(p.person_key = o.person_key, false),
                   'created_at', iso(p.created_at)) ORDER BY p.id DESC), '[]')
          FROM (SELECT * FROM orders d WHERE d.id <> o.id AND (d.subject_key = o.subject_key OR d.person_key = o.person_key)
                 ORDER BY d.id DESC LIMIT 20) p)::text AS duplicates,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('staff', s.name, 'text', n.text, 'at', iso(n.at)) ORDER BY n.id), '[]')
          FROM order_note n JOIN staff s ON s.id = n.staff_id WHERE n.order_id = o.id)::text AS notes,
       (SELECT jsonb_build_object('phone_match', i.phone_match, 'score', i.score, 'kind', i.kind, 'state', i.state,
                   'manual_note', i.manual_note, 'decided_at', iso(i.decided_at), 'first_staff', i.first_staff)
          FROM identity_check i WHERE i.order_id = o.id AND i.is_current)::text AS identity,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('payment_id', y.payment_id, 'method', y.method, 'state', y.state,
                   'purpose', y.purpose, 'amount_fen', y.amount_fen, 'received_fen', y.received_fen, 'out_trade_no', y.out_trade_no,
                   'payer_name', y.payer_name, 'transferred_on', y.transferred_on, 'at', iso(y.created_at)) ORDER BY y.attempt), '[]')
          FROM payment y WHERE y.order_id = o.id)::text AS payments,
       (SELECT jsonb_strip_nulls(jsonb_object_agg(c.pointer, (
                   SELECT string_agg(g.name, '' ORDER BY g.level) FROM region g
                    WHERE g.code IN (c.code, left(c.code, 4) || '00', left(c.code, 2) || '0000')))
            || jsonb_build_object('/project', (SELECT p.name_zh FROM project p WHERE p.code = o.project), '/project/en', (SELECT p.name_en FROM project p WHERE p.code = o.project),
                   '/bank_account/bank_code', (SELECT b.name FROM bank_branch b WHERE b.code = o.form #>> '{bank_account,bank_code}')))
          FROM (VALUES ('/organisation/region', o.form #>> '{organisation,region}'),
                       ('/delivery/region', o.form #>> '{delivery,region}')) c (pointer, code))::text AS names
  FROM orders o
 WHERE o.id = $1;

-- name: desk_revisions
-- The last two confirmed forms: what changed.
SELECT revision_no, form::text AS form, form_secret, epoch(confirmed_at) AS confirmed_at
  FROM order_revision
 WHERE order_id = $1
 ORDER BY revision_no DESC
 LIMIT 2;

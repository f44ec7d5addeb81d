-- What staff see of orders.

-- name: desk_list
-- $1 state or NULL, $2 member of staff whose lease, or NULL, $3 the last id seen or NULL, $4 how many,
-- $5 search text or NULL, $6 keyed hash of it. A search is bounded first and sorted then.
WITH found AS MATERIALIZED (
    SELECT id FROM orders WHERE $5::text IS NOT NULL AND order_no = $5
    UNION SELECT id FROM orders WHERE $5::text IS NOT NULL AND subject_key = $6::bytea
    UNION SELECT o.id FROM orders o JOIN account a ON a.id = o.account_id WHERE $5::text IS NOT NULL AND a.phone = $5
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

-- name: desk_order
-- What the owner's view does not show; $2 whoever asks.
SELECT (SELECT to_json(p.return_reasons) FROM project p WHERE p.code = o.project)::text AS return_reasons,
       encode(o.content_sha256, 'hex') AS revision_sha256, o.returned_times, o.second_review, o.fence,
       epoch(o.submitted_at) AS submitted_at, epoch(o.lease_until) AS lease_until,
       coalesce(o.lease_staff = $2 AND o.lease_until > hall_now(), false) AS mine,
       (SELECT s.name FROM staff s WHERE s.id = o.lease_staff AND o.lease_until > hall_now()) AS reviewer,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('stage', r.stage, 'verdict', r.verdict, 'staff', s.name, 'note', r.note,
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
            || jsonb_build_object('/bank_account/bank_code', (SELECT b.name FROM bank_branch b WHERE b.code = o.form #>> '{bank_account,bank_code}')))
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

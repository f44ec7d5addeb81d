-- What people see of an order, each view in one statement.

-- name: order_view
-- $1 number, $2 account or NULL
-- What only some orders need is looked up only for them.
SELECT o.id, o.order_no, o.project, p.name_zh, p.name_en, o.certificate_type, o.years, o.state, o.version, o.form_version,
       CASE WHEN $2::bigint IS NULL THEN o.form::text END AS form, o.form_secret, o.incomplete::text AS incomplete,
       o.warnings::text AS warnings, o.warnings_day, o.revision_no,
       CASE WHEN o.state = 'returned' AND $2::bigint IS NOT NULL THEN (SELECT r.form_secret FROM order_revision r WHERE r.order_id = o.id AND r.revision_no = o.revision_no) END AS confirmed_secret,
       coalesce(o.certificate_fen, (SELECT t.fee_per_year_fen * o.years FROM project_type t
                                     WHERE t.project = o.project AND t.certificate_type = o.certificate_type)) AS certificate_fen,
       coalesce(o.courier_fen, 0) AS courier_fen,
       coalesce(o.courier_payer, p.courier_payer) AS courier_payer,
       o.rejection::text AS rejection, o.close_reason, epoch(o.deadline_at) AS deadline_at,
       epoch(o.sla_due) AS sla_due, epoch(o.created_at) AS created_at, epoch(o.updated_at) AS updated_at,
       o.below, o.payment_pending, o.money_in, o.has_certificate, o.manual_requested,
       (o.lease_until IS NOT NULL AND o.lease_until > hall_now()) AS leased,
       (o.identity_key IS NOT NULL AND o.person_key IS NOT NULL AND o.identity_key = o.person_key AND o.identity_until > hall_now()
            AND NOT (coalesce(o.rejection @> '{"reasons": [{"target": "identity"}]}', false)
                     AND o.identity_until <= o.state_since + interval '30 days')) AS identity_valid
  FROM orders o
  JOIN project p ON p.code = o.project
 WHERE o.order_no = $1 AND ($2::bigint IS NULL OR o.account_id = $2);

-- name: order_list
-- Newest first; $2 state or NULL, $3 the last id seen or NULL, $4 how many, $5 part of number or name or NULL
SELECT o.id, o.order_no, o.project, o.certificate_type, o.years, o.state, o.subject_name,
       coalesce(o.certificate_fen, t.fee_per_year_fen * o.years) + coalesce(o.courier_fen, 0) AS total_fen,
       epoch(o.created_at) AS created_at, epoch(o.updated_at) AS updated_at,
       o.payment_pending, o.money_in, o.has_certificate, o.manual_requested,
       (o.lease_until IS NOT NULL AND o.lease_until > hall_now()) AS leased
  FROM orders o
  JOIN project_type t ON t.project = o.project AND t.certificate_type = o.certificate_type
 WHERE o.account_id = $1 AND ($2::text IS NULL OR o.state = $2) AND ($3::bigint IS NULL OR o.id < $3)
   AND ($5::text IS NULL OR strpos(o.order_no, $5) > 0 OR strpos(lower(o.subject_name), lower($5)) > 0)
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

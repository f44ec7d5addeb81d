-- Administration: stuck work, figures, projects.

-- name: work_list
-- Parked jobs first, then what is overdue by more than ten minutes.
SELECT j.id, j.kind, j.key, o.order_no, j.attempts, j.failure, j.state,
       epoch(j.due_at) AS due_at, epoch(j.created_at) AS created_at
  FROM job j LEFT JOIN orders o ON o.id = j.order_id
 WHERE j.state = 'parked' OR (j.state = 'queued' AND j.due_at < hall_now() - interval '10 minutes')
 ORDER BY (j.state = 'parked') DESC, j.id
 LIMIT 200;

-- name: statistics
-- All figures of one span of civil days in China, [from, to].
WITH span AS (
    SELECT ($1::date)::timestamp AT TIME ZONE 'Asia/Shanghai' AS a, ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' AS b
), decided AS (
    SELECT r.verdict, r.at, o.submitted_at, r.reasons, (r.at AT TIME ZONE 'Asia/Shanghai')::date AS day
      FROM review r JOIN orders o ON o.id = r.order_id, span
     WHERE r.at >= span.a AND r.at < span.b AND r.verdict IN ('approved', 'returned', 'denied')
)
SELECT jsonb_build_object(
    'orders_by_state', (SELECT coalesce(jsonb_object_agg(state, n), '{}') FROM (SELECT state, count(*) AS n FROM orders GROUP BY state) s),
    'submitted_by_day', (SELECT coalesce(jsonb_agg(jsonb_build_object('day', day, 'count', n) ORDER BY day), '[]')
        FROM (SELECT (submitted_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS n
                FROM orders, span WHERE submitted_at >= span.a AND submitted_at < span.b GROUP BY 1) d),
    'verdicts', (SELECT coalesce(jsonb_object_agg(verdict, n), '{}') FROM (SELECT verdict, count(*) AS n FROM decided GROUP BY 1) v),
    'hours_to_verdict', (SELECT jsonb_build_object(
            'median', round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM at - submitted_at) / 3600)::numeric, 1),
            'p90', round(percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM at - submitted_at) / 3600)::numeric, 1)) FROM decided),
    'overdue', (SELECT count(*) FROM orders WHERE sla_due < hall_now() AND state IN ('pending_review', 'in_review', 'pending_second_review', 'in_second_review')),
    'return_reasons', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', code, 'count', n) ORDER BY n DESC, code), '[]')
        FROM (SELECT x ->> 'code' AS code, count(*) AS n FROM decided, jsonb_array_elements(reasons) x WHERE verdict = 'returned' GROUP BY 1) c),
    'money', (SELECT jsonb_build_object(
            'received_fen', (SELECT coalesce(sum(received_fen), 0) FROM payment, span WHERE paid_at >= span.a AND paid_at < span.b),
            'by_method', (SELECT coalesce(jsonb_object_agg(method, fen), '{}') FROM (SELECT method, sum(received_fen) AS fen
                            FROM payment, span WHERE paid_at >= span.a AND paid_at < span.b GROUP BY method) m),
            'refunded_fen', (SELECT coalesce(sum(amount_fen), 0) FROM refund, span
                              WHERE state = 'succeeded' AND finished_at >= span.a AND finished_at < span.b))),
    'certificates_issued', (SELECT count(*) FROM certificate, span WHERE issued_at >= span.a AND issued_at < span.b)
)::text AS figures
FROM span;

-- name: admin_projects
SELECT p.code, p.name_zh, p.name_en, p.active, p.supplier_url, p.courier_payer, p.agreement_version,
       to_json(p.agreements)::text AS agreements, p.second_review::text AS second_review, p.version,
       (SELECT jsonb_agg(jsonb_build_object('certificate_type', t.certificate_type, 'fee_per_year_fen', t.fee_per_year_fen,
                   'years', t.years, 'algorithm', t.algorithm, 'documents', t.documents) ORDER BY t.certificate_type)
          FROM project_type t WHERE t.project = p.code)::text AS certificate_types
  FROM project p
 WHERE $1::text IS NULL OR p.code = $1
 ORDER BY p.position, p.code;

-- name: admin_project_save
-- No row: somebody changed it since version $5.
UPDATE project SET active = $2, supplier_url = $3, courier_payer = $4, version = version + 1
 WHERE code = $1 AND version = $5
RETURNING code;

-- name: admin_project_type_save
UPDATE project_type SET fee_per_year_fen = $3, years = (SELECT array_agg(x::int) FROM json_array_elements_text($4::json) x)
 WHERE project = $1 AND certificate_type = $2
RETURNING project;

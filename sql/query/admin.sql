-- Administration: stuck work, projects.

-- name: work_list
-- Parked jobs first, then what is overdue by more than ten minutes.
SELECT j.id, j.kind, j.key, o.order_no, j.attempts, j.failure, j.state,
       epoch(j.due_at) AS due_at, epoch(j.created_at) AS created_at
  FROM job j LEFT JOIN orders o ON o.id = j.order_id
 WHERE j.state = 'parked' OR (j.state = 'queued' AND j.due_at < hall_now() - interval '10 minutes')
 ORDER BY (j.state = 'parked') DESC, j.id
 LIMIT 200;

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

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
       to_json(p.agreements)::text AS agreements, to_json(p.return_reasons)::text AS return_reasons, p.second_review::text AS second_review, p.version,
       (SELECT jsonb_agg(jsonb_build_object('certificate_type', t.certificate_type, 'fee_per_year_fen', t.fee_per_year_fen,
                   'years', t.years, 'algorithm', t.algorithm, 'documents', t.documents) ORDER BY t.certificate_type)
          FROM project_type t WHERE t.project = p.code)::text AS certificate_types
  FROM project p
 WHERE $1::text IS NULL OR p.code = $1
 ORDER BY p.position, p.code;

-- name: admin_project_save
-- No row: somebody changed it since version $5.
UPDATE project SET active = $2, supplier_url = $3, courier_payer = $4, version = version + 1,
       return_reasons = (SELECT array_agg(x) FROM json_array_elements_text($6::json) x)
 WHERE code = $1 AND version = $5
RETURNING code;

-- name: admin_project_type_save
UPDATE project_type SET fee_per_year_fen = $3, years = (SELECT array_agg(x::int) FROM json_array_elements_text($4::json) x)
 WHERE project = $1 AND certificate_type = $2
RETURNING project;

-- name: admin_agreements
-- The texts in force, with that of the consent to face recognition, which follows the project's version.
SELECT a.id, a.version, a.lang, a.title, a.body,
       (SELECT count(*) FROM order_agreement o WHERE o.agreement = a.id AND o.version = a.version AND o.lang = a.lang) AS accepted
  FROM project p
  JOIN agreement a ON a.id = ANY (p.agreements || 'face'::text) AND a.version = p.agreement_version
 WHERE p.code = $1
 ORDER BY array_position(p.agreements || 'face'::text, a.id), a.lang DESC;

-- name: admin_agreement_version
-- A name for the next version: the day, numbered where it has one already.
SELECT CASE WHEN n = 0 THEN day ELSE concat(day, '-', n + 1) END AS version
  FROM (SELECT day, (SELECT count(DISTINCT version) FROM agreement WHERE version = day OR version LIKE day || '-%') AS n
          FROM (SELECT to_char(hall_now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS day) d) v;

-- name: admin_agreement_publish
-- The project's texts under version $2, those of $3 ([{id, lang, title, body}]) in the place of the old ones.
INSERT INTO agreement (id, version, lang, title, body, sha256)
SELECT a.id, $2, a.lang, coalesce(c.title, a.title), coalesce(c.body, a.body), sha256(convert_to(coalesce(c.body, a.body), 'UTF8'))
  FROM project p
  JOIN agreement a ON a.id = ANY (p.agreements || 'face'::text) AND a.version = p.agreement_version
  LEFT JOIN json_to_recordset($3::json) AS c (id text, lang text, title text, body text) ON c.id = a.id AND c.lang = a.lang
 WHERE p.code = $1;

-- name: admin_agreement_in_force
UPDATE project SET agreement_version = $2 WHERE code = $1;

-- name: tariff_list
SELECT t.province, g.name AS province_name, t.fee_fen, t.valid_from::text AS valid_from, t.valid_to::text AS valid_to,
       t.valid_from <= d.today AND (t.valid_to IS NULL OR t.valid_to > d.today) AS is_current
  FROM courier_tariff t
  JOIN region g ON g.code = t.province || '0000',
       (SELECT (hall_now() AT TIME ZONE 'Asia/Shanghai')::date AS today) d
 WHERE $1::text IS NULL OR t.province = $1
 ORDER BY t.province, t.valid_from DESC;

-- name: tariff_provinces
-- Every destination there is, and whether anything was ever sent there for a fee.
SELECT left(g.code, 2) AS province, g.name AS province_name,
       EXISTS (SELECT FROM courier_tariff t WHERE t.province = left(g.code, 2)) AS is_served
  FROM region g
 WHERE g.level = 1
 ORDER BY g.code;

-- name: tariff_end
-- Whatever holds on the day $2 holds no longer from then on.
UPDATE courier_tariff SET valid_to = $2::date
 WHERE province = $1 AND valid_from < $2::date AND (valid_to IS NULL OR valid_to > $2::date);

-- name: tariff_add
-- $3 fen from the day $2 on, until the next one that is known already.
INSERT INTO courier_tariff (province, fee_fen, valid_from, valid_to)
SELECT $1, $3, $2::date, (SELECT min(valid_from) FROM courier_tariff WHERE province = $1 AND valid_from > $2::date)
ON CONFLICT (province, valid_from) DO NOTHING
RETURNING id;

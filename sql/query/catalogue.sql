-- What forms choose from.

-- name: project_list
-- All active ones, or the one of $1; texts in language $2.
SELECT p.code, CASE WHEN $2 = 'en' THEN p.name_en ELSE p.name_zh END AS name, p.supplier_url, p.courier_payer,
       (SELECT jsonb_agg(jsonb_build_object('certificate_type', t.certificate_type, 'fee_per_year_fen', t.fee_per_year_fen,
                   'years', t.years, 'documents', t.documents) ORDER BY t.certificate_type DESC)
          FROM project_type t WHERE t.project = p.code)::text AS certificate_types,
       (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'version', a.version, 'title', a.title,
                   'text', CASE WHEN $1::text IS NOT NULL THEN a.body END, 'sha256', encode(a.sha256, 'hex'))
                   ORDER BY array_position(p.agreements, a.id))
          FROM agreement a
         WHERE a.id = ANY (p.agreements) AND a.version = p.agreement_version AND a.lang = $2)::text AS agreements
  FROM project p
 WHERE p.active AND ($1::text IS NULL OR p.code = $1)
 ORDER BY p.position, p.code;

-- name: agreement_get
SELECT id, version, title, body, encode(sha256, 'hex') AS sha256
  FROM agreement
 WHERE id = $1 AND lang = $2
 ORDER BY version DESC
 LIMIT 1;

-- name: bank_search
-- Every word must occur; branches of the province ($3, two digits or NULL) come first.
SELECT code, name
  FROM bank_branch
 WHERE (SELECT bool_and(name ILIKE '%' || w || '%' OR code LIKE w || '%') FROM unnest($1::text[]) w)
 ORDER BY (left(region, 2) = $3) IS TRUE DESC, length(name), code
 LIMIT $2;

-- name: region_list
SELECT code, name, level, parent, is_leaf FROM region ORDER BY code;

-- name: courier_fee
-- No row: unknown project or region. fee_fen NULL: not served.
SELECT p.courier_payer, CASE p.courier_payer WHEN 'recipient' THEN 0 ELSE c.fee_fen END AS fee_fen
  FROM project p
  JOIN region g ON g.code = $2
  LEFT JOIN courier_tariff c ON c.province = left(g.code, 2) AND c.valid_from <= (hall_now() AT TIME ZONE 'Asia/Shanghai')::date
        AND (c.valid_to IS NULL OR c.valid_to > (hall_now() AT TIME ZONE 'Asia/Shanghai')::date)
 WHERE p.code = $1 AND p.active;

-- The confirmed form, for printing and for comparing.

-- name: revision_read
-- The revision in force.
SELECT r.revision_no, r.form::text AS form, r.form_secret, encode(r.sha256, 'hex') AS sha256,
       encode(r.print_sha256, 'hex') AS print_sha256, epoch(r.confirmed_at) AS confirmed_at
  FROM orders o
  JOIN order_revision r ON r.order_id = o.id AND r.revision_no = o.revision_no
 WHERE o.id = $1;

-- name: paper_case
-- What is to be printed for $1 by its owner $2. No row in force: revision_no is 0.
SELECT o.id, o.order_no, o.certificate_type, o.years, o.state, o.revision_no, p.name_zh AS project,
       o.form::text AS form, o.form_secret
  FROM orders o
  JOIN project p ON p.code = o.project
 WHERE o.order_no = $1 AND o.account_id = $2;

-- name: paper_words
-- The words for two codes of a form: the region with what it lies in, and the bank branch.
WITH RECURSIVE up AS (
    SELECT code, name, parent, 1 AS depth FROM region WHERE code = $1
    UNION ALL
    SELECT r.code, r.name, r.parent, up.depth + 1 FROM region r JOIN up ON r.code = up.parent
)
SELECT (SELECT string_agg(name, '' ORDER BY depth DESC) FROM up WHERE name NOT IN ('市辖区', '县')) AS region,
       (SELECT name FROM bank_branch WHERE code = $2) AS bank;

-- name: correction_asked
-- The kinds of documents that the applicant of a returned order was told to hand in again.
SELECT coalesce((SELECT json_agg(DISTINCT substr(r ->> 'target', 11)) FROM jsonb_array_elements(o.rejection -> 'reasons') r
                  WHERE r ->> 'target' LIKE 'documents/%'), '[]')::text AS documents
  FROM orders o
 WHERE o.id = $1;

-- name: correction_done
UPDATE orders SET rejection = NULL WHERE id = $1;

-- What was uploaded for an order.

-- name: document_current
-- What stands in one slot now; fresh: since the order is in its present state.
SELECT d.id, d.kind, d.sha256, d.size, d.content_type, d.checks::text AS checks, d.blocking, d.bound_sha256,
       epoch(d.uploaded_at) AS uploaded_at, d.uploaded_at > o.state_since AS fresh
  FROM document d
  JOIN orders o ON o.id = d.order_id
 WHERE d.order_id = $1 AND d.kind = $2 AND d.is_current;

-- name: document_shown
-- The same for whoever owns the order: $1 number, $2 account.
SELECT d.sha256, d.content_type
  FROM document d
  JOIN orders o ON o.id = d.order_id
 WHERE o.order_no = $1 AND o.account_id = $2 AND d.kind = $3 AND d.is_current;

-- name: document_desk
-- The same for staff: a scan, or a photograph of the check that is current ($2: 'id_front', 'id_back').
SELECT o.id AS order_id, d.sha256, d.content_type
  FROM orders o
  JOIN document d ON d.order_id = o.id AND d.kind = $2 AND d.is_current
 WHERE o.order_no = $1
UNION ALL
SELECT o.id, CASE $2 WHEN 'id_front' THEN i.front_sha256 ELSE i.back_sha256 END, 'image/jpeg'
  FROM orders o
  JOIN identity_check i ON i.order_id = o.id AND i.is_current
 WHERE o.order_no = $1 AND (($2 = 'id_front' AND i.front_sha256 IS NOT NULL) OR ($2 = 'id_back' AND i.back_sha256 IS NOT NULL));

-- name: document_retire
UPDATE document SET is_current = false WHERE order_id = $1 AND kind = $2 AND is_current RETURNING id;

-- name: document_add
INSERT INTO document (order_id, kind, sha256, size, content_type, revision_no, checks, blocking, bound_sha256)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9)
RETURNING epoch(uploaded_at) AS uploaded_at;

-- name: document_bind
-- What was handed in for a correction belongs to the form as corrected.
UPDATE document SET bound_sha256 = $3 WHERE order_id = $1 AND kind = $2 AND is_current;

-- The trail of what is no move of an order.

-- name: audit_add
SELECT audit_add($1, $2, $3, $4, $5, $6, $7, NULL, NULL, NULL, $8::jsonb) AS seq;

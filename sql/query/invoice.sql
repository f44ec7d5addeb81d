-- Electronic invoices.

-- name: invoice_counts
-- Numbers of the next attempt, and of the next red invoice of the order.
SELECT coalesce(max(attempt), 0) + 1 AS blue, coalesce(sum(red_tries), 0) + 1 AS red FROM invoice WHERE order_id = $1;

-- name: invoice_add
INSERT INTO invoice (invoice_id, order_id, attempt, number, kind, title, buyer_sealed, amount_fen, excluded_fen, tax_fen, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id;

-- name: invoice_get
SELECT id, invoice_id, order_id, attempt, number, kind, title, amount_fen, excluded_fen, tax_fen, state, failure,
       epoch(submitted_at) AS submitted_at, invoice_number, epoch(issued_at) AS issued_at, red_number,
       epoch(red_submitted_at) AS red_submitted_at, epoch(created_at) AS created_at
  FROM invoice
 WHERE id = $1;

-- name: invoice_current
-- The last attempt of an order: all before it are over.
SELECT id FROM invoice WHERE order_id = $1 ORDER BY attempt DESC LIMIT 1;

-- name: invoice_find
SELECT id, order_id FROM invoice WHERE invoice_id = $1;

-- name: invoice_by_number
-- Of a job, whose key names a blue or a red one.
SELECT id, order_id FROM invoice WHERE number = $1 OR red_number = $1;

-- name: invoice_buyer
SELECT buyer_sealed FROM invoice WHERE id = $1;

-- name: invoice_state
UPDATE invoice
   SET state = $2, failure = $3,
       submitted_at = CASE WHEN $2 = 'requested' THEN coalesce(submitted_at, hall_now()) ELSE submitted_at END
 WHERE id = $1;

-- name: invoice_issued
UPDATE invoice SET state = 'issued', failure = NULL, invoice_number = $2, issued_at = to_timestamp($3::bigint) WHERE id = $1;

-- name: invoice_recorded
-- Finance made it elsewhere: there is no file of ours.
UPDATE invoice SET state = 'sent', failure = NULL, invoice_number = $2, issued_at = hall_now() WHERE id = $1;

-- name: invoice_filed
UPDATE invoice SET state = 'sent', failure = NULL, pdf_sha256 = $2 WHERE id = $1;

-- name: invoice_reverse
UPDATE invoice
   SET state = 'reversing', failure = NULL, red_number = $2, red_tries = red_tries + 1, red_submitted_at = NULL
 WHERE id = $1;

-- name: invoice_red_submitted
UPDATE invoice SET red_submitted_at = coalesce(red_submitted_at, hall_now()) WHERE id = $1;

-- name: invoice_red
UPDATE invoice SET state = 'red', failure = NULL, red_invoice_number = $2, red_at = hall_now() WHERE id = $1;

-- name: invoice_shown
-- As its buyer ($2) sees it.
SELECT i.invoice_id, i.kind, i.title, i.amount_fen, i.excluded_fen, i.tax_fen, i.state, i.failure, i.invoice_number,
       epoch(i.issued_at) AS issued_at, i.pdf_sha256, i.red_invoice_number, epoch(i.red_at) AS red_at
  FROM orders o
  JOIN invoice i ON i.order_id = o.id
 WHERE o.order_no = $1 AND o.account_id = $2
 ORDER BY i.attempt DESC
 LIMIT 1;

-- name: invoice_list
-- $1 state or NULL, $2 the last id seen or NULL, $3 how many, $4 one invoice or NULL, $5 only those that need a person or wait
SELECT i.id, i.invoice_id, i.number, i.kind, i.title, i.amount_fen, i.state, i.failure, i.invoice_number,
       epoch(i.issued_at) AS issued_at, i.red_invoice_number, o.order_no, o.subject_name, epoch(i.created_at) AS created_at
  FROM invoice i
  JOIN orders o ON o.id = i.order_id
 WHERE ($1::text IS NULL OR i.state = $1) AND ($2::bigint IS NULL OR i.id < $2) AND ($4::text IS NULL OR i.invoice_id = $4)
   AND (NOT $5::bool OR i.state NOT IN ('sent', 'red', 'void'))
 ORDER BY i.id DESC
 LIMIT $3;

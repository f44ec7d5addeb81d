-- Notes of staff to their colleagues.

-- name: note_add
-- On the order of number $1, by member of staff $2; no row where there is no such order.
INSERT INTO order_note (order_id, staff_id, text)
SELECT id, $2, $3 FROM orders WHERE order_no = $1
RETURNING id, order_id;

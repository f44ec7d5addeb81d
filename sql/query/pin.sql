-- PINs: made and opened by the worker, ended by whoever gives the order up or sends the token.

-- name: pin_make
INSERT INTO pin (order_id, channel, sealed) VALUES ($1, $2, $3) RETURNING id;

-- name: pin_live
SELECT id, channel, state, sealed FROM pin WHERE order_id = $1 AND state IN ('made', 'sent');

-- name: pin_sent
UPDATE pin SET state = 'sent' WHERE order_id = $1 AND state = 'made';

-- name: pin_end
-- $2 burned: nobody shall use it; wiped: it has done its work
UPDATE pin SET state = $2, sealed = NULL, ended_at = hall_now() WHERE order_id = $1 AND state IN ('made', 'sent');

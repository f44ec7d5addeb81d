-- Released certificates, their status, and revocation lists.

-- name: certificate_add
INSERT INTO certificate (order_id, intent_id, reissue_no, issuer, serial, subject, not_before, not_after, chain_pem, receipt)
VALUES ($1, $2, $3, $4, decode($5, 'hex'), $6, to_timestamp($7::bigint), to_timestamp($8::bigint), $9, $10::jsonb);

-- name: certificate_of_order
-- The one that is good, of the owner's order ($2 NULL: whoever's).
SELECT c.id, c.order_id, o.order_no, c.reissue_no, c.issuer, encode(c.serial, 'hex') AS serial, c.subject, c.status,
       epoch(c.not_before) AS not_before, epoch(c.not_after) AS not_after, c.chain_pem, c.receipt::text AS receipt
  FROM certificate c JOIN orders o ON o.id = c.order_id
 WHERE o.order_no = $1 AND ($2::bigint IS NULL OR o.account_id = $2) AND c.status <> 'revoked';

-- name: certificate_container
SELECT encode(serial, 'hex') AS serial, container_sealed
  FROM cert_intent WHERE order_id = $1 AND reissue_no = $2 AND released_at IS NOT NULL;

-- name: certificate_staff_view
-- The last one of an order, whatever became of it.
SELECT c.id, encode(c.serial, 'hex') AS serial, c.subject, c.issuer, c.reissue_no, c.status, c.revocation_reason,
       epoch(c.not_before) AS not_before, epoch(c.not_after) AS not_after, epoch(c.issued_at) AS issued_at,
       epoch(c.revoked_at) AS revoked_at, a.name AS revocation_asked_by, b.name AS revocation_approved_by,
       s.name AS proposed_by, p.asked_by AS proposed_by_id, p.reason AS proposed_reason
  FROM certificate c
  JOIN orders o ON o.id = c.order_id
  LEFT JOIN staff a ON a.id = c.revocation_asked_by
  LEFT JOIN staff b ON b.id = c.revocation_approved_by
  LEFT JOIN proposal p ON p.order_id = o.id AND p.act = 'revocation'
  LEFT JOIN staff s ON s.id = p.asked_by
 WHERE o.order_no = $1
 ORDER BY c.reissue_no DESC
 LIMIT 1;

-- name: certificate_list
-- $1 status, or 'asked' where a revocation waits for a second person, or NULL; $2 the last id seen or
-- NULL, $3 how many
SELECT c.id, o.order_no, o.subject_name, encode(c.serial, 'hex') AS serial, c.subject, c.issuer, c.reissue_no, c.status,
       c.revocation_reason, epoch(c.not_before) AS not_before, epoch(c.not_after) AS not_after, epoch(c.issued_at) AS issued_at,
       epoch(c.revoked_at) AS revoked_at, a.name AS revocation_asked_by, b.name AS revocation_approved_by,
       s.name AS proposed_by, p.asked_by AS proposed_by_id, p.reason AS proposed_reason
  FROM certificate c
  JOIN orders o ON o.id = c.order_id
  LEFT JOIN staff a ON a.id = c.revocation_asked_by
  LEFT JOIN staff b ON b.id = c.revocation_approved_by
  LEFT JOIN proposal p ON p.order_id = o.id AND p.act = 'revocation' AND c.status <> 'revoked'
  LEFT JOIN staff s ON s.id = p.asked_by
 WHERE ($1::text IS NULL OR CASE $1 WHEN 'asked' THEN p.order_id IS NOT NULL ELSE c.status = $1 END)
   AND ($2::bigint IS NULL OR c.id < $2)
 ORDER BY c.id DESC
 LIMIT $3;

-- name: certificate_revoke
-- $2 reason, $3 who asked, $4 who agreed; both NULL where nobody ever had it
UPDATE certificate
   SET status = 'revoked', revoked_at = hall_now(), revocation_reason = $2, revocation_asked_by = $3, revocation_approved_by = $4
 WHERE order_id = $1 AND status <> 'revoked'
RETURNING encode(serial, 'hex') AS serial;

-- name: crl_due
-- Whether this issuer needs a new list: none yet, older than $2 seconds, dated by a clock that was
-- put back since, or not with these entries.
SELECT coalesce(l.number, 0) AS number,
       (l.number IS NULL OR l.this_update <= hall_now() - make_interval(secs => $2)
        OR l.this_update > hall_now() + interval '5 minutes'
        OR l.entries <> (SELECT count(*) FROM certificate c
                          WHERE c.issuer = $1 AND c.status = 'revoked'
                            AND NOT EXISTS (SELECT FROM crl o WHERE o.issuer = $1 AND o.this_update > c.not_after
                                               AND o.this_update > c.revoked_at))) AS is_due,
       (l.number IS NOT NULL AND l.published_at IS NULL) AS is_unpublished
  FROM (SELECT) one LEFT JOIN LATERAL (
       SELECT number, this_update, published_at, entries FROM crl WHERE issuer = $1 ORDER BY number DESC LIMIT 1) l ON true;

-- name: crl_entries
-- What stands on the list. An entry leaves it once it stood on one after its certificate's end.
SELECT c.serial, epoch(c.revoked_at) AS revoked_at, c.revocation_reason
  FROM certificate c
 WHERE c.issuer = $1 AND c.status = 'revoked'
   AND NOT EXISTS (SELECT FROM crl l WHERE l.issuer = $1 AND l.this_update > c.not_after AND l.this_update > c.revoked_at)
 ORDER BY c.revoked_at, c.id;

-- name: crl_add
INSERT INTO crl (issuer, number, der, this_update, next_update, entries)
VALUES ($1, $2, $3, to_timestamp($4::bigint), to_timestamp($5::bigint), $6);

-- name: crl_last
SELECT number, der FROM crl WHERE issuer = $1 ORDER BY number DESC LIMIT 1;

-- name: crl_published
UPDATE crl SET published_at = hall_now() WHERE issuer = $1 AND number = $2;

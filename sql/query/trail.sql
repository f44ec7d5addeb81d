-- The audit trail read back.

-- name: trail_page
-- The rows as they are, so that the hash is made of them here and not by the database.
SELECT stream, seq, (extract(epoch FROM at) * 1000000)::bigint AS at_us, actor_role, actor_id, ip,
       trace, action, order_id, move, from_state, to_state, detail::text AS detail, prev_hash, hash
  FROM audit_event
 WHERE (stream, seq) > ($1, $2)
 ORDER BY stream, seq
 LIMIT 1000;

-- name: trail_heads
-- Streams whose head is not their last event.
SELECT s.stream, s.seq
  FROM audit_stream s
  LEFT JOIN audit_event e ON e.stream = s.stream AND e.seq = s.seq AND e.hash = s.hash
 WHERE (e.seq IS NULL AND s.seq > 0)
    OR EXISTS (SELECT FROM audit_event l WHERE l.stream = s.stream AND l.seq > s.seq)
UNION ALL
SELECT DISTINCT e.stream, 0
  FROM audit_event e
 WHERE NOT EXISTS (SELECT FROM audit_stream s WHERE s.stream = e.stream)
 ORDER BY 1
 LIMIT 1;

-- name: trail_checkpoints
-- Checkpoints that hold a head the trail does not have, or that do not follow one another.
SELECT c.id, coalesce(h.key, '') AS stream
  FROM (SELECT id, heads, prev_hash, hash, lag(hash, 1, '') OVER (ORDER BY id) AS before
          FROM audit_checkpoint) AS c
  LEFT JOIN jsonb_each(c.heads) AS h ON NOT EXISTS (
           SELECT FROM audit_event e
            WHERE e.stream = h.key AND e.seq = (h.value->>0)::bigint
              AND encode(e.hash, 'hex') = h.value->>1)
 WHERE h.key IS NOT NULL OR c.prev_hash <> c.before
    OR c.hash <> sha256(c.prev_hash || convert_to(c.heads::text, 'UTF8'))
 ORDER BY c.id
 LIMIT 1;

-- name: trail_list
-- $1 to $7 narrow it where they are not NULL; $8 microseconds, $9 stream and $10 number of the last
-- event seen, $11 how many.
SELECT e.stream, e.seq, epoch(e.at) AS at, (extract(epoch FROM e.at) * 1000000)::bigint AS at_us, e.actor_role,
       coalesce(s.name, CASE WHEN e.actor_id > 0 THEN e.actor_id::text END) AS actor, e.ip, e.trace, e.action,
       e.move, o.order_no, e.from_state, e.to_state, e.detail::text AS detail
  FROM audit_event e
  LEFT JOIN staff s ON s.id = e.actor_id AND e.actor_role NOT IN ('applicant', 'system', 'provider')
  LEFT JOIN orders o ON o.id = e.order_id
 WHERE ($1::text IS NULL OR e.stream = $1)
   AND ($2::text IS NULL OR e.order_id = (SELECT id FROM orders WHERE order_no = $2))
   AND ($3::text IS NULL OR e.actor_role = $3)
   AND ($4::text IS NULL OR (e.actor_role NOT IN ('applicant', 'system', 'provider')
        AND e.actor_id IN (SELECT id FROM staff WHERE username = $4 OR name = $4)))
   AND ($5::text IS NULL OR e.action = $5)
   AND ($6::date IS NULL OR e.at >= $6::date::timestamp AT TIME ZONE 'Asia/Shanghai')
   AND ($7::date IS NULL OR e.at < ($7::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
   AND ($8::bigint IS NULL
        OR (e.at, e.stream, e.seq) < ('1970-01-01 00:00:00Z'::timestamptz + $8::bigint * interval '1 microsecond', $9, $10::bigint))
 ORDER BY e.at DESC, e.stream DESC, e.seq DESC
 LIMIT $11;

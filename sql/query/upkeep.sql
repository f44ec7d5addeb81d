-- What the worker looks after by itself: the trail's anchors, and what has to be forgotten.

-- name: audit_anchor
-- Heads that moved since they were last anchored become a checkpoint, chained to the one before. A
-- head that somebody writes to now is left to the next one: who holds a stream may want another.
WITH moved AS MATERIALIZED (
    SELECT stream, seq, hash FROM audit_stream WHERE seq > anchored ORDER BY stream LIMIT 5000 FOR UPDATE SKIP LOCKED
), head AS (
    SELECT coalesce((SELECT hash FROM audit_checkpoint ORDER BY id DESC LIMIT 1), '') AS prev,
           (SELECT jsonb_object_agg(stream, jsonb_build_array(seq, encode(hash, 'hex'))) FROM moved) AS heads
), made AS (
    INSERT INTO audit_checkpoint (heads, prev_hash, hash)
    SELECT heads, prev, sha256(prev || convert_to(heads::text, 'UTF8')) FROM head WHERE heads IS NOT NULL
    RETURNING id
)
UPDATE audit_stream s SET anchored = m.seq FROM moved m, made WHERE s.stream = m.stream;

-- name: forget_videos
-- Judged, or nobody will judge them any more (agreement face, at the latest after 24 hours).
SELECT id, video_sha256 AS sha256 FROM identity_check i
 WHERE video_sha256 IS NOT NULL
   AND (liveness_state IS DISTINCT FROM 'checking' OR created_at < hall_now() - interval '23 hours')
   AND NOT EXISTS (SELECT FROM identity_check o WHERE o.id <> i.id AND o.video_sha256 = i.video_sha256 AND o.liveness_state = 'checking')
 ORDER BY id LIMIT 100;

-- name: forget_video
UPDATE identity_check SET video_sha256 = NULL WHERE id = $1 AND video_sha256 = $2;

-- name: forget_files
-- Photographs and documents of orders that closed $1 days ago without a certificate (agreement
-- information, 4.3), unless another order still needs the same bytes.
WITH closed AS (
    SELECT o.id FROM orders o
     WHERE o.state IN ('cancelled', 'expired', 'denied', 'refunded') AND o.state_since < hall_now() - make_interval(days => $1)
       AND NOT EXISTS (SELECT FROM certificate c WHERE c.order_id = o.id)
), held AS (
    SELECT 'document' AS what, d.id, d.sha256 FROM document d JOIN closed ON closed.id = d.order_id WHERE d.dropped_at IS NULL
    UNION ALL
    SELECT 'front', i.id, i.front_sha256 FROM identity_check i JOIN closed ON closed.id = i.order_id WHERE i.front_sha256 IS NOT NULL
    UNION ALL
    SELECT 'back', i.id, i.back_sha256 FROM identity_check i JOIN closed ON closed.id = i.order_id WHERE i.back_sha256 IS NOT NULL
)
SELECT h.what, h.id, h.sha256,
       EXISTS (SELECT FROM document d WHERE d.sha256 = h.sha256 AND d.dropped_at IS NULL AND d.order_id NOT IN (SELECT id FROM closed))
    OR EXISTS (SELECT FROM identity_check i WHERE h.sha256 IN (i.front_sha256, i.back_sha256)
                  AND i.order_id NOT IN (SELECT id FROM closed)) AS is_shared
  FROM held h
 ORDER BY h.what, h.id
 LIMIT 100;

-- name: forget_file
-- The row stays as the record of what was there.
WITH document AS (
    UPDATE document SET dropped_at = hall_now() WHERE $1 = 'document' AND id = $2
), front AS (
    UPDATE identity_check SET front_sha256 = NULL, front_sealed = NULL WHERE $1 = 'front' AND id = $2
)
UPDATE identity_check SET back_sha256 = NULL, back_sealed = NULL WHERE $1 = 'back' AND id = $2;

-- name: job_wipe
-- A message with a PIN that could not be sent still holds it: gone with the PIN itself.
WITH gone AS (
    UPDATE job j SET state = 'done', secret = NULL, lease_until = NULL, done_at = hall_now()
      FROM sms m
     WHERE j.kind = 'SMS' AND j.state = 'parked' AND m.order_id = j.order_id AND j.key = 'sms/' || m.id AND m.notice = 'N19'
       AND NOT EXISTS (SELECT FROM pin p WHERE p.order_id = j.order_id AND p.state IN ('made', 'sent'))
    RETURNING m.id
)
UPDATE sms SET state = 'failed', failure = 'pin_ended' WHERE id IN (SELECT id FROM gone);

-- name: job_sweep
DELETE FROM job WHERE state = 'done' AND done_at < hall_now() - interval '90 days';

-- The identity check on the phone.

-- name: identity_read
-- One check: $1 its id, or NULL and $2 the order whose current one is meant. A check ends early when
-- its time is over, when another took its place, or when the order is about somebody else by now.
SELECT i.id, i.order_id, o.order_no, o.certificate_type, i.is_current, i.kind, i.reason, i.face_consent,
       CASE WHEN i.state IN ('waiting', 'scanned', 'id_card_done', 'manual_requested')
             AND (NOT i.is_current OR i.subject_key IS DISTINCT FROM o.person_key OR i.revision_no <> o.revision_no
                  OR o.state NOT IN ('awaiting_identity', 'returned')
                  OR (i.state <> 'manual_requested' AND i.expires_at <= hall_now())) THEN 'expired'
            ELSE i.state END AS state,
       epoch(i.expires_at) AS expires_at,
       i.front_state, i.front_reason, i.front_sha256, i.front_sealed,
       i.back_state, i.back_reason, i.back_sha256, i.back_sealed, i.phone_match,
       i.challenge_id, to_json(i.challenge_actions)::text AS challenge_actions,
       coalesce(i.challenge_expires_at > hall_now(), false) AS challenge_open,
       i.liveness_state, i.liveness_reason, i.attempts_left, i.video_sha256,
       i.manual_result, i.first_staff
  FROM identity_check i
  JOIN orders o ON o.id = i.order_id
 WHERE CASE WHEN $1::bigint IS NULL THEN i.order_id = $2 AND i.is_current ELSE i.id = $1 END;

-- name: identity_order
-- The order of an account, to look at its check.
SELECT id FROM orders WHERE order_no = $1 AND account_id = $2;

-- name: identity_holds
-- Somebody has proved to be the person in the form, not too long ago, and since then nobody returned
-- the order in doubt of it.
SELECT EXISTS (
    SELECT FROM identity_check i
      JOIN orders o ON o.id = i.order_id
     WHERE o.id = $1 AND i.is_current AND i.state = 'passed' AND i.subject_key = o.person_key
       AND i.decided_at > hall_now() - make_interval(days => $2::int)
       AND NOT coalesce(o.rejection @> '{"reasons": [{"target": "identity"}]}'
                        AND i.decided_at <= o.state_since, false)) AS holds;

-- name: identity_tries
-- Checks by phone of this person within a day, and seconds until the first of them is a day old.
SELECT count(*) AS n,
       coalesce(ceil(extract(epoch FROM min(i.created_at) + interval '1 day' - hall_now())), 0)::bigint AS wait_s
  FROM identity_check i
  JOIN orders o ON o.id = $1 AND i.subject_key = o.person_key
 WHERE i.created_at > hall_now() - interval '1 day' AND i.kind = 'face';

-- name: identity_retire
UPDATE identity_check SET is_current = false WHERE order_id = $1 AND is_current;

-- name: identity_add
-- About the person now in the form. $2 kind, $3 state, $4 seconds that its code lives
INSERT INTO identity_check (order_id, revision_no, subject_key, kind, state, expires_at)
SELECT id, revision_no, person_key, $2, $3, hall_now() + make_interval(secs => $4) FROM orders WHERE id = $1
RETURNING id, epoch(expires_at) AS expires_at;

-- name: identity_code
-- A new code was given out.
UPDATE identity_check SET expires_at = greatest(expires_at, hall_now() + make_interval(secs => $2)) WHERE id = $1
RETURNING epoch(expires_at) AS expires_at;

-- name: identity_opened
-- A phone took the code; $2 whether the face may be looked at.
UPDATE identity_check
   SET face_consent = $2, consent_at = hall_now(),
       state = CASE WHEN NOT $2 THEN 'manual_requested' WHEN state = 'waiting' THEN 'scanned' ELSE state END,
       kind = CASE WHEN $2 THEN kind ELSE 'manual' END,
       expires_at = hall_now() + make_interval(secs => $3)
 WHERE id = $1
RETURNING state;

-- name: identity_consent
-- Which text was agreed to, as with the other agreements.
INSERT INTO order_agreement (order_id, agreement, version, lang, sha256, ip)
SELECT o.id, a.id, a.version, a.lang, a.sha256, $3
  FROM orders o
  JOIN project p ON p.code = o.project
  JOIN agreement a ON a.id = 'face' AND a.version = p.agreement_version AND a.lang = $2
 WHERE o.id = $1
ON CONFLICT DO NOTHING;

-- name: identity_manual
UPDATE identity_check SET state = 'manual_requested', kind = 'manual', reason = NULL WHERE id = $1;

-- name: identity_front
UPDATE identity_check
   SET front_state = $2, front_reason = $3, front_sha256 = coalesce($4, front_sha256), front_sealed = $5
 WHERE id = $1;

-- name: identity_back
UPDATE identity_check
   SET back_state = $2, back_reason = $3, back_sha256 = coalesce($4, back_sha256), back_sealed = $5
 WHERE id = $1;

-- name: identity_state
-- The end, or a step on the way; $3 code of why it failed
UPDATE identity_check
   SET state = $2, reason = $3,
       decided_at = CASE WHEN $2 IN ('passed', 'failed') THEN hall_now() ELSE decided_at END
 WHERE id = $1;

-- name: identity_phone
UPDATE identity_check SET phone_match = $2 WHERE id = $1;

-- name: identity_phone_known
-- What the carrier said about the same three not long ago.
SELECT EXISTS (SELECT FROM identity_check i JOIN identity_check mine ON mine.id = $1 AND mine.subject_key = i.subject_key
                WHERE i.phone_match = 'match' AND i.created_at > hall_now() - interval '30 days') AS known;

-- name: identity_challenge
UPDATE identity_check
   SET challenge_id = $2, challenge_actions = ARRAY(SELECT json_array_elements_text($3::json)),
       challenge_expires_at = hall_now() + make_interval(secs => $4)
 WHERE id = $1
RETURNING epoch(challenge_expires_at) AS expires_at;

-- name: identity_video
-- The challenge is used up.
UPDATE identity_check
   SET video_sha256 = $2, liveness_state = 'checking', liveness_reason = NULL, challenge_expires_at = hall_now()
 WHERE id = $1;

-- name: identity_liveness
-- $2 state, $3 code of why, $4 tries used up, $5 score, $6 the provider's number
UPDATE identity_check
   SET liveness_state = $2, liveness_reason = $3, attempts_left = greatest(0, attempts_left - $4::int),
       score = coalesce($5, score), provider_request = coalesce($6, provider_request)
 WHERE id = $1
RETURNING attempts_left;

-- name: identity_expire
-- The order's row first, as everybody does; one that is being worked on comes next time.
WITH due AS MATERIALIZED (
    SELECT i.id
      FROM identity_check i JOIN orders o ON o.id = i.order_id
     WHERE i.is_current AND i.state IN ('waiting', 'scanned', 'id_card_done') AND i.expires_at <= hall_now()
       FOR UPDATE OF o SKIP LOCKED
)
UPDATE identity_check i SET state = 'expired'
  FROM due
 WHERE i.id = due.id AND i.is_current AND i.state IN ('waiting', 'scanned', 'id_card_done') AND i.expires_at <= hall_now();

-- name: identity_video_needed
-- Whether somebody else still waits for the verdict on the same bytes.
SELECT EXISTS (SELECT FROM identity_check WHERE video_sha256 = $1 AND id <> $2 AND liveness_state = 'checking') AS needed;

-- name: identity_manual_list
-- Who waits for a check by staff; $1 the last id seen or NULL, $2 how many
SELECT i.id, o.order_no, o.project, o.certificate_type, o.state AS order_state, o.subject_name,
       coalesce(o.form -> 'handler' ->> 'name', o.form -> 'applicant' ->> 'name') AS person_name,
       coalesce(o.form -> 'handler' ->> 'id_kind', o.form -> 'applicant' ->> 'id_kind') AS id_kind,
       epoch(i.created_at) AS requested_at, i.manual_result AS first_result, i.manual_note AS first_note, s.name AS first_staff,
       i.first_staff AS first_staff_id
  FROM identity_check i
  JOIN orders o ON o.id = i.order_id
  LEFT JOIN staff s ON s.id = i.first_staff
 WHERE i.is_current AND i.state = 'manual_requested' AND i.subject_key = o.person_key
   AND o.state IN ('awaiting_identity', 'returned') AND ($1::bigint IS NULL OR i.id > $1)
 ORDER BY i.id
 LIMIT $2;

-- name: identity_first
-- What the first of two found; whoever disagrees becomes the first.
UPDATE identity_check SET manual_result = $2, manual_note = $3, first_staff = $4 WHERE id = $1;

-- name: identity_second
-- $4 code of why it failed
UPDATE identity_check
   SET state = manual_result, reason = $4, second_staff = $2, kind = 'manual', decided_at = hall_now(),
       manual_note = concat_ws(E'\n', manual_note, $3::text)
 WHERE id = $1;

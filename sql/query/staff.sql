-- Members of staff.

-- name: staff_by_username
SELECT id, username, name, password_hash, totp_sealed, totp_step, totp_enrolled, to_json(roles)::text AS roles,
       greatest(0, ceil(extract(epoch FROM locked_until - hall_now())))::bigint AS locked_s
  FROM staff
 WHERE username = $1 AND state = 'active';

-- name: staff_wrong
UPDATE staff
   SET failed = CASE WHEN failed >= 4 THEN 0 ELSE failed + 1 END,
       locked_until = CASE WHEN failed >= 4 THEN hall_now() + interval '15 minutes' ELSE locked_until END
 WHERE id = $1;

-- name: staff_right
-- A code is good once: no row when somebody else used this step.
UPDATE staff SET failed = 0, locked_until = NULL, totp_step = $2, totp_enrolled = true
 WHERE id = $1 AND totp_step < $2
RETURNING id;

-- name: staff_enrol
-- A new secret for somebody who has none confirmed; what was shown before is worth nothing.
UPDATE staff SET totp_sealed = $2, totp_step = 0, failed = 0
 WHERE id = $1 AND NOT totp_enrolled
RETURNING id;

-- name: staff_list
SELECT id, username, name, to_json(roles)::text AS roles, state, totp_enrolled, epoch(created_at) AS created_at
  FROM staff
 WHERE $1::bigint IS NULL OR id = $1
 ORDER BY id;

-- name: staff_add
INSERT INTO staff (username, name, password_hash, totp_sealed, totp_enrolled, roles)
VALUES ($1, $2, $3, $4, false, (SELECT array_agg(x) FROM json_array_elements_text($5::json) x))
RETURNING id;

-- name: staff_change
-- NULL leaves a column as it is; $6: the second factor is to be made anew, and the old one is good for no step.
UPDATE staff
   SET name = coalesce($2, name), totp_enrolled = totp_enrolled AND NOT $6::bool,
       totp_step = CASE WHEN $6::bool THEN 9223372036854775807 ELSE totp_step END,
       roles = coalesce((SELECT array_agg(x) FROM json_array_elements_text($3::json) x), roles),
       state = coalesce($4, state), password_hash = coalesce($5, password_hash), epoch = epoch + 1
 WHERE id = $1
RETURNING id;

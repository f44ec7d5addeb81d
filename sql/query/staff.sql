-- Members of staff.

-- name: staff_by_username
SELECT id, username, name, password_hash, totp_sealed, totp_step, to_json(roles)::text AS roles,
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
-- NULL leaves a column as it is.
UPDATE staff
   SET name = coalesce($2, name),
       roles = coalesce((SELECT array_agg(x) FROM json_array_elements_text($3::json) x), roles),
       state = coalesce($4, state), password_hash = coalesce($5, password_hash), epoch = epoch + 1
 WHERE id = $1
RETURNING id;

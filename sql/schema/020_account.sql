-- People: applicants and staff. Sessions are in Redis.
CREATE TABLE account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phone text NOT NULL UNIQUE CHECK (phone ~ '^1[3-9][0-9]{9}$'),
    name text NOT NULL,
    password_hash text NOT NULL,
    failed int NOT NULL DEFAULT 0,
    locked_until timestamptz,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'closed')),
    created_at timestamptz NOT NULL DEFAULT hall_now()
);
COMMENT ON TABLE account IS 'An applicant''s login';
COMMENT ON COLUMN account.phone IS 'Mainland mobile, 11 digits; the login name';
COMMENT ON COLUMN account.name IS 'How the page greets';
COMMENT ON COLUMN account.password_hash IS 'scrypt, PHC string';
COMMENT ON COLUMN account.failed IS 'Wrong passwords since the last good login';
COMMENT ON COLUMN account.locked_until IS 'No password login before this time';
COMMENT ON COLUMN account.state IS 'closed accounts cannot log in';
COMMENT ON COLUMN account.created_at IS 'Time of registration';

CREATE TABLE staff (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL UNIQUE CHECK (username ~ '^[a-z][a-z0-9_.-]{1,31}$'),
    name text NOT NULL,
    password_hash text NOT NULL,
    totp_sealed bytea NOT NULL,
    totp_step bigint NOT NULL DEFAULT 0,
    totp_enrolled bool NOT NULL DEFAULT true,
    roles text[] NOT NULL CHECK (roles <@ ARRAY['reviewer', 'finance', 'production', 'auditor', 'administrator'] AND cardinality(roles) > 0),
    failed int NOT NULL DEFAULT 0,
    locked_until timestamptz,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'closed')),
    epoch int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT hall_now()
);
COMMENT ON TABLE staff IS 'A member of staff';
COMMENT ON COLUMN staff.username IS 'Login name';
COMMENT ON COLUMN staff.name IS 'Shown beside what the person did';
COMMENT ON COLUMN staff.password_hash IS 'scrypt, PHC string';
COMMENT ON COLUMN staff.totp_sealed IS 'RFC 6238 secret, sealed (vault purpose TOTP, context staff/USERNAME)';
COMMENT ON COLUMN staff.totp_step IS 'Last time step accepted: a code is never taken twice';
COMMENT ON COLUMN staff.totp_enrolled IS 'False until the first login with a code made from the secret that POST /enrolment showed';
COMMENT ON COLUMN staff.roles IS 'What the person may do';
COMMENT ON COLUMN staff.failed IS 'Wrong logins since the last good one';
COMMENT ON COLUMN staff.locked_until IS 'No login before this time';
COMMENT ON COLUMN staff.state IS 'closed: may not log in any more';
COMMENT ON COLUMN staff.epoch IS 'Grows when roles, password or state change: older sessions end';
COMMENT ON COLUMN staff.created_at IS 'Since when';

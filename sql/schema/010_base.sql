-- What everything else stands on: time, roles of the processes, and the rule of who changes what.

-- The hall's clock. In production the shift is always zero; a test moves it.
CREATE TABLE clock (
    one bool PRIMARY KEY DEFAULT true CHECK (one),
    shift interval NOT NULL DEFAULT '0'
);
COMMENT ON TABLE clock IS 'One row: how far the hall''s clock stands from the real one (sandbox only)';
COMMENT ON COLUMN clock.one IS 'Keeps the table at one row';
COMMENT ON COLUMN clock.shift IS 'Added to the real time by hall_now()';
INSERT INTO clock DEFAULT VALUES;

-- plpgsql keeps its plan; an SQL function with a subquery would be parsed at every call.
CREATE FUNCTION hall_now() RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS 'BEGIN RETURN now() + (SELECT shift FROM clock); END';

-- STABLE as what they call is: else PostgreSQL would not inline them but parse them at every call.
-- Seconds since 1970 for C, which knows time as int64_t.
CREATE FUNCTION epoch(timestamptz) RETURNS bigint LANGUAGE sql STABLE
    AS $$SELECT floor(date_part('epoch', $1))::bigint$$; -- extract() would compute in numeric

-- RFC 3339 in UTC, for JSON that a query builds.
CREATE FUNCTION iso(timestamptz) RETURNS text LANGUAGE sql STABLE
    AS $$SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')$$;

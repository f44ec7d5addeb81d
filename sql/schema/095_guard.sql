-- What the database itself refuses a process that says it is somebody else.

-- Whether this process can have said this: applicants speak of themselves and their own orders,
-- staff as people who have the role, the worker as the system; a move is written where it is made.
CREATE FUNCTION audit_may(stream_ text, role_ text, actor_ bigint, order_ bigint, move_ text, from_ text, to_ text)
    RETURNS bool LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    o record;
BEGIN
    IF pg_has_role(session_user, 'hall_owner', 'member') THEN
        RETURN true;
    END IF;
    SELECT order_no, account_id, state INTO o FROM orders WHERE id = order_;
    IF move_ IS NOT NULL AND (o.state IS DISTINCT FROM to_ OR NOT (
           from_ IS NULL AND move_ = 'T01' AND session_user = 'hall_web'
           OR EXISTS (SELECT FROM order_transition WHERE move = move_ AND from_state = from_ AND to_state = to_ AND session_user = ANY (roles)))) THEN
        RETURN false;
    END IF;
    IF move_ IS NOT NULL OR stream_ LIKE 'orders/%' THEN
        IF stream_ IS DISTINCT FROM 'orders/' || o.order_no THEN
            RETURN false;
        END IF;
    END IF;
    IF session_user = 'hall_web' AND role_ = 'applicant' THEN
        RETURN CASE WHEN order_ IS NULL THEN stream_ = 'accounts/' || actor_ ELSE o.account_id = actor_ AND stream_ LIKE 'orders/%' END;
    ELSIF session_user = 'hall_web' AND role_ = 'phone' THEN
        RETURN stream_ LIKE 'orders/%' AND EXISTS (SELECT FROM identity_check WHERE id = actor_ AND order_id = order_);
    ELSIF session_user = 'hall_staff' THEN
        RETURN (stream_ LIKE 'orders/%' OR stream_ = 'staff/' || actor_)
           AND EXISTS (SELECT FROM staff WHERE id = actor_ AND (role_ = ANY (roles) OR role_ = 'staff' AND move_ IS NULL));
    END IF;
    RETURN session_user = 'hall_worker' AND role_ IN ('system', 'provider') AND actor_ = 0 AND stream_ LIKE 'orders/%';
END
$$;

CREATE FUNCTION audit_add(stream_ text, role_ text, actor_ bigint, ip_ text, trace_ text, action_ text,
    order_ bigint, move_ text, from_ text, to_ text, detail_ jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    e audit_event;
BEGIN
    IF audit_may(stream_, role_, actor_, order_, move_, from_, to_) IS NOT TRUE THEN
        RAISE EXCEPTION 'audit_may: % may not write % % of % into %', session_user, role_, actor_, action_, stream_ USING ERRCODE = '42501';
    END IF;
    LOOP
        SELECT seq + 1, hash INTO e.seq, e.prev_hash FROM audit_stream WHERE stream = stream_ FOR UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO audit_stream VALUES (stream_, 0, '\x') ON CONFLICT (stream) DO NOTHING;
    END LOOP;
    e.stream := stream_; e.at := date_trunc('microseconds', clock_timestamp() + (SELECT shift FROM clock));
    e.actor_role := role_; e.actor_id := actor_; e.ip := coalesce(ip_, ''); e.trace := coalesce(trace_, '');
    e.action := action_; e.order_id := order_; e.move := move_; e.from_state := from_; e.to_state := to_;
    e.detail := coalesce(detail_, '{}');
    e.hash := sha256(e.prev_hash || convert_to(audit_text(e), 'UTF8'));
    INSERT INTO audit_event SELECT e.*;
    UPDATE audit_stream SET seq = e.seq, hash = e.hash WHERE stream = stream_;
    RETURN e.seq;
END
$$;

-- A favourable verdict is given at the desk; everybody else can only take it away.
CREATE FUNCTION orders_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'orders_verdict: % gives no verdict', session_user USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER orders_verdict BEFORE UPDATE OF review_passed_sha256 ON orders FOR EACH ROW
    WHEN (session_user IN ('hall_web', 'hall_worker') AND NEW.review_passed_sha256 IS NOT NULL
          AND NEW.review_passed_sha256 IS DISTINCT FROM OLD.review_passed_sha256) EXECUTE FUNCTION orders_verdict();

-- What the phone sends is judged by others: the pool that takes it in cannot say that it is good.
CREATE FUNCTION identity_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('passed', 'failed') AND (TG_OP = 'INSERT' OR NEW.state <> OLD.state)
       OR NEW.front_state <> 'checking' AND (TG_OP = 'INSERT' OR NEW.front_state IS DISTINCT FROM OLD.front_state)
       OR NEW.back_state <> 'checking' AND (TG_OP = 'INSERT' OR NEW.back_state IS DISTINCT FROM OLD.back_state)
       OR NEW.liveness_state <> 'checking' AND (TG_OP = 'INSERT' OR NEW.liveness_state IS DISTINCT FROM OLD.liveness_state) THEN
        RAISE EXCEPTION 'identity_verdict: % judges no check', session_user USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER identity_verdict BEFORE INSERT OR UPDATE ON identity_check FOR EACH ROW
    WHEN (session_user = 'hall_web') EXECUTE FUNCTION identity_verdict();

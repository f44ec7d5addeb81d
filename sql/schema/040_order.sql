-- The order, its life, its form and its papers.
CREATE TABLE order_state (
    code text PRIMARY KEY,
    label_zh text NOT NULL,
    label_en text NOT NULL,
    is_open bool NOT NULL
);
COMMENT ON TABLE order_state IS 'From domain/order.def, written by hall-ctl migrate';
COMMENT ON COLUMN order_state.is_open IS 'Counts for the rule of one open order per subject and project';

CREATE TABLE order_transition (
    move text NOT NULL,
    from_state text NOT NULL REFERENCES order_state,
    to_state text NOT NULL REFERENCES order_state,
    roles text[] NOT NULL,
    PRIMARY KEY (move, from_state, to_state)
);
COMMENT ON TABLE order_transition IS 'The legal moves, from domain/order.def';
COMMENT ON COLUMN order_transition.move IS 'T02 to T51a';
COMMENT ON COLUMN order_transition.roles IS 'Database roles whose process may make the move';

CREATE SEQUENCE order_number MAXVALUE 99999999 CYCLE;

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_no text NOT NULL UNIQUE,
    account_id bigint NOT NULL REFERENCES account,
    project text NOT NULL REFERENCES project,
    certificate_type text NOT NULL,
    years int NOT NULL CHECK (years BETWEEN 1 AND 10),
    state text NOT NULL DEFAULT 'draft' REFERENCES order_state,
    is_open bool NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    form_version bigint NOT NULL DEFAULT 0,
    form jsonb COMPRESSION lz4 NOT NULL DEFAULT '{}',
    form_secret bytea,
    incomplete jsonb COMPRESSION lz4,
    warnings jsonb,
    warnings_day int,
    subject_key bytea,
    person_key bytea,
    subject_name text,
    revision_no int NOT NULL DEFAULT 0,
    content_sha256 bytea,
    certificate_fen bigint,
    courier_fen bigint,
    courier_payer text,
    tariff_id bigint REFERENCES courier_tariff,
    pin_channel text CHECK (pin_channel IN ('memo', 'sms')),
    returned_times int NOT NULL DEFAULT 0,
    review_passed_sha256 bytea,
    second_review bool NOT NULL DEFAULT false,
    lease_staff bigint REFERENCES staff,
    lease_until timestamptz,
    fence bigint NOT NULL DEFAULT 0,
    rejection jsonb,
    close_reason text,
    reissue_no int NOT NULL DEFAULT 0,
    submitted_at timestamptz,
    sla_due timestamptz,
    sla_left_s bigint,
    state_since timestamptz NOT NULL DEFAULT hall_now(),
    deadline_at timestamptz,
    reminded int NOT NULL DEFAULT 0,
    below text COMPRESSION lz4 NOT NULL DEFAULT '{"refunds": [], "detail_zh": [], "detail_en": []}',
    payment_pending bool NOT NULL DEFAULT false,
    money_in bool NOT NULL DEFAULT false,
    has_certificate bool NOT NULL DEFAULT false,
    manual_requested bool NOT NULL DEFAULT false,
    identity_key bytea,
    identity_until timestamptz,
    create_key text,
    created_at timestamptz NOT NULL DEFAULT hall_now(),
    updated_at timestamptz NOT NULL DEFAULT hall_now(),
    FOREIGN KEY (project, certificate_type) REFERENCES project_type (project, certificate_type),
    UNIQUE (account_id, create_key)
) WITH (fillfactor = 70, toast_tuple_target = 4080); -- a draft is saved often: in its page, and touching no index
COMMENT ON TABLE orders IS 'One application for one certificate';
COMMENT ON COLUMN orders.order_no IS 'yyyyMMdd, 8-digit sequence, Luhn digit';
COMMENT ON COLUMN orders.is_open IS 'Kept by the trigger from order_state.is_open';
COMMENT ON COLUMN orders.version IS 'Grows with every change of the order or of anything below it; the ETag';
COMMENT ON COLUMN orders.form_version IS 'Grows with every save of the form; what If-Match protects';
COMMENT ON COLUMN orders.form IS 'The form in the shape of the API, without the P3 members';
COMMENT ON COLUMN orders.form_secret IS 'The whole form, canonical JSON, sealed (PERSONAL, orders/ORDER_NO/form)';
COMMENT ON COLUMN orders.incomplete IS 'JSON pointers of what a saved draft still lacks; NULL before the first save';
COMMENT ON COLUMN orders.warnings IS 'Pointers and codes of what somebody should look at in the form, as of warnings_day';
COMMENT ON COLUMN orders.warnings_day IS 'Days since 1970-01-01 in China: some warnings are about dates';
COMMENT ON COLUMN orders.subject_key IS 'Keyed hash of USCC or ID number from the first confirmation on; one open order per project';
COMMENT ON COLUMN orders.person_key IS 'Keyed hash of name, ID number and mobile of the handler or applicant: what an identity check is about';
COMMENT ON COLUMN orders.subject_name IS 'Organisation or person, for lists and search';
COMMENT ON COLUMN orders.revision_no IS 'The confirmed revision in force, 0 before the first';
COMMENT ON COLUMN orders.content_sha256 IS 'Hash of form, documents and identity result when last handed to review; the verdict''s subject';
COMMENT ON COLUMN orders.certificate_fen IS 'Quote, frozen at confirmation';
COMMENT ON COLUMN orders.courier_fen IS 'Quote, frozen at confirmation; 0 where the recipient pays';
COMMENT ON COLUMN orders.pin_channel IS 'memo after an online payment, sms after a bank transfer';
COMMENT ON COLUMN orders.returned_times IS 'How often review returned it';
COMMENT ON COLUMN orders.review_passed_sha256 IS 'content_sha256 of the complete favourable verdict, NULL while there is none';
COMMENT ON COLUMN orders.second_review IS 'The policy asks for a second pair of eyes';
COMMENT ON COLUMN orders.lease_staff IS 'Who reviews it now';
COMMENT ON COLUMN orders.lease_until IS 'Until when, unless renewed';
COMMENT ON COLUMN orders.fence IS 'Grows with each lease: a lost lease cannot write';
COMMENT ON COLUMN orders.rejection IS '{"reasons": [...], "at": ...} of the last return; NULL once resubmitted';
COMMENT ON COLUMN orders.close_reason IS 'Why cancelled, denied or expired';
COMMENT ON COLUMN orders.reissue_no IS 'Grows when a lost certificate is made again';
COMMENT ON COLUMN orders.submitted_at IS 'First hand-over to review; the queue''s order';
COMMENT ON COLUMN orders.sla_due IS 'Promise: decision by then; NULL while the clock stands';
COMMENT ON COLUMN orders.sla_left_s IS 'Working seconds left while the clock stands';
COMMENT ON COLUMN orders.state_since IS 'Time of the last move to another state';
COMMENT ON COLUMN orders.deadline_at IS 'When the state lapses by itself, NULL where it does not';
COMMENT ON COLUMN orders.reminded IS 'Reminders sent in this state';
COMMENT ON COLUMN orders.below IS 'What hangs below the order, as its owner sees it, a JSON object; like the columns that follow kept by order_sum_up(), see 080_below.sql';
COMMENT ON COLUMN orders.payment_pending IS 'An online payment is open, or not known to be closed';
COMMENT ON COLUMN orders.money_in IS 'The order is paid';
COMMENT ON COLUMN orders.has_certificate IS 'One that is not revoked';
COMMENT ON COLUMN orders.manual_requested IS 'The applicant asked for an identity check without face';
COMMENT ON COLUMN orders.identity_key IS 'person_key of who passed the identity check, NULL where nobody did';
COMMENT ON COLUMN orders.identity_until IS 'How long that holds';
COMMENT ON COLUMN orders.create_key IS 'Idempotency-Key of the creation';
CREATE UNIQUE INDEX orders_one_open ON orders (project, subject_key) WHERE is_open AND subject_key IS NOT NULL;
CREATE INDEX orders_of_account ON orders (account_id, id DESC);
CREATE INDEX orders_queue ON orders (submitted_at, id) WHERE state IN ('pending_review', 'pending_second_review');
CREATE INDEX orders_by_state ON orders (state, id DESC);
CREATE INDEX orders_due ON orders (deadline_at) WHERE deadline_at IS NOT NULL;
CREATE INDEX orders_by_subject ON orders (subject_key) WHERE subject_key IS NOT NULL;
CREATE INDEX orders_by_person ON orders (person_key) WHERE person_key IS NOT NULL;
CREATE SCHEMA extension;
CREATE EXTENSION pg_trgm SCHEMA extension;
CREATE INDEX orders_by_name ON orders USING gin (subject_name extension.gin_trgm_ops);
CREATE INDEX orders_leases ON orders (lease_until) WHERE lease_until IS NOT NULL;

-- The trail: every state change, every act of staff, every login. One chain per stream.
CREATE TABLE audit_stream (
    stream text PRIMARY KEY,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    anchored bigint NOT NULL DEFAULT 0
);
CREATE INDEX audit_stream_moved ON audit_stream (stream) WHERE seq > anchored;
COMMENT ON TABLE audit_stream IS 'Head of each chain: orders/NO, accounts/ID, staff/ID, system';
COMMENT ON COLUMN audit_stream.anchored IS 'Last seq that a checkpoint holds';

CREATE TABLE audit_event (
    stream text NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    actor_role text NOT NULL,
    actor_id bigint NOT NULL,
    ip text NOT NULL,
    trace text NOT NULL,
    action text NOT NULL,
    order_id bigint REFERENCES orders,
    move text,
    from_state text,
    to_state text,
    detail jsonb NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (stream, seq),
    -- A move the domain does not know cannot be written, by whichever program.
    FOREIGN KEY (move, from_state, to_state) REFERENCES order_transition (move, from_state, to_state)
);
COMMENT ON TABLE audit_event IS 'Append only; hash = SHA-256(prev_hash || audit_text(row))';
COMMENT ON COLUMN audit_event.stream IS 'Which chain';
COMMENT ON COLUMN audit_event.seq IS '1, 2, 3 … without gaps within the stream';
COMMENT ON COLUMN audit_event.trace IS 'Request or job';
COMMENT ON COLUMN audit_event.action IS 'The move (T03) or what was done (login, reveal, …)';
COMMENT ON COLUMN audit_event.detail IS 'Facts without personal data';
CREATE INDEX audit_of_order ON audit_event (order_id, at, seq) WHERE order_id IS NOT NULL;
CREATE INDEX audit_by_time ON audit_event (at DESC, stream, seq);

CREATE FUNCTION audit_text(e audit_event) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(E'\x1f', e.stream, e.seq, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor_role,
        e.actor_id, e.ip, e.trace, e.action, coalesce(e.order_id::text, '-'), coalesce(e.move, '-'),
        coalesce(e.from_state, '-'), coalesce(e.to_state, '-'), e.detail::text)
$$;

CREATE TABLE audit_checkpoint (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT hall_now(),
    heads jsonb NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL
);
COMMENT ON TABLE audit_checkpoint IS 'Heads that moved since the last checkpoint: a chain cut at its end is seen';
COMMENT ON COLUMN audit_checkpoint.heads IS '{stream: [seq, hash in hex]}';

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = '23514';
END
$$;
CREATE TRIGGER audit_event_fixed BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER audit_checkpoint_fixed BEFORE UPDATE OR DELETE ON audit_checkpoint FOR EACH ROW EXECUTE FUNCTION refuse();

-- No process can make a move that is not in the table or not its own.
CREATE FUNCTION orders_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state IS DISTINCT FROM OLD.state THEN
        IF NOT EXISTS (SELECT FROM order_transition
                        WHERE from_state = OLD.state AND to_state = NEW.state
                          AND (session_user = ANY (roles) OR pg_has_role(session_user, 'hall_owner', 'member'))) THEN
            RAISE EXCEPTION 'order_transition: % may not move an order from % to %', session_user, OLD.state, NEW.state
                USING ERRCODE = '23514', CONSTRAINT = 'order_transition';
        END IF;
        NEW.state_since := hall_now();
        NEW.reminded := 0;
        NEW.is_open := (SELECT is_open FROM order_state WHERE code = NEW.state);
    END IF;
    NEW.version := OLD.version + 1;
    NEW.updated_at := hall_now();
    RETURN NEW;
END
$$;
CREATE TRIGGER orders_guard BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION orders_guard();

-- Whoever waits for an order hears of it when the transaction commits.
CREATE FUNCTION orders_announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('order_changed', NEW.order_no);
    RETURN NULL;
END
$$;
CREATE TRIGGER orders_announce AFTER UPDATE ON orders FOR EACH ROW
    WHEN (NEW.state <> 'draft' OR OLD.state <> 'draft') EXECUTE FUNCTION orders_announce();

-- A change below the order is a change of the order (080_below.sql).
CREATE FUNCTION order_touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM order_sum_up(NEW.order_id);
    RETURN NULL;
END
$$;

CREATE TABLE order_agreement (
    order_id bigint NOT NULL REFERENCES orders,
    agreement text NOT NULL,
    version text NOT NULL,
    lang text NOT NULL,
    sha256 bytea NOT NULL,
    accepted_at timestamptz NOT NULL DEFAULT hall_now(),
    ip text NOT NULL,
    PRIMARY KEY (order_id, agreement, version),
    FOREIGN KEY (agreement, version, lang) REFERENCES agreement (id, version, lang)
);
COMMENT ON TABLE order_agreement IS 'Which text was accepted, when and from where';

CREATE TABLE order_revision (
    order_id bigint NOT NULL REFERENCES orders,
    revision_no int NOT NULL,
    form jsonb NOT NULL,
    form_secret bytea NOT NULL,
    sha256 bytea NOT NULL,
    print_sha256 bytea NOT NULL,
    confirmed_at timestamptz NOT NULL DEFAULT hall_now(),
    PRIMARY KEY (order_id, revision_no)
);
COMMENT ON TABLE order_revision IS 'What was confirmed and printed; never changed';
COMMENT ON COLUMN order_revision.form_secret IS 'Sealed (PERSONAL, orders/ORDER_NO/form)';
COMMENT ON COLUMN order_revision.sha256 IS 'Over the canonical JSON of the whole form';
COMMENT ON COLUMN order_revision.print_sha256 IS 'Over what is printed; its head is in the QR code on paper';
CREATE TRIGGER order_revision_fixed BEFORE UPDATE OR DELETE ON order_revision FOR EACH ROW EXECUTE FUNCTION refuse();

CREATE TABLE document (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    kind text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size bigint NOT NULL CHECK (size > 0),
    content_type text NOT NULL,
    revision_no int NOT NULL,
    checks jsonb NOT NULL,
    blocking bool NOT NULL,
    bound_sha256 text CHECK (bound_sha256 ~ '^[0-9a-f]{32}$'),
    is_current bool NOT NULL DEFAULT true,
    uploaded_at timestamptz NOT NULL DEFAULT hall_now(),
    dropped_at timestamptz
);
COMMENT ON TABLE document IS 'An upload; the bytes are in the document store under their hash, sealed';
COMMENT ON COLUMN document.kind IS 'application_form, business_licence, seal_collection_form, payment_voucher';
COMMENT ON COLUMN document.sha256 IS 'Of the bytes as uploaded';
COMMENT ON COLUMN document.revision_no IS 'Revision of the form it was uploaded for';
COMMENT ON COLUMN document.checks IS '[{code, passed, detail_zh, detail_en}]';
COMMENT ON COLUMN document.blocking IS 'A check that must pass before the documents can be confirmed did not';
COMMENT ON COLUMN document.bound_sha256 IS 'First 32 hex digits of a hash over the members of the form that stand on this paper: it is made anew when they change. Of an application form what its QR code says, else what was in force';
COMMENT ON COLUMN document.dropped_at IS 'The bytes were deleted then: the order closed without a certificate';
COMMENT ON COLUMN document.is_current IS 'False once replaced or removed';
CREATE UNIQUE INDEX document_one_current ON document (order_id, kind) WHERE is_current;
CREATE INDEX document_of_order ON document (order_id);
CREATE INDEX document_by_hash ON document (sha256);
CREATE TRIGGER document_touch AFTER INSERT OR UPDATE ON document FOR EACH ROW EXECUTE FUNCTION order_touch();

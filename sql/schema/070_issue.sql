-- From the favourable verdict to the parcel at the door.
CREATE TABLE review (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    stage int NOT NULL CHECK (stage IN (1, 2)),
    staff_id bigint NOT NULL REFERENCES staff,
    verdict text NOT NULL CHECK (verdict IN ('approved', 'returned', 'denied', 'denial_asked')),
    content_sha256 bytea NOT NULL,
    reasons jsonb NOT NULL DEFAULT '[]',
    note text NOT NULL DEFAULT '',
    is_void bool NOT NULL DEFAULT false,
    at timestamptz NOT NULL DEFAULT hall_now()
);
COMMENT ON TABLE review IS 'Verdicts; each names the content it is about';
COMMENT ON COLUMN review.stage IS '1 first pair of eyes, 2 second';
COMMENT ON COLUMN review.reasons IS '[{target, pointer, code, text}]';
COMMENT ON COLUMN review.is_void IS 'An edit or a return ended it';
CREATE INDEX review_of_order ON review (order_id);
CREATE INDEX review_by_staff ON review (staff_id, at);

CREATE TABLE pin (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    channel text NOT NULL CHECK (channel IN ('memo', 'sms')),
    state text NOT NULL DEFAULT 'made' CHECK (state IN ('made', 'sent', 'burned', 'wiped')),
    sealed bytea,
    made_at timestamptz NOT NULL DEFAULT hall_now(),
    ended_at timestamptz,
    CHECK ((sealed IS NULL) = (state IN ('burned', 'wiped')))
);
COMMENT ON TABLE pin IS 'PINs under a key that only the worker has; nobody''s eyes';
COMMENT ON COLUMN pin.sealed IS 'Sealed (PIN, pins/ORDER_NO); NULL once burned or wiped';
CREATE UNIQUE INDEX pin_one_live ON pin (order_id) WHERE state IN ('made', 'sent');

CREATE TABLE bank_verification (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    attempt int NOT NULL,
    reference text NOT NULL UNIQUE,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'unknown', 'ok', 'failed')),
    reason text,
    account_sealed bytea NOT NULL,
    account_tail text NOT NULL,
    pin_id bigint REFERENCES pin,
    submitted_at timestamptz,
    finished_at timestamptz,
    bank_serial text,
    kind text NOT NULL DEFAULT 'transfer' CHECK (kind IN ('transfer', 'manual')),
    manual_result text CHECK (manual_result IN ('ok', 'failed')),
    manual_note text,
    first_staff bigint REFERENCES staff,
    second_staff bigint REFERENCES staff,
    is_void bool NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT hall_now(),
    UNIQUE (order_id, attempt),
    CHECK (second_staff IS NULL OR second_staff <> first_staff)
);
COMMENT ON TABLE bank_verification IS '金融认证: one transfer of 0.01 yuan';
COMMENT ON COLUMN bank_verification.is_void IS 'The account was changed since: a success no longer counts';
COMMENT ON COLUMN bank_verification.reference IS 'Our number at the bank; the same on every retry';
COMMENT ON COLUMN bank_verification.state IS 'sent is written before the call; unknown is only queried';
COMMENT ON COLUMN bank_verification.reason IS 'Code of domain/reason.def for the bank: account_name_mismatch, account_not_found, …';
COMMENT ON COLUMN bank_verification.account_sealed IS 'JSON {account_name, bank_code, account_number}, sealed (PERSONAL, bank_verifications/REFERENCE)';
COMMENT ON COLUMN bank_verification.account_tail IS 'Last four digits, for texts';
COMMENT ON COLUMN bank_verification.submitted_at IS 'When it was sent last; how long "not found" says nothing';
COMMENT ON COLUMN bank_verification.manual_result IS 'What first_staff says it came to; counts once second_staff agrees';
COMMENT ON COLUMN bank_verification.manual_note IS 'What first_staff saw';
CREATE UNIQUE INDEX bank_verification_one_open ON bank_verification (order_id) WHERE state IN ('queued', 'sent', 'unknown');
CREATE INDEX bank_verification_open ON bank_verification (state, id) WHERE state IN ('queued', 'sent', 'unknown');
CREATE TRIGGER bank_verification_touch AFTER INSERT OR UPDATE ON bank_verification FOR EACH ROW EXECUTE FUNCTION order_touch();

CREATE TABLE setting (
    name text PRIMARY KEY,
    value text NOT NULL,
    changed_by bigint REFERENCES staff,
    changed_at timestamptz NOT NULL DEFAULT hall_now()
);
COMMENT ON TABLE setting IS 'Switches that staff turn: issuance on|off';
INSERT INTO setting (name, value) VALUES ('issuance', 'on');

-- What one member of staff asks and another one grants.
CREATE TABLE proposal (
    order_id bigint NOT NULL REFERENCES orders,
    act text NOT NULL CHECK (act IN ('revocation', 'reissue', 'issuance_refusal')),
    asked_by bigint NOT NULL REFERENCES staff,
    reason text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT hall_now(),
    PRIMARY KEY (order_id, act)
);
COMMENT ON TABLE proposal IS 'Acts that wait for a second person; gone once granted, the trail has both';
COMMENT ON COLUMN proposal.reason IS 'Code or words; granting names the same';

CREATE TABLE issuance (
    order_id bigint NOT NULL REFERENCES orders,
    reissue_no int NOT NULL,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'prepared', 'signed', 'failed', 'closed')),
    attempts int NOT NULL DEFAULT 0,
    failure text,
    changed_at timestamptz NOT NULL DEFAULT hall_now(),
    PRIMARY KEY (order_id, reissue_no)
);
COMMENT ON TABLE issuance IS 'The making of one certificate; the worker''s job row leads it';
COMMENT ON COLUMN issuance.attempts IS 'Tries begun since it was queued';
COMMENT ON COLUMN issuance.failure IS 'Code and words of why it stopped; for staff';

CREATE TABLE cert_intent (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    reissue_no int NOT NULL,
    issuer text NOT NULL CHECK (issuer IN ('sm2', 'p256')),
    serial bytea NOT NULL CHECK (octet_length(serial) = 16),
    content_sha256 bytea NOT NULL,
    tbs bytea NOT NULL,
    tbs_sha256 bytea NOT NULL GENERATED ALWAYS AS (sha256(tbs)) STORED,
    spki_sha256 bytea NOT NULL UNIQUE,
    key_sealed bytea,
    lint jsonb NOT NULL DEFAULT '[]',
    prepared_at timestamptz NOT NULL DEFAULT hall_now(),
    cert_der bytea,
    cert_sha256 bytea UNIQUE,
    container_sealed bytea,
    released_at timestamptz,
    void_reason text,
    UNIQUE (issuer, serial),
    CHECK ((cert_der IS NULL) = (released_at IS NULL)),
    CHECK (key_sealed IS NOT NULL OR released_at IS NOT NULL),
    CHECK (void_reason IS NULL OR cert_der IS NULL)
);
COMMENT ON TABLE cert_intent IS 'What is to be signed, committed before any signature exists; the certificate is released here and nowhere else';
COMMENT ON COLUMN cert_intent.tbs IS 'The exact TBSCertificate';
COMMENT ON COLUMN cert_intent.key_sealed IS 'The soft token''s key, sealed (TOKEN_KEY, intents/SERIAL); wiped once it is in the container';
COMMENT ON COLUMN cert_intent.container_sealed IS 'PKCS#12 under the PIN, sealed (PERSONAL, containers/SERIAL)';
CREATE UNIQUE INDEX cert_intent_one ON cert_intent (order_id, reissue_no) WHERE void_reason IS NULL;
CREATE FUNCTION cert_intent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.order_id <> OLD.order_id OR NEW.reissue_no <> OLD.reissue_no OR NEW.issuer <> OLD.issuer
       OR NEW.serial <> OLD.serial OR NEW.tbs <> OLD.tbs OR (OLD.cert_der IS NOT NULL AND NEW.cert_der IS DISTINCT FROM OLD.cert_der) THEN
        RAISE EXCEPTION 'cert_intent is written once' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER cert_intent_guard BEFORE UPDATE OR DELETE ON cert_intent FOR EACH ROW EXECUTE FUNCTION cert_intent_guard();

CREATE TABLE certificate (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    intent_id bigint NOT NULL UNIQUE REFERENCES cert_intent,
    reissue_no int NOT NULL,
    issuer text NOT NULL,
    serial bytea NOT NULL,
    subject text NOT NULL,
    not_before timestamptz NOT NULL,
    not_after timestamptz NOT NULL,
    chain_pem text NOT NULL,
    status text NOT NULL DEFAULT 'good' CHECK (status IN ('good', 'held', 'revoked')),
    revoked_at timestamptz,
    revocation_reason text,
    revocation_asked_by bigint REFERENCES staff,
    revocation_approved_by bigint REFERENCES staff,
    receipt jsonb,
    issued_at timestamptz NOT NULL DEFAULT hall_now(),
    UNIQUE (order_id, reissue_no),
    UNIQUE (issuer, serial),
    CHECK ((status = 'revoked') = (revoked_at IS NOT NULL)),
    CHECK (revocation_approved_by IS NULL OR revocation_approved_by <> revocation_asked_by)
);
COMMENT ON TABLE certificate IS 'Released certificates and their status';
COMMENT ON COLUMN certificate.chain_pem IS 'Certificate, issuing CA, root';
COMMENT ON COLUMN certificate.receipt IS 'The receipt that can be verified offline';
CREATE UNIQUE INDEX certificate_one_good ON certificate (order_id) WHERE status <> 'revoked';
CREATE INDEX certificate_revoked ON certificate (issuer) WHERE status <> 'good';
CREATE TRIGGER certificate_touch AFTER INSERT OR UPDATE ON certificate FOR EACH ROW EXECUTE FUNCTION order_touch();

CREATE TABLE crl (
    issuer text NOT NULL,
    number bigint NOT NULL,
    der bytea NOT NULL,
    this_update timestamptz NOT NULL,
    next_update timestamptz NOT NULL,
    entries int NOT NULL,
    published_at timestamptz,
    PRIMARY KEY (issuer, number)
);
COMMENT ON TABLE crl IS 'Certificate revocation lists as published';
COMMENT ON COLUMN crl.published_at IS 'When it was put where nginx serves it; NULL: signed, not there yet';

CREATE TABLE shipment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    carrier text NOT NULL,
    tracking_no text NOT NULL,
    token_serial text NOT NULL,
    state text NOT NULL DEFAULT 'labelled'
        CHECK (state IN ('labelled', 'picked', 'in_transit', 'out_for_delivery', 'signed', 'problem', 'returning', 'returned', 'lost')),
    exception_reason text,
    exception_note text,
    address_confirmed_at timestamptz,
    phone_tail text NOT NULL,
    fee_mode text NOT NULL CHECK (fee_mode IN ('sender', 'recipient')),
    is_current bool NOT NULL DEFAULT true,
    sent_at timestamptz NOT NULL DEFAULT hall_now(),
    signed_at timestamptz,
    tracked_at timestamptz,
    UNIQUE (carrier, tracking_no)
);
COMMENT ON TABLE shipment IS 'A parcel: waybill bound to token';
COMMENT ON COLUMN shipment.exception_reason IS 'Code of domain/reason.def for parcels';
COMMENT ON COLUMN shipment.exception_note IS 'In the words of the applicant or the mail room';
COMMENT ON COLUMN shipment.address_confirmed_at IS 'The applicant said where the parcel shall go instead';
COMMENT ON COLUMN shipment.phone_tail IS 'Last four digits of the recipient''s phone, asked by the courier''s query';
CREATE UNIQUE INDEX shipment_one_current ON shipment (order_id) WHERE is_current;
CREATE INDEX shipment_moving ON shipment (id) WHERE is_current AND state NOT IN ('signed', 'returned', 'lost');
CREATE TRIGGER shipment_touch AFTER INSERT OR UPDATE ON shipment FOR EACH ROW EXECUTE FUNCTION order_touch();

CREATE TABLE parcel_event (
    shipment_id bigint NOT NULL REFERENCES shipment,
    event_id text NOT NULL,
    at timestamptz NOT NULL,
    code text NOT NULL,
    place text NOT NULL,
    remark text NOT NULL,
    PRIMARY KEY (shipment_id, event_id)
);
COMMENT ON TABLE parcel_event IS 'Where the parcel has been';

CREATE TABLE sms (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint REFERENCES orders,
    notice text NOT NULL,
    phone_masked text NOT NULL,
    text_masked text NOT NULL,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'submitted', 'delivered', 'failed')),
    provider_id text,
    failure text,
    created_at timestamptz NOT NULL DEFAULT hall_now(),
    sent_at timestamptz
);
COMMENT ON TABLE sms IS 'What was said to whom; codes and PINs are masked here, the text itself waits sealed in its job';
CREATE INDEX sms_of_order ON sms (order_id) WHERE order_id IS NOT NULL;

-- The outbox and the worker's queue are one table.
CREATE TABLE job (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    key text NOT NULL UNIQUE,
    order_id bigint REFERENCES orders,
    payload jsonb NOT NULL DEFAULT '{}',
    secret bytea,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done', 'parked')),
    due_at timestamptz NOT NULL DEFAULT hall_now(),
    attempts int NOT NULL DEFAULT 0,
    lease_until timestamptz,
    fence bigint NOT NULL DEFAULT 0,
    failure text,
    created_at timestamptz NOT NULL DEFAULT hall_now(),
    done_at timestamptz,
    CHECK (state <> 'done' OR secret IS NULL)
);
COMMENT ON TABLE job IS 'Work for after the commit; `key` names the outside effect and never changes';
COMMENT ON COLUMN job.secret IS 'Sealed (SMS, jobs/KEY): what must not stand in the payload; wiped when done';
COMMENT ON COLUMN job.state IS 'parked: a person must look; queued with a lease: being done';
COMMENT ON COLUMN job.fence IS 'Grows with each claim: a slow worker cannot write its result';
CREATE INDEX job_due ON job (due_at) WHERE state = 'queued';
CREATE INDEX job_parked ON job (id) WHERE state = 'parked';
CREATE INDEX job_of_order ON job (order_id) WHERE order_id IS NOT NULL;
CREATE FUNCTION job_announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('job', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER job_announce AFTER INSERT ON job FOR EACH STATEMENT EXECUTE FUNCTION job_announce();

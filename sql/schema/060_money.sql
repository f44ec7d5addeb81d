-- Money: payments, refunds, our bank account's lines, and what providers told us.
CREATE TABLE payment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_id text NOT NULL UNIQUE,
    order_id bigint NOT NULL REFERENCES orders,
    attempt int NOT NULL,
    method text NOT NULL CHECK (method IN ('wechat_pay', 'alipay', 'bank_transfer')),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    state text NOT NULL
        CHECK (state IN ('preparing', 'pending', 'paid', 'closed', 'awaiting_confirmation', 'refused', 'refunding', 'refunded')),
    closing bool NOT NULL DEFAULT false,
    purpose text NOT NULL DEFAULT 'order' CHECK (purpose IN ('order', 'late', 'duplicate', 'mismatch')),
    out_trade_no text NOT NULL UNIQUE,
    code_url text,
    expires_at timestamptz,
    transaction_id text,
    received_fen bigint NOT NULL DEFAULT 0 CHECK (received_fen >= 0),
    paid_at timestamptz,
    payer_name text,
    typed_fen bigint CHECK (typed_fen > 0),
    transferred_on date,
    bank_reference text,
    voucher_sha256 text,
    decided_by bigint REFERENCES staff,
    decided_at timestamptz,
    decision_note text,
    refusal_reason text,
    compared_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT hall_now(),
    UNIQUE (order_id, attempt),
    CHECK (state NOT IN ('paid', 'refunding', 'refunded') OR received_fen > 0)
);
COMMENT ON TABLE payment IS 'One attempt to pay one order; committed before any provider hears of it';
COMMENT ON COLUMN payment.payment_id IS 'Opaque name outside';
COMMENT ON COLUMN payment.state IS 'preparing: no code yet; pending: code shown; awaiting_confirmation: voucher handed in';
COMMENT ON COLUMN payment.closing IS 'Given up by us, but the provider has not yet confirmed that nobody can pay it any more';
COMMENT ON COLUMN payment.purpose IS 'order: pays it; late, duplicate, mismatch: money that goes back';
COMMENT ON COLUMN payment.out_trade_no IS 'Order number and two digits; never changes';
COMMENT ON COLUMN payment.code_url IS 'What the QR code holds';
COMMENT ON COLUMN payment.transaction_id IS 'The provider''s';
COMMENT ON COLUMN payment.received_fen IS 'What really came in';
COMMENT ON COLUMN payment.payer_name IS 'As typed from the voucher';
COMMENT ON COLUMN payment.typed_fen IS 'As typed from the voucher';
COMMENT ON COLUMN payment.voucher_sha256 IS 'The uploaded voucher';
COMMENT ON COLUMN payment.refusal_reason IS 'Why finance or the provider refused it, for the applicant';
COMMENT ON COLUMN payment.compared_at IS 'When the provider was asked, after the day was over, whether it knows the same';
CREATE UNIQUE INDEX payment_one_online ON payment (order_id) WHERE state IN ('preparing', 'pending') AND method <> 'bank_transfer';
CREATE UNIQUE INDEX payment_one_paid ON payment (order_id) WHERE purpose = 'order' AND state IN ('paid', 'awaiting_confirmation');
CREATE UNIQUE INDEX payment_transaction ON payment (method, transaction_id) WHERE transaction_id IS NOT NULL;
CREATE INDEX payment_closing ON payment (order_id) WHERE closing;
CREATE INDEX payment_open ON payment (state, expires_at) WHERE state IN ('preparing', 'pending', 'awaiting_confirmation');
CREATE INDEX payment_uncompared ON payment (id) WHERE compared_at IS NULL;
CREATE INDEX payment_by_day ON payment (paid_at) WHERE paid_at IS NOT NULL;
CREATE TRIGGER payment_touch AFTER INSERT OR UPDATE ON payment FOR EACH ROW EXECUTE FUNCTION order_touch();

CREATE TABLE refund (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    refund_id text NOT NULL UNIQUE,
    payment_id bigint NOT NULL REFERENCES payment,
    order_id bigint NOT NULL REFERENCES orders,
    out_refund_no text NOT NULL UNIQUE,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    reason text NOT NULL,
    state text NOT NULL DEFAULT 'created'
        CHECK (state IN ('requested', 'created', 'submitted', 'unknown', 'succeeded', 'failed', 'withdrawn')),
    closes_order bool NOT NULL DEFAULT false,
    provider_refund_id text,
    failure text,
    account_sealed bytea,
    requested_by bigint REFERENCES staff,
    approved_by bigint REFERENCES staff,
    create_key text,
    submitted_at timestamptz,
    compared_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT hall_now(),
    finished_at timestamptz,
    CHECK (approved_by IS NULL OR approved_by <> requested_by)
);
COMMENT ON TABLE refund IS 'Money on its way back; out_refund_no never changes over retries';
COMMENT ON COLUMN refund.state IS 'requested: waits for a second person; created: to be sent; unknown: only queried';
COMMENT ON COLUMN refund.closes_order IS 'The order stands in refunding and follows this refund';
COMMENT ON COLUMN refund.submitted_at IS 'First time that somebody outside may have heard of it';
COMMENT ON COLUMN refund.compared_at IS 'As of payments';
COMMENT ON COLUMN refund.account_sealed IS 'For transfers: {account_name, bank_code, account_number}, sealed (PERSONAL, refunds/OUT_REFUND_NO)';
CREATE INDEX refund_of_payment ON refund (payment_id);
CREATE INDEX refund_of_order ON refund (order_id);
CREATE UNIQUE INDEX refund_create_key ON refund (payment_id, create_key) WHERE create_key IS NOT NULL;
CREATE INDEX refund_open ON refund (id) WHERE state IN ('requested', 'created', 'submitted', 'unknown');
CREATE INDEX refund_by_day ON refund (finished_at) WHERE finished_at IS NOT NULL;
CREATE TRIGGER refund_touch AFTER INSERT OR UPDATE ON refund FOR EACH ROW EXECUTE FUNCTION order_touch();

-- Never more back than came in.
CREATE FUNCTION refund_within_payment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    received bigint;
    back bigint;
BEGIN
    SELECT received_fen INTO received FROM payment WHERE id = NEW.payment_id FOR UPDATE;
    SELECT coalesce(sum(amount_fen), 0) INTO back FROM refund
     WHERE payment_id = NEW.payment_id AND id <> NEW.id AND state NOT IN ('failed', 'withdrawn');
    IF NEW.state NOT IN ('failed', 'withdrawn') AND back + NEW.amount_fen > received THEN
        RAISE EXCEPTION 'refund_within_payment' USING ERRCODE = '23514', CONSTRAINT = 'refund_within_payment';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER refund_within_payment BEFORE INSERT OR UPDATE OF amount_fen, state ON refund
    FOR EACH ROW EXECUTE FUNCTION refund_within_payment();

CREATE TABLE bank_line (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    serial text NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    payer_name text NOT NULL,
    payer_account_sealed bytea,
    memo text NOT NULL DEFAULT '',
    seen_at timestamptz NOT NULL DEFAULT hall_now()
);
COMMENT ON TABLE bank_line IS 'Credits on our own account, from the bank''s statement';
COMMENT ON COLUMN bank_line.serial IS 'The bank''s';
COMMENT ON COLUMN bank_line.payer_account_sealed IS 'Sealed (PERSONAL, bank_lines/SERIAL)';

-- Equal for names that differ only in width, case or spaces; brackets included.
CREATE FUNCTION plain_name(text) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$SELECT lower(regexp_replace(normalize($1, NFKC), '\s', '', 'g'))$$;

CREATE TABLE bank_match (
    line_id bigint NOT NULL REFERENCES bank_line,
    payment_id bigint NOT NULL REFERENCES payment,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    matched_by bigint NOT NULL REFERENCES staff,
    at timestamptz NOT NULL DEFAULT hall_now(),
    PRIMARY KEY (line_id, payment_id)
);
COMMENT ON TABLE bank_match IS 'Which line pays which order: many to many, never more than the line holds';
CREATE FUNCTION bank_match_within_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held bigint;
    used bigint;
BEGIN
    SELECT amount_fen INTO held FROM bank_line WHERE id = NEW.line_id FOR UPDATE;
    SELECT coalesce(sum(amount_fen), 0) INTO used FROM bank_match WHERE line_id = NEW.line_id;
    IF used + NEW.amount_fen > held THEN
        RAISE EXCEPTION 'bank_match_within_line' USING ERRCODE = '23514', CONSTRAINT = 'bank_match_within_line';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER bank_match_within_line BEFORE INSERT ON bank_match FOR EACH ROW EXECUTE FUNCTION bank_match_within_line();

-- What our ledger and the provider's still disagree about, found by asking one by one.
CREATE TABLE ledger_difference (
    kind text NOT NULL CHECK (kind IN ('payment', 'refund')),
    number text NOT NULL,
    day date NOT NULL,
    method text NOT NULL,
    order_id bigint NOT NULL REFERENCES orders,
    ours_fen bigint NOT NULL,
    theirs_fen bigint NOT NULL,
    found_at timestamptz NOT NULL DEFAULT hall_now(),
    cleared_at timestamptz,
    PRIMARY KEY (kind, number)
);
COMMENT ON TABLE ledger_difference IS 'What our ledger and a provider do not say alike; cleared when they do again';
COMMENT ON COLUMN ledger_difference.number IS 'out_trade_no or out_refund_no';
COMMENT ON COLUMN ledger_difference.day IS 'Civil day in China that the money belongs to';
CREATE INDEX ledger_open ON ledger_difference (day) WHERE cleared_at IS NULL;

CREATE TABLE callback_inbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider text NOT NULL,
    event_id text NOT NULL,
    event jsonb NOT NULL,
    received_at timestamptz NOT NULL DEFAULT hall_now(),
    applied_at timestamptz,
    verdict text,
    UNIQUE (provider, event_id)
);
COMMENT ON TABLE callback_inbox IS 'What providers told us, verified, before it is applied; a repeat is the same row';
COMMENT ON COLUMN callback_inbox.event IS 'The opened event: numbers, amounts, states; nothing personal';
COMMENT ON COLUMN callback_inbox.verdict IS 'What applying it did';
CREATE INDEX callback_open ON callback_inbox (id) WHERE applied_at IS NULL;

CREATE TABLE idempotency (
    scope text NOT NULL,
    key text NOT NULL,
    request_sha256 bytea NOT NULL,
    status int,
    reply_sealed bytea,
    created_at timestamptz NOT NULL DEFAULT hall_now(),
    PRIMARY KEY (scope, key)
);
COMMENT ON TABLE idempotency IS 'Answers by Idempotency-Key, kept for a day';
COMMENT ON COLUMN idempotency.scope IS 'Account or staff, method and path';
COMMENT ON COLUMN idempotency.status IS 'NULL while the first request is under way';
COMMENT ON COLUMN idempotency.reply_sealed IS 'ETag, line feed, body; sealed (PERSONAL, idempotency/KEY)';
CREATE INDEX ON idempotency (created_at);

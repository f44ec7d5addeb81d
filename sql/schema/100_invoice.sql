-- Electronic invoices: one blue one for an order, taken back by a red one where money goes back.
CREATE TABLE invoice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id text NOT NULL UNIQUE,
    order_id bigint NOT NULL REFERENCES orders,
    attempt int NOT NULL CHECK (attempt BETWEEN 1 AND 99),
    number text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('ordinary', 'special')),
    title text NOT NULL,
    buyer_sealed bytea NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    excluded_fen bigint NOT NULL CHECK (excluded_fen > 0),
    tax_fen bigint NOT NULL CHECK (tax_fen >= 0),
    state text NOT NULL CHECK (state IN
        ('by_hand', 'waiting', 'requested', 'issued', 'sent', 'failed', 'reversing', 'red_failed', 'red', 'void')),
    failure text,
    submitted_at timestamptz,
    invoice_number text,
    issued_at timestamptz,
    pdf_sha256 text,
    red_number text UNIQUE,
    red_tries int NOT NULL DEFAULT 0,
    red_submitted_at timestamptz,
    red_invoice_number text,
    red_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT hall_now(),
    UNIQUE (order_id, attempt),
    CHECK (amount_fen = excluded_fen + tax_fen),
    CHECK (state NOT IN ('issued', 'sent', 'reversing', 'red_failed', 'red') OR (invoice_number IS NOT NULL AND issued_at IS NOT NULL)),
    CHECK (state <> 'requested' OR submitted_at IS NOT NULL),
    CHECK (state <> 'reversing' OR red_number IS NOT NULL),
    CHECK (state <> 'red' OR (red_invoice_number IS NOT NULL AND red_at IS NOT NULL))
);
COMMENT ON TABLE invoice IS 'One attempt to issue the invoice of an order; committed before any provider hears of it';
COMMENT ON COLUMN invoice.invoice_id IS 'Opaque name outside';
COMMENT ON COLUMN invoice.attempt IS 'A corrected attempt is a new row with a new number';
COMMENT ON COLUMN invoice.number IS 'Order number, F and two digits; never changes over retries';
COMMENT ON COLUMN invoice.kind IS 'ordinary: 电子普通发票; special: VAT-deductible';
COMMENT ON COLUMN invoice.title IS 'Name of the buyer';
COMMENT ON COLUMN invoice.buyer_sealed IS '{title, tax_number, email, mobile, address_phone, bank_account, …}, sealed (PERSONAL, invoices/NUMBER)';
COMMENT ON COLUMN invoice.amount_fen IS 'With the tax: what was paid and kept';
COMMENT ON COLUMN invoice.excluded_fen IS 'Without the tax';
COMMENT ON COLUMN invoice.tax_fen IS 'The tax';
COMMENT ON COLUMN invoice.state IS 'See domain/invoice.def; void was never issued, or failed and was corrected by the next attempt';
COMMENT ON COLUMN invoice.failure IS 'Why it is not further, in the provider''s words';
COMMENT ON COLUMN invoice.submitted_at IS 'First time that somebody outside may have heard of the number';
COMMENT ON COLUMN invoice.invoice_number IS 'Twenty digits given by the tax platform, or what finance wrote down of one made elsewhere';
COMMENT ON COLUMN invoice.issued_at IS 'As the tax platform says';
COMMENT ON COLUMN invoice.pdf_sha256 IS 'The file, sealed among the documents';
COMMENT ON COLUMN invoice.red_number IS 'Order number, H and two digits: the red invoice that is being made';
COMMENT ON COLUMN invoice.red_tries IS 'How many numbers were used for red invoices of this one';
COMMENT ON COLUMN invoice.red_submitted_at IS 'First time that somebody outside may have heard of red_number';
COMMENT ON COLUMN invoice.red_invoice_number IS 'The tax platform''s number of the red one';
COMMENT ON COLUMN invoice.red_at IS 'When it was taken back';
CREATE UNIQUE INDEX invoice_one_live ON invoice (order_id) WHERE state NOT IN ('red', 'void');
CREATE INDEX invoice_open ON invoice (id) WHERE state NOT IN ('sent', 'red', 'void');

-- What the tax platform has said stays said.
CREATE FUNCTION invoice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'invoice_stays: an issued invoice is not changed' USING ERRCODE = '23514', CONSTRAINT = 'invoice_stays';
END
$$;
CREATE TRIGGER invoice_stays BEFORE UPDATE ON invoice FOR EACH ROW
    WHEN (NEW.number <> OLD.number OR NEW.order_id <> OLD.order_id OR NEW.amount_fen <> OLD.amount_fen
          OR OLD.invoice_number IS NOT NULL AND (NEW.invoice_number IS DISTINCT FROM OLD.invoice_number OR NEW.state IN ('waiting', 'requested', 'void'))
          OR OLD.state IN ('red', 'void') AND NEW.state <> OLD.state) EXECUTE FUNCTION invoice_stays();

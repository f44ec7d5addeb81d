-- What the staff desk asks of the database.

-- A token travels in one parcel at a time, whoever scans it twice.
CREATE UNIQUE INDEX shipment_token_live ON shipment (token_serial) WHERE is_current;

ALTER TABLE setting ADD COLUMN reason text;
COMMENT ON COLUMN setting.reason IS 'Why it was turned, in the words of whoever did';

ALTER TABLE project ADD COLUMN return_reasons text[];
COMMENT ON COLUMN project.return_reasons IS 'Codes of domain/reason.def that reviewers are offered; NULL: all of them';

-- Pages of the trail are cut by time, stream and number: total, however many happen at once.
CREATE INDEX audit_in_order ON audit_event (at, stream, seq);
DROP INDEX audit_by_time;
CREATE INDEX audit_by_actor ON audit_event (actor_id, at) WHERE actor_role NOT IN ('applicant', 'system', 'provider');
CREATE INDEX review_by_time ON review (at);
CREATE INDEX certificate_by_day ON certificate (issued_at);
CREATE INDEX orders_by_submission ON orders (submitted_at) WHERE submitted_at IS NOT NULL;

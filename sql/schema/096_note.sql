-- What staff tell each other about an order. The applicants' pool has no right to any of it.
CREATE TABLE order_note (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    staff_id bigint NOT NULL REFERENCES staff,
    text text NOT NULL CHECK (text <> ''),
    at timestamptz NOT NULL DEFAULT hall_now()
);
COMMENT ON TABLE order_note IS 'Notes of staff to their colleagues; never changed, never shown to the applicant';
COMMENT ON COLUMN order_note.id IS 'In the order in which they were written';
COMMENT ON COLUMN order_note.order_id IS 'The order that it is about';
COMMENT ON COLUMN order_note.staff_id IS 'Who wrote it';
COMMENT ON COLUMN order_note.text IS 'In their words, lines and all';
COMMENT ON COLUMN order_note.at IS 'When it was written';
CREATE INDEX order_note_of_order ON order_note (order_id, id);
CREATE TRIGGER order_note_fixed BEFORE UPDATE OR DELETE ON order_note FOR EACH ROW EXECUTE FUNCTION refuse();

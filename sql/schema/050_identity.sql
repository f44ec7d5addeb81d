-- The identity check on the phone.
CREATE TABLE identity_check (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    revision_no int NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'scanned', 'id_card_done', 'passed', 'failed', 'expired', 'manual_requested')),
    reason text,
    subject_key bytea NOT NULL,
    face_consent bool,
    consent_at timestamptz,
    expires_at timestamptz NOT NULL,
    front_state text CHECK (front_state IN ('checking', 'accepted', 'refused')),
    front_reason text,
    front_sha256 text,
    front_sealed bytea,
    back_state text CHECK (back_state IN ('checking', 'accepted', 'refused')),
    back_reason text,
    back_sha256 text,
    back_sealed bytea,
    phone_match text CHECK (phone_match IN ('checking', 'match', 'mismatch', 'unknown')),
    challenge_id text UNIQUE,
    challenge_actions text[],
    challenge_expires_at timestamptz,
    liveness_state text CHECK (liveness_state IN ('waiting', 'checking', 'passed', 'failed')),
    liveness_reason text,
    attempts_left int NOT NULL DEFAULT 3 CHECK (attempts_left >= 0),
    video_sha256 text,
    score int,
    provider_request text,
    kind text NOT NULL DEFAULT 'face' CHECK (kind IN ('face', 'manual')),
    manual_result text CHECK (manual_result IN ('passed', 'failed')),
    manual_note text,
    first_staff bigint REFERENCES staff,
    second_staff bigint REFERENCES staff,
    is_current bool NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT hall_now(),
    decided_at timestamptz,
    CHECK (second_staff IS NULL OR second_staff <> first_staff)
);
COMMENT ON TABLE identity_check IS 'One try to prove who the handler or applicant is';
COMMENT ON COLUMN identity_check.revision_no IS 'Revision of the form it is bound to';
COMMENT ON COLUMN identity_check.reason IS 'Code of why it failed';
COMMENT ON COLUMN identity_check.subject_key IS 'Keyed hash of name, ID number and mobile: still holds for a later revision with the same';
COMMENT ON COLUMN identity_check.face_consent IS 'False: the way without a face was chosen';
COMMENT ON COLUMN identity_check.front_sealed IS 'What was recognised, JSON, sealed (PERSONAL, identity/ID/front)';
COMMENT ON COLUMN identity_check.back_sealed IS 'What was recognised, JSON, sealed (PERSONAL, identity/ID/back)';
COMMENT ON COLUMN identity_check.front_sha256 IS 'Photograph in the document store';
COMMENT ON COLUMN identity_check.phone_match IS 'Telecom three-factor result; unknown does not refuse anybody';
COMMENT ON COLUMN identity_check.score IS 'Of the provider, 0 to 100';
COMMENT ON COLUMN identity_check.challenge_id IS 'The video asked for; good for one upload';
COMMENT ON COLUMN identity_check.video_sha256 IS 'Deleted from the document store within a day; the hash stays';
COMMENT ON COLUMN identity_check.manual_result IS 'What the first of two members of staff found';
COMMENT ON COLUMN identity_check.is_current IS 'False once a later try replaced it';
CREATE UNIQUE INDEX identity_one_current ON identity_check (order_id) WHERE is_current;
CREATE INDEX identity_of_order ON identity_check (order_id);
CREATE INDEX identity_by_subject ON identity_check (subject_key, created_at);
CREATE INDEX identity_manual ON identity_check (id) WHERE is_current AND state = 'manual_requested';
CREATE INDEX identity_video ON identity_check (video_sha256) WHERE video_sha256 IS NOT NULL;
CREATE TRIGGER identity_touch AFTER INSERT OR UPDATE ON identity_check FOR EACH ROW EXECUTE FUNCTION order_touch();

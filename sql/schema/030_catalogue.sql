-- What one can apply for, and the tables that forms choose from. Rows come from sql/seed.
CREATE TABLE region (
    code text PRIMARY KEY CHECK (code ~ '^[0-9]{6}$'),
    name text NOT NULL,
    level int NOT NULL CHECK (level BETWEEN 1 AND 3),
    parent text REFERENCES region,
    is_leaf bool NOT NULL DEFAULT true
);
COMMENT ON TABLE region IS 'GB/T 2260: provinces, cities, districts';
COMMENT ON COLUMN region.code IS 'Six digits';
COMMENT ON COLUMN region.name IS 'Chinese name';
COMMENT ON COLUMN region.level IS '1 province, 2 city, 3 district';
COMMENT ON COLUMN region.parent IS 'The region it belongs to';
COMMENT ON COLUMN region.is_leaf IS 'Can stand in an address: a district, or a city that has none (441900)';
CREATE INDEX ON region (parent);
-- Whoever gets a child is no leaf; loading in the order of the codes or not makes no difference.
CREATE FUNCTION region_leaf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE region SET is_leaf = NOT EXISTS (SELECT FROM region c WHERE c.parent = region.code)
     WHERE code = NEW.parent;
    RETURN NULL;
END
$$;
CREATE TRIGGER region_leaf AFTER INSERT ON region FOR EACH ROW EXECUTE FUNCTION region_leaf();

CREATE TABLE bank_branch (
    code text PRIMARY KEY CHECK (code ~ '^[0-9]{12}$'),
    name text NOT NULL,
    bank text NOT NULL,
    region text
);
COMMENT ON TABLE bank_branch IS 'Bank branches by interbank number (CNAPS)';
COMMENT ON COLUMN bank_branch.code IS '12 digits, 联行号';
COMMENT ON COLUMN bank_branch.name IS 'Full name of the branch';
COMMENT ON COLUMN bank_branch.bank IS 'Name of the bank';
COMMENT ON COLUMN bank_branch.region IS 'Province or city, GB/T 2260, where known';

CREATE TABLE holiday (
    day date PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('holiday', 'workday')),
    name text NOT NULL
);
COMMENT ON TABLE holiday IS 'Days that differ from the week: statutory holidays and make-up working days';
COMMENT ON COLUMN holiday.kind IS 'holiday: no work though a weekday; workday: work though a weekend';
COMMENT ON COLUMN holiday.name IS 'Name of the holiday';

CREATE TABLE courier_tariff (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    province text NOT NULL CHECK (province ~ '^[0-9]{2}$'),
    fee_fen bigint NOT NULL CHECK (fee_fen >= 0),
    valid_from date NOT NULL,
    valid_to date,
    UNIQUE (province, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
);
COMMENT ON TABLE courier_tariff IS 'Courier fee by destination; dated, never edited: an order keeps the row it was quoted from';
COMMENT ON COLUMN courier_tariff.province IS 'First two digits of GB/T 2260';
COMMENT ON COLUMN courier_tariff.fee_fen IS 'Fee in fen where the sender pays';
COMMENT ON COLUMN courier_tariff.valid_from IS 'First day';
COMMENT ON COLUMN courier_tariff.valid_to IS 'First day on which it no longer holds, NULL while it does';

CREATE TABLE agreement (
    id text NOT NULL,
    version text NOT NULL,
    lang text NOT NULL CHECK (lang IN ('zh-CN', 'en')),
    title text NOT NULL,
    body text NOT NULL,
    sha256 bytea NOT NULL,
    PRIMARY KEY (id, version, lang)
);
COMMENT ON TABLE agreement IS 'Texts that applicants accept; a version is never edited';
COMMENT ON COLUMN agreement.id IS 'service, privacy, information, face';
COMMENT ON COLUMN agreement.version IS 'Such as 2026-11';
COMMENT ON COLUMN agreement.body IS 'Markdown';
COMMENT ON COLUMN agreement.sha256 IS 'Hash of the text shown, kept with each acceptance';

CREATE TABLE project (
    code text PRIMARY KEY CHECK (code ~ '^[a-z0-9-]{2,40}$'),
    position int NOT NULL DEFAULT 100,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    active bool NOT NULL DEFAULT true,
    supplier_url text,
    courier_payer text NOT NULL CHECK (courier_payer IN ('sender', 'recipient')),
    agreements text[] NOT NULL,
    agreement_version text NOT NULL,
    second_review jsonb NOT NULL DEFAULT '{}',
    version int NOT NULL DEFAULT 1
);
COMMENT ON TABLE project IS 'Applications (业务应用) one can apply for';
COMMENT ON COLUMN project.position IS 'Order in the list';
COMMENT ON COLUMN project.supplier_url IS 'Where the supplier must be registered first';
COMMENT ON COLUMN project.courier_payer IS 'sender: 寄付, in the order''s total; recipient: 到付, fee 0';
COMMENT ON COLUMN project.agreements IS 'Ids of the agreements to be accepted, all of them';
COMMENT ON COLUMN project.agreement_version IS 'Their version in force';
COMMENT ON COLUMN project.second_review IS '{"certificate_types": [...], "returned_at_least": 2, "manual_identity": true, "random_percent": 10}';
COMMENT ON COLUMN project.version IS 'Grows with every change by staff';

CREATE TABLE project_type (
    project text NOT NULL REFERENCES project,
    certificate_type text NOT NULL CHECK (certificate_type IN ('organisation', 'natural_person')),
    fee_per_year_fen bigint NOT NULL CHECK (fee_per_year_fen > 0),
    years int[] NOT NULL,
    algorithm text NOT NULL CHECK (algorithm IN ('sm2', 'p256')),
    documents text[] NOT NULL,
    PRIMARY KEY (project, certificate_type)
);
COMMENT ON TABLE project_type IS 'The certificate types of a project';
COMMENT ON COLUMN project_type.fee_per_year_fen IS 'Certificate fee for one year, fen';
COMMENT ON COLUMN project_type.years IS 'Terms on offer';
COMMENT ON COLUMN project_type.algorithm IS 'Which issuing CA signs';
COMMENT ON COLUMN project_type.documents IS 'Kinds that must be uploaded';

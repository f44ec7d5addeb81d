-- Which of these files the database has seen; hall-ctl migrate keeps it.
CREATE TABLE schema_version (
    name text PRIMARY KEY,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE schema_version IS 'One row for each file of sql/schema, written in the transaction that ran it';
COMMENT ON COLUMN schema_version.name IS 'File name, such as 010_base.sql';
COMMENT ON COLUMN schema_version.sha256 IS 'Hash of the file then: one that was merged is never edited';
COMMENT ON COLUMN schema_version.applied_at IS 'The real time, whatever the hall''s clock says';

-- Of two who tell where a parcel is, the later one is right.
ALTER TABLE shipment ADD COLUMN state_at timestamptz;
COMMENT ON COLUMN shipment.state_at IS 'When the parcel came into its state: by the courier''s event, or when somebody said so; NULL before the first news';

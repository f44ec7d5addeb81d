-- Staff find an order by whatever number they hold in their hands.
CREATE INDEX shipment_by_waybill ON shipment (tracking_no);
CREATE INDEX shipment_by_token ON shipment (token_serial);
CREATE INDEX certificate_by_serial ON certificate (serial);

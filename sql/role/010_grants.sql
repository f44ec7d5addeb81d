-- Who may touch what. Run again after every migration; the roles themselves are made by whoever
-- makes the cluster (scripts/run, or the administrator), each process logging in as its own.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM hall_web, hall_staff, hall_callback, hall_render, hall_worker;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM hall_web, hall_staff, hall_callback, hall_render, hall_worker;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO hall_web, hall_staff, hall_callback, hall_render, hall_worker;
GRANT EXECUTE ON FUNCTION hall_now, epoch, iso TO hall_web, hall_staff, hall_callback, hall_render, hall_worker;
-- The trail is written through this alone, and it asks who is writing.
GRANT EXECUTE ON FUNCTION audit_add TO hall_web, hall_staff, hall_worker;
GRANT SELECT ON clock TO hall_web, hall_staff, hall_callback, hall_render, hall_worker;

-- Whoever leaves work for later; what lies sealed in a job, such as a PIN on its way, is for the worker alone.
GRANT INSERT ON job TO hall_web, hall_staff, hall_callback;
GRANT SELECT (id, kind, key, order_id, payload, state, due_at, attempts, lease_until, fence, failure, created_at, done_at) ON job
    TO hall_web, hall_staff;
GRANT SELECT (key) ON job TO hall_callback;

-- Applicants' pool: its own people and orders, up to the hand-over to review.
GRANT SELECT ON region, bank_branch, holiday, courier_tariff, agreement, project, project_type, order_state, order_transition TO hall_web;
GRANT SELECT, INSERT ON account TO hall_web;
GRANT UPDATE (password_hash, failed, locked_until, name, phone) ON account TO hall_web;
GRANT SELECT ON orders, identity_check, payment, bank_verification TO hall_web;
GRANT SELECT, INSERT ON order_agreement, order_revision, document, refund, sms TO hall_web;
GRANT INSERT (order_no, account_id, project, certificate_type, years, create_key, deadline_at) ON orders TO hall_web;
-- No money that came in, no account that was proved: those are found by others.
GRANT INSERT (payment_id, order_id, attempt, method, amount_fen, state, out_trade_no, expires_at) ON payment TO hall_web;
GRANT INSERT (order_id, attempt, reference, account_sealed, account_tail) ON bank_verification TO hall_web;
-- No lease, no count of returns or reissues, no owner: what the applicant fills in, and what follows from it.
GRANT UPDATE (state, deadline_at, form, form_secret, form_version, incomplete, warnings, warnings_day, subject_key, person_key, subject_name, revision_no,
    certificate_fen, courier_fen, courier_payer, tariff_id, content_sha256, review_passed_sha256, second_review, submitted_at, sla_due,
    sla_left_s, pin_channel, rejection, close_reason) ON orders TO hall_web;
GRANT UPDATE (is_current, bound_sha256) ON document TO hall_web;
-- What the phone sends is taken in; what it is worth is found by the worker and by staff.
GRANT INSERT (order_id, revision_no, subject_key, kind, state, expires_at) ON identity_check TO hall_web;
GRANT UPDATE (is_current, state, kind, reason, expires_at, face_consent, consent_at, front_state, front_reason, front_sha256, front_sealed,
    back_state, back_reason, back_sha256, back_sealed, challenge_id, challenge_actions, challenge_expires_at, video_sha256, liveness_state,
    liveness_reason) ON identity_check TO hall_web;
GRANT UPDATE (state, closing, payer_name, typed_fen, transferred_on, bank_reference, voucher_sha256) ON payment TO hall_web;
GRANT UPDATE (state, account_sealed, finished_at) ON refund TO hall_web;
GRANT SELECT ON shipment, parcel_event, certificate, audit_event, review TO hall_web;
GRANT SELECT (id, order_id, reissue_no, issuer, serial, container_sealed, released_at) ON cert_intent TO hall_web;
GRANT UPDATE (is_void) ON review, bank_verification TO hall_web;
GRANT SELECT (id, order_id, channel, state, made_at, ended_at) ON pin TO hall_web;
GRANT UPDATE (state, sealed, ended_at) ON pin TO hall_web;
GRANT UPDATE (state, state_at, exception_reason, exception_note, address_confirmed_at) ON shipment TO hall_web;
GRANT SELECT (id, invoice_id, order_id, attempt, kind, title, amount_fen, excluded_fen, tax_fen, state, failure, invoice_number, issued_at,
    pdf_sha256, red_invoice_number, red_at) ON invoice TO hall_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO hall_web, hall_staff;
GRANT USAGE ON SEQUENCE order_number TO hall_web;

-- Staff pool: reads what it judges, writes verdicts; no PIN, no key, no to-be-signed bytes.
GRANT SELECT ON region, bank_branch, holiday, courier_tariff, agreement, project, project_type, order_state, order_transition TO hall_staff;
GRANT UPDATE ON project, project_type TO hall_staff;
GRANT INSERT ON courier_tariff, agreement TO hall_staff;
GRANT UPDATE (valid_to) ON courier_tariff TO hall_staff;
GRANT SELECT (id, phone, name, state, created_at) ON account TO hall_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON proposal TO hall_staff;
GRANT SELECT, INSERT ON order_note TO hall_staff; -- no change, no way back
GRANT SELECT, INSERT, UPDATE ON staff, review, refund, bank_match, setting, shipment TO hall_staff;
GRANT UPDATE (state, due_at, lease_until, attempts, failure, done_at) ON job TO hall_staff;
GRANT SELECT, INSERT ON sms, bank_verification, issuance TO hall_staff;
GRANT UPDATE ON bank_verification, issuance TO hall_staff;
GRANT SELECT ON orders, identity_check, payment TO hall_staff;
GRANT UPDATE (state, deadline_at, lease_staff, lease_until, fence, review_passed_sha256, returned_times, rejection, close_reason,
    reissue_no, sla_due, sla_left_s, pin_channel) ON orders TO hall_staff;
GRANT UPDATE (state, kind, reason, decided_at, manual_result, manual_note, first_staff, second_staff) ON identity_check TO hall_staff;
-- No amount, no number, no code: how a transfer was judged, and that money is on its way back.
GRANT UPDATE (state, closing, purpose, received_fen, paid_at, decided_by, decided_at, decision_note, refusal_reason) ON payment TO hall_staff;
GRANT SELECT ON order_agreement, order_revision, document, bank_line, ledger_difference, callback_inbox, parcel_event, crl, audit_event, audit_stream, audit_checkpoint TO hall_staff;
GRANT EXECUTE ON FUNCTION plain_name TO hall_staff;
GRANT SELECT ON certificate TO hall_staff;
GRANT UPDATE (status, revoked_at, revocation_reason, revocation_asked_by, revocation_approved_by) ON certificate TO hall_staff;
GRANT SELECT (id, order_id, reissue_no, issuer, serial, content_sha256, lint, prepared_at, released_at, void_reason) ON cert_intent TO hall_staff;
-- An invoice is corrected, tried again, or written down as made elsewhere.
GRANT SELECT, INSERT ON invoice TO hall_staff;
GRANT UPDATE (state, failure, submitted_at, invoice_number, issued_at, red_number, red_tries, red_submitted_at, red_invoice_number, red_at)
    ON invoice TO hall_staff;
GRANT UPDATE (state, sealed, ended_at) ON pin TO hall_staff;
GRANT SELECT (id, order_id, channel, state, made_at, ended_at) ON pin TO hall_staff;

-- Callback pool: stores what was said, and wakes the worker.
GRANT SELECT, INSERT ON callback_inbox TO hall_callback;

-- Render pool: reads what is printed.
GRANT SELECT ON orders, order_revision, project, project_type, region, bank_branch TO hall_render;

-- The worker: everything that happens by itself.
GRANT SELECT, INSERT, UPDATE ON refund, bank_line, ledger_difference, callback_inbox, pin, bank_verification, issuance, cert_intent,
    certificate, crl, shipment, parcel_event, sms, job, invoice TO hall_worker;
GRANT SELECT, UPDATE ON orders, identity_check, payment TO hall_worker;
GRANT SELECT, INSERT ON audit_checkpoint TO hall_worker;
GRANT SELECT ON region, bank_branch, holiday, courier_tariff, agreement, project, project_type, order_state, order_transition, document,
    order_agreement, order_revision, review, setting, bank_match, audit_event, audit_stream TO hall_worker;
GRANT SELECT (id, phone, name, state) ON account TO hall_worker; -- nobody's password
GRANT SELECT (id, name, state) ON staff TO hall_worker;
GRANT UPDATE (dropped_at) ON document TO hall_worker;
GRANT INSERT ON bank_match TO hall_worker;
GRANT EXECUTE ON FUNCTION plain_name TO hall_worker;
GRANT UPDATE (is_void) ON review TO hall_worker;
GRANT UPDATE (anchored) ON audit_stream TO hall_worker;
GRANT DELETE ON idempotency, job TO hall_worker;
GRANT SELECT ON idempotency TO hall_worker;

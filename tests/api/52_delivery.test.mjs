// From the finished certificate into the applicant's hands, and every way that can go wrong.
import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { behaviour, ELSEWHERE, hallNow, hallUrl, messages, ok, pointers, psql, readSms, refused, request, sandbox, staff, tokenSerial, trackingNo, until } from './lib/client.mjs';
import { containerRefuses, madeTo, openContainer, openssl, pinOfMemo, pinOfSms, put } from './lib/made.mjs';

const desk = async (who, method, path, json) => (await staff(who)).call(method, `/api/admin/v1${path}`, { json });
const act = (c, what, json, who = 'production') => desk(who, 'POST', `/orders/${c.orderNo}/${what}`, json);
const parcel = (more = {}) => ({ carrier: 'sf', tracking_no: trackingNo(), token_serial: tokenSerial(), ...more });
const list = async (c, state) => ok(await desk('production', 'GET', `/shipments?state=${state}&limit=100`)).items.find((row) => row.order_no === c.orderNo);
const event = (no, state, more = {}) => sandbox('POST', `/parcels/${no}/events`, { state, ...more });
const ofOrder = (c) => `(SELECT id FROM orders WHERE order_no = '${c.orderNo}')`;
const column = async (sql) => (await psql(sql))[0]?.[0];

afterEach(() => behaviour('all', 'normal'));

test('the mail room binds waybill and token, and the PIN is wiped (T42)', async () => {
  const c = await madeTo('issued', { method: 'wechat_pay' });
  const label = await list(c, 'to_send');
  assert.equal(label.recipient, c.form.delivery.recipient);
  assert.equal(label.region, '辽宁省沈阳市和平区');
  assert.equal(label.address, c.form.delivery.address);
  assert.equal(label.fee_mode, 'sender');
  refused(await act(c, 'shipment', parcel(), 'reviewer'), 403, 'forbidden');
  assert.deepEqual(pointers(refused(await act(c, 'shipment', parcel({ carrier: 'pigeon', token_serial: 'x y' })), 422, 'invalid')), ['/carrier', '/token_serial']);
  for (const no of ['SF123', 'sf1234567890123', 'SF12345678901234567', 'JD1234567890123']) assert.deepEqual(pointers(refused(await act(c, 'shipment', parcel({ tracking_no: no })), 422, 'invalid')), ['/tracking_no']);
  const sent = parcel();
  assert.equal(ok(await act(c, 'shipment', sent)).state, 'shipped');
  assert.deepEqual(await psql(`SELECT state, sealed FROM pin WHERE order_id = ${ofOrder(c)}`), [['wiped', '']]);
  assert.match((await readSms(c.person.mobile, 'N21')).text, new RegExp(`顺丰速运寄出，单号${sent.tracking_no}（寄付）`));
  const order = await c.order();
  assert.equal(order.shipment.tracking_no, sent.tracking_no);
  assert.ok(order.allowed_actions.includes('track_shipment'));
  const numbers = (await psql(`SELECT y.out_trade_no, b.reference FROM payment y JOIN bank_verification b USING (order_id) WHERE y.order_id = ${ofOrder(c)}`))[0];
  for (const q of [sent.tracking_no.toLowerCase(), sent.token_serial, order.certificate.serial, order.certificate.serial.toUpperCase(), ...numbers])
    assert.deepEqual(ok(await desk('auditor', 'GET', `/orders?q=${q}`)).items.map((row) => row.order_no), [c.orderNo], q);
  assert.equal((await list(c, 'under_way')).token_serial, sent.token_serial);
  assert.equal(refused(await act(c, 'shipment', parcel()), 409, 'state_conflict').state, 'shipped');
  const other = await madeTo('issued');
  assert.deepEqual(pointers(refused(await act(other, 'shipment', parcel({ tracking_no: sent.tracking_no })), 422, 'invalid')), ['/tracking_no']);
  assert.deepEqual(pointers(refused(await act(other, 'shipment', parcel({ token_serial: sent.token_serial })), 422, 'invalid')), ['/token_serial']);
});

test('one token goes out once, also for two who scan it at the same moment', async () => {
  const [a, b] = await Promise.all([madeTo('issued'), madeTo('issued')]);
  const token_serial = tokenSerial();
  const replies = await Promise.all([a, b].map((c) => act(c, 'shipment', parcel({ token_serial }))));
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 422]);
  const { errors } = refused(replies.find((r) => r.status === 422), 422, 'invalid');
  assert.deepEqual(errors.map((e) => [e.pointer, e.code]), [['/token_serial', 'taken']]);
  assert.match(errors[0].detail, /已随其他订单寄出/);
  const [[order]] = await psql(`SELECT order_id FROM shipment WHERE token_serial = '${token_serial}'`);
  const other = `(SELECT id FROM orders WHERE id <> ${order} AND order_no IN ('${a.orderNo}', '${b.orderNo}'))`;
  await assert.rejects(psql(`INSERT INTO shipment (order_id, carrier, tracking_no, token_serial, phone_tail, fee_mode)
    VALUES (${other}, 'sf', '${trackingNo()}', '${token_serial}', '0000', 'sender')`), /shipment_token_live/);
});

test('where a parcel goes is for the mail room; others see that there is one', async () => {
  const c = await madeTo('issued');
  const { recipient, mobile, address } = c.form.delivery;
  const mine = async (who) => ok(await desk(who, 'GET', '/shipments?state=to_send&limit=100')).items.find((row) => row.order_no === c.orderNo);
  assert.deepEqual((({ recipient: name, mobile: phone, address: where }) => [name, phone, where])(await mine('production')), [recipient, mobile, address]);
  for (const who of ['reviewer', 'finance', 'auditor', 'administrator']) {
    const row = await mine(who);
    assert.deepEqual([row.recipient, row.mobile, row.address, row.postcode], [`${recipient[0]}${'*'.repeat(recipient.length - 1)}`, `${mobile.slice(0, 3)}****${mobile.slice(7)}`, null, null], who);
    assert.ok(row.region && row.subject_name);
  }
});

test('signed for, and confirmed (T43, T47)', async () => {
  const c = await madeTo('issued');
  await c.ship();
  await event(c.trackingNo, 'picked');
  await until('the first scan', async () => (await c.order()).shipment.events.length === 1, 15_000);
  assert.equal((await c.order()).shipment.state, 'picked');
  await event(c.trackingNo, 'out');
  await event(c.trackingNo, 'signed');
  const delivered = await c.reaches('delivered', 15_000);
  assert.equal(delivered.shipment.state, 'signed');
  assert.ok(delivered.shipment.signed_at);
  await readSms(c.person.mobile, 'N22');
  assert.equal((await c.complete()).state, 'completed');
  await readSms(c.person.mobile, 'N26');
  assert.equal(refused(await c.client.post(`${c.path}/delivery-confirmation`, { received: true }), 409, 'state_conflict').state, 'completed');
  ok(await c.client.get(`${c.path}/certificate`));
});

test('a push is only a hint, and a repeated one changes nothing', async () => {
  const c = await madeTo('issued');
  await c.ship();
  await behaviour('courier', 'callback_ten');
  await event(c.trackingNo, 'transit');
  await until('the scan', async () => (await c.order()).shipment.state === 'in_transit', 15_000);
  const forged = { Body: { WaybillRoute: [{ mailno: c.trackingNo, acceptAddress: '某地', acceptTime: '2026-11-22 10:00:00', remark: '已签收', opCode: '80', id: '1' }] } };
  await request(`${hallUrl}/callback/courier`, { method: 'POST', body: JSON.stringify(forged), headers: { 'content-type': 'application/json' } });
  await new Promise((done) => setTimeout(done, 3000));
  const order = await c.order();
  assert.equal(order.state, 'shipped', 'nobody signs by a forged push');
  assert.equal(order.shipment.events.length, 1);
});

test('a courier out of reach is asked again', async () => {
  const c = await madeTo('issued');
  await behaviour('courier', 'error_500', { times: 2 });
  await c.ship();
  await event(c.trackingNo, 'signed');
  await psql(`UPDATE job SET due_at = hall_now() WHERE order_id = ${ofOrder(c)} AND kind = 'TRACK'`);
  await until('it to be asked', async () => (await psql(`UPDATE job SET due_at = hall_now() WHERE order_id = ${ofOrder(c)} AND kind = 'TRACK' AND state = 'queued'; SELECT state FROM orders WHERE id = ${ofOrder(c)}`)).flat().includes('delivered'), 30_000);
  await c.reaches('delivered');
});

test('returned by the courier, sent again to the address the applicant confirms (T44, T45)', async () => {
  const c = await madeTo('issued');
  await c.ship();
  await sandbox('POST', `/parcels/${c.trackingNo}/walk`, { to: 'returned', step_seconds: 0 });
  const troubled = await c.reaches('delivery_exception', 15_000);
  assert.equal(troubled.shipment.exception_reason, 'parcel_returned');
  assert.ok(troubled.allowed_actions.includes('confirm_address'));
  assert.match((await readSms(c.person.mobile, 'N23')).text, /被退回/);
  assert.equal((await list(c, 'exception')).exception_text, '包裹被退回');
  refused(await act(c, 'shipment/resend'), 409, 'address_unconfirmed');
  const address = (more = {}) => c.client.put(`${c.path}/delivery-address`, { recipient: '王新址', mobile: c.person.mobile, region: ELSEWHERE, address: '科技路9号5楼', ...more });
  assert.deepEqual(pointers(refused(await address({ mobile: '12', region: '999999', postcode: '12' }), 422, 'invalid')), ['/mobile', '/postcode', '/region']);
  assert.equal(ok(await address()).form.delivery.address, '科技路9号5楼');
  ok(await act(c, 'shipment/resend', {}));
  await readSms(c.person.mobile, 'N24');
  assert.equal((await c.order()).state, 'issued');
  const label = await list(c, 'to_send');
  assert.deepEqual([label.recipient, label.region], ['王新址', '广东省深圳市南山区']);
  refused(await address(), 409, 'state_conflict');
  await c.ship();
  await c.deliver();
  assert.deepEqual(await psql(`SELECT count(*), count(*) FILTER (WHERE is_current) FROM shipment WHERE order_id = ${ofOrder(c)}`), [['2', '1']]);
  ok(await c.client.get(`${c.path}/certificate`)); // the same certificate all the time
});

test('what staff say of a parcel is undone by later news alone', async () => {
  const c = await madeTo('issued');
  await c.ship();
  ok(await act(c, 'shipment/exception', { reason: 'parcel_damaged', note: '收件人来电' }));
  await event(c.trackingNo, 'transit', { at: new Date(hallNow() - 3600_000).toISOString() });
  await until('the old scan', async () => (await c.order()).shipment.events.length === 1, 15_000);
  const kept = await list(c, 'exception');
  assert.deepEqual([kept.state, kept.exception_reason, kept.exception_note], ['problem', 'parcel_damaged', '收件人来电']);
  await event(c.trackingNo, 'out');
  await until('the news', async () => (await list(c, 'exception')).state === 'out_for_delivery', 15_000);
});

test('lost: two people revoke and have another one made, with another PIN (T46)', async () => {
  const c = await madeTo('issued', { type: 'natural_person', method: 'alipay' });
  const account = c.form.bank_account.account_number;
  const [before, firstPin] = [(await c.order()).certificate, await pinOfMemo(account)];
  const firstContainer = (await c.client.get(`${c.path}/certificate.p12`)).body;
  await c.ship();
  assert.deepEqual(pointers(refused(await act(c, 'shipment/exception', { reason: 'eaten' }), 422, 'invalid')), ['/reason']);
  assert.equal(ok(await act(c, 'shipment/exception', { reason: 'parcel_lost', note: '顺丰来电确认遗失' })).state, 'delivery_exception');
  assert.match((await readSms(c.person.mobile, 'N23')).text, /可能遗失/);
  const waiting = async (who) => ok(await desk(who, 'GET', '/workbench')).waiting.find(({ name }) => name === 'reissues')?.n;
  const counts = () => Promise.all(['production', 'administrator', 'finance'].map(waiting));
  const [mine, theirs] = await counts();
  ok(await act(c, 'reissue', { reason: '寄递途中遗失' }), 202);
  assert.deepEqual(await counts(), [mine, theirs + 1, undefined], 'it waits for somebody else');
  assert.equal((await list(c, 'exception')).reissue_reason, '寄递途中遗失');
  refused(await act(c, 'reissue', { reason: '寄递途中遗失' }), 409, 'second_person_required');
  ok(await act(c, 'reissue', { reason: '寄递途中遗失' }, 'administrator'));
  await readSms(c.person.mobile, 'N25');
  const issued = await c.reaches('issued', 30_000);
  assert.notEqual(issued.certificate.serial, before.serial);
  assert.deepEqual(await psql(`SELECT reissue_no, status, revocation_reason FROM certificate WHERE order_id = ${ofOrder(c)} ORDER BY reissue_no`), [['0', 'revoked', 'superseded'], ['1', 'good', '']]);
  const memos = (await sandbox('GET', `/bank-statement?account_number=${account}`)).items.map((t) => t.memo);
  assert.equal(memos.length, 2, 'another transfer');
  const pin = await pinOfMemo(account);
  assert.notEqual(pin, firstPin);
  const container = (await c.client.get(`${c.path}/certificate.p12`)).body;
  const renewed = await openContainer(container, pin);
  assert.ok(await containerRefuses(container, firstPin), 'the lost PIN opens nothing new');
  const old = await openContainer(firstContainer, firstPin);
  assert.notEqual(renewed.key, old.key);
  const pseudonym = async (certificate) => /serialNumber ?= ?([0-9a-f]{32})/.exec(await openssl('x509', '-in', put(certificate), '-noout', '-subject'))[1];
  assert.equal(await pseudonym(renewed.certificate), await pseudonym(old.certificate), 'the same person, the same pseudonym');
  await until('the list to name the old one', async () => (await openssl('crl', '-inform', 'DER', '-in', put((await request(`${hallUrl}/pki/p256-issuing.crl`)).body, 'crl'), '-noout', '-text')).toLowerCase().includes(before.serial), 20_000);
  const lost = await column(`SELECT token_serial FROM shipment WHERE order_id = ${ofOrder(c)} AND state = 'lost'`);
  assert.deepEqual(pointers(refused(await act(c, 'shipment', parcel({ token_serial: lost })), 422, 'invalid')), ['/token_serial']);
  await c.ship();
  await c.deliver();
});

test('lost, for a payer by transfer: the new PIN comes by SMS', async () => {
  const c = await madeTo('issued');
  const first = await pinOfSms(c.form);
  await c.ship();
  ok(await act(c, 'shipment/exception', { reason: 'parcel_damaged' }));
  ok(await act(c, 'reissue', { reason: '包装破损，封签已开' }), 202);
  ok(await act(c, 'reissue', { reason: '包装破损，封签已开' }, 'production2'));
  await c.reaches('issued', 30_000);
  const pins = await until('the second PIN', async () => {
    const found = (await messages(c.person.mobile)).filter((m) => m.template.endsWith('N19'));
    return found.length === 2 && found.map((m) => m.text.match(/PIN码：([0-9A-Z]{12})/)[1]);
  });
  const next = pins.find((pin) => pin !== first);
  await openContainer((await c.client.get(`${c.path}/certificate.p12`)).body, next);
});

test('the applicant says that nothing arrived (T47b)', async () => {
  const c = await madeTo('issued');
  await c.ship();
  await c.deliver();
  const say = (json) => c.client.post(`${c.path}/delivery-confirmation`, json);
  assert.deepEqual(pointers(refused(await say({ received: false }), 422, 'invalid')), ['/reason']);
  assert.deepEqual(pointers(refused(await say({}), 422, 'invalid')), ['/received']);
  const order = ok(await say({ received: false, reason: '前台没有收到' }));
  assert.equal(order.state, 'delivery_exception');
  assert.equal(order.shipment.exception_reason, 'parcel_not_received');
  assert.equal((await list(c, 'exception')).exception_note, '前台没有收到');
  assert.match((await readSms(c.person.mobile, 'N23')).text, /未收到/);
  refused(await say({ received: true }), 409, 'state_conflict');
  ok(await c.client.put(`${c.path}/delivery-address`, c.form.delivery));
  ok(await act(c, 'shipment/resend'));
});

test('another account\'s parcel is nobody\'s business', async () => {
  const [c, other] = await Promise.all([madeTo('issued'), madeTo('issued')]);
  await c.ship();
  await c.deliver();
  refused(await other.client.post(`${c.path}/delivery-confirmation`, { received: true }), 404, 'not_found');
  refused(await other.client.put(`${c.path}/delivery-address`, c.form.delivery), 404, 'not_found');
});

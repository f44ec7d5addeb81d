import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { sfClient } from './clients.mjs';
import { makeKeys, startAll, until } from './helper.mjs';

const keys = makeKeys();
let world, sf;

before(async () => {
  world = await startAll(keys);
  sf = sfClient(world);
});
afterEach(async () => {
  await world.post('/sandbox/reset');
  world.config.sf.push_url = '';
  world.hall.got.length = 0;
  world.hall.respond = () => [200, '{"return_code":"0000","return_msg":"成功"}'];
  assert.deepEqual(world.logged, []);
});
after(async () => {
  await world.close();
  keys.remove();
});

test('an order is made once; a repeat is refused and found by search', async () => {
  const first = await sf.order('SZ1-1');
  assert.ok(first.asText);
  assert.deepEqual(
    [first.outer.apiResultCode, first.result.errorCode, first.result.msgData.filterResult],
    ['A1000', 'S0000', 2],
  );
  const { waybillNo } = first.result.msgData.waybillNoInfoList[0];
  assert.match(waybillNo, /^SF\d{13}$/);
  assert.equal((await sf.order('SZ1-1')).result.errorCode, '8016');
  assert.equal((await sf.search('SZ1-1')).result.msgData.waybillNoInfoList[0].waybillNo, waybillNo);
  assert.equal((await sf.search('SZ1-2')).result.errorCode, '8018');
  await world.behave('sf', 'repeat_returns_first', { times: 1 });
  assert.equal((await sf.order('SZ1-1')).result.msgData.waybillNoInfoList[0].waybillNo, waybillNo);
  await world.behave('courier', 'duplicate', { times: 1 });
  assert.equal((await sf.order('SZ1-3')).result.errorCode, '8016');
  assert.equal((await sf.search('SZ1-3')).result.errorCode, 'S0000');
  assert.equal((await world.get('/sandbox/ledger')).sf.orders.length, 2);
});

test('a cancelled number is burnt', async () => {
  await sf.order('SZ2-1');
  const cancel = () => sf.call('EXP_RECE_UPDATE_ORDER', { dealType: 2, orderId: 'SZ2-1' });
  assert.equal((await cancel()).result.msgData.resStatus, 2);
  assert.equal((await cancel()).result.errorCode, '8037');
  assert.equal((await sf.order('SZ2-1')).result.errorCode, '8037');
});

test('what is not signed as it must be is refused', async () => {
  const code = async (options, data = { orderId: 'X' }) =>
    (await sf.call('EXP_RECE_SEARCH_ORDER_RESP', data, options)).outer.apiResultCode;
  assert.equal(await code({ spoil: (s) => 'A' + s.slice(1).replace(/[A-Z]/, 'b') }), 'A1006');
  assert.equal(await code({ spoil: () => '' }), 'A1001');
  assert.equal(await code({ form: { msgData: '{"orderId":"Y"}' } }), 'A1006');
  assert.equal(await code({ form: { partnerID: 'NOBODY' } }), 'A1004');
  assert.equal(await code({ form: { timestamp: '' } }), 'A1001');
  assert.equal((await sf.call('EXP_RECE_NOTHING', {})).outer.apiResultCode, 'A1004');
  assert.equal(await code({ form: { requestID: 'same' } }), 'A1000');
  assert.equal(await code({ form: { requestID: 'same' } }), 'A1007');
  await world.control('PUT', '/sandbox/clock', { offset_seconds: 3600 });
  assert.equal(await code(), 'A1008');
});

test('faults of an order', async () => {
  const code = async (more) => (await sf.order('SZ3-1', more)).result.errorCode;
  assert.equal(await code({ contactInfoList: [] }), '1011');
  assert.equal(await code({ monthlyCard: '123' }), '6126');
  assert.equal(await code({ monthlyCard: '0000000000' }), '8114');
  assert.equal(await code({ cargoDetails: [] }), '20011');
  await world.behave('sf', 'no_collect', { times: 1 });
  assert.equal(await code({ payMethod: 2 }), '8256');
  await world.behave('sf', 'not_deliverable', { times: 1 });
  const { msgData } = (await sf.order('SZ3-2')).result;
  assert.deepEqual([msgData.filterResult, msgData.waybillNoInfoList], [3, []]);
  await world.behave('sf', 'routes_object', { times: 1 });
  assert.ok(!(await sf.search('SZ3-2')).asText);
});

test('a parcel goes its way: events, routes, push until the exact answer', async () => {
  world.config.sf.push_url = `${world.hall.url}/callback/courier`;
  const answers = ['{"return_code":"1000"}', '{"return_code":0}', 'ok'];
  world.hall.respond = (path, body, n) => [
    200,
    answers[n - 1] ?? '{"return_code":"0000","return_msg":"成功"}',
  ];
  await world.control('PUT', '/sandbox/clock', { speed: 1000 });
  const event = await world.post('/sandbox/parcels/SF1234567890123/events', {
    state: 'picked',
    phone_tail: '1234',
  });
  assert.deepEqual([event.status, event.op_code], [201, '50']);
  const got = await world.hall.wait(4);
  const [route] = JSON.parse(got[3].body).Body.WaybillRoute;
  assert.deepEqual([route.mailno, route.opCode, route.id], ['SF1234567890123', '50', event.id]);
  await until(async () => (await world.items('/sandbox/callbacks'))[0].state === 'accepted');
  await world.control('PUT', '/sandbox/clock', { speed: 1 });
  await world.post('/sandbox/parcels/SF1234567890123/events', { op_code: '777', remark: '新的操作' });
  const { routes } = (await sf.routes('SF1234567890123', { checkPhoneNo: '1234' })).result.msgData
    .routeResps[0];
  assert.deepEqual(
    routes.map((r) => r.opCode),
    ['50', '777'],
  );
  assert.deepEqual(
    (await sf.routes('SF1234567890123', { checkPhoneNo: '9999' })).result.msgData.routeResps[0].routes,
    [],
  );
  assert.deepEqual((await sf.routes('SF0000000000000')).result.msgData.routeResps, [
    { mailNo: 'SF0000000000000', routes: [] },
  ]);
  await world.behave('sf', 'backwards', { times: 1 });
  assert.equal(
    (await sf.routes('SF1234567890123', { checkPhoneNo: '1234' })).result.msgData.routeResps[0].routes.length,
    1,
  );
  assert.equal((await world.post('/sandbox/parcels/SF1/events', { state: 'lost in thought' })).status, 422);
});

test('walks: signed, returned, lost', async () => {
  await world.control('PUT', '/sandbox/clock', { speed: 1000 });
  const last = { signed: '80', returned: '648', lost: '33' };
  for (const [to, code] of Object.entries(last)) {
    const number = `SF99999999999${to.length}`;
    const { steps } = await world.post(`/sandbox/parcels/${number}/walk`, { to });
    await until(
      async () =>
        (await world.items('/sandbox/parcels')).find((p) => p.tracking_no === number)?.events.length ===
        steps.length,
    );
    const { routes } = (await sf.routes(number)).result.msgData.routeResps[0];
    assert.equal(routes.at(-1).opCode, code);
  }
  await world.control('PUT', '/sandbox/clock', { speed: 1 });
  assert.equal((await world.post('/sandbox/parcels/SF1/walk', { to: 'moon' })).status, 422);
});

test('events may come late: routes are sorted by their own time', async () => {
  const at = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
  await world.post('/sandbox/parcels/SF5/events', { state: 'out', at: at(10) });
  await world.post('/sandbox/parcels/SF5/events', { state: 'picked', at: at(100) });
  const { routes } = (await sf.routes('SF5')).result.msgData.routeResps[0];
  assert.deepEqual(
    routes.map((r) => r.opCode),
    ['50', '44'],
  );
});

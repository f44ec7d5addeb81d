// The fault catalogue: every mode does what it says, at every provider that has it.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { alipayClient, bankClient, nuonuoClient, sfClient, smsClient, tencentClient, wechatClient } from './clients.mjs';
import { exchange, makeKeys, startAll, tryJson, until } from './helper.mjs';

const keys = makeKeys();
let world, wx, ali, sms, cloud, bank, sf, invoices;
let count = 0;
const fresh = () => `SZ${String(++count).padStart(8, '0')}`;

before(async () => {
  world = await startAll(keys, (config) => (config.ports = { bank: 0 }));
  [wx, ali, sms, cloud, bank, sf, invoices] = [
    wechatClient,
    alipayClient,
    smsClient,
    tencentClient,
    bankClient,
    sfClient,
    nuonuoClient,
  ].map((client) => client(world));
});
afterEach(async () => {
  await world.post('/sandbox/reset');
  await world.control('PUT', '/sandbox/clock', { speed: 1 });
  world.hall.got.length = 0;
  world.hall.respond = () => [200, 'success'];
  assert.deepEqual(world.logged, []);
});
after(async () => {
  await world.close();
  keys.remove();
});

// Of each provider: a call that does something, and how often it has been done.
const ledger = (name, pick) => async () => pick((await world.get('/sandbox/ledger'))[name]);
const orders = (provider) => async () =>
  (await world.items('/sandbox/payments')).filter((o) => o.provider === provider).length;
const acts = {
  wechatpay: { act: () => wx.prepay(fresh()), done: orders('wechatpay') },
  alipay: { act: () => ali.precreate(fresh()), done: orders('alipay') },
  sms: {
    act: () => sms.send(`1391${String(++count).padStart(7, '0')}`, 'N06', { no: '1' }),
    done: ledger('sms', (l) => l.accepted),
  },
  faceid: {
    act: () =>
      cloud.call('PhoneVerification', { IdCard: '11010519491231002X', Name: '测试', Phone: '13800000001' }),
    done: ledger('faceid', (l) => l.billed.PhoneVerification ?? 0),
  },
  bank: { act: () => bank.pay(fresh(), '6222020000001111'), done: ledger('bank', (l) => l.transfers.length) },
  nuonuo: { act: () => invoices.issue(fresh()), done: async () => (await world.items('/sandbox/invoices')).length },
  sf: { act: () => sf.order(fresh()), done: ledger('sf', (l) => l.orders.length) },
};

for (const [name, { act, done }] of Object.entries(acts)) {
  test(`${name}: requests that are not processed leave no trace`, async () => {
    for (const [mode, status] of [
      ['error_500', 500],
      ['error_502', 502],
      ['redirect', 302],
    ]) {
      await world.behave(name, mode, { times: 1 });
      const answer = await act();
      assert.equal(answer.status, status, mode);
      assert.ok(answer.text.startsWith('<html>'));
    }
    await world.behave(name, 'refuse', { times: 1 });
    await assert.rejects(act(), (e) => e.code === 'ECONNRESET' || e.message === 'socket hang up');
    assert.equal(await done(), 0);
    await act();
    assert.equal(await done(), 1);
  });

  test(`${name}: what is done and not answered is done once`, async () => {
    for (const mode of ['commit_then_drop', 'commit_then_close']) {
      await world.behave(name, mode, { times: 1 });
      await assert.rejects(act(), undefined, mode);
    }
    assert.equal(await done(), 2);
    await world.behave(name, 'commit_then_500', { times: 1 });
    assert.equal((await act()).status, 500);
    assert.equal(await done(), 3);
  });

  test(`${name}: hanging before and after the deed`, async () => {
    for (const [mode, effect] of [
      ['hang', 0],
      ['commit_then_hang', 1],
    ]) {
      await world.behave(name, mode, { times: 1 });
      const before = await done();
      const answer = act().then(
        () => 'answered',
        () => 'cut',
      );
      await until(async () =>
        (await world.items(`/sandbox/requests?provider=${name}`)).some((r) => r.mode === mode),
      );
      assert.equal(
        await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'silent'))]),
        'silent',
      );
      assert.equal((await done()) - before, effect, mode);
    }
  });

  test(`${name}: garbage of six kinds`, async () => {
    const seen = [];
    for (const mode of [
      'garbage_empty',
      'garbage_truncated',
      'garbage_huge',
      'garbage_deep',
      'garbage_duplicate',
      'garbage_utf8',
    ]) {
      await world.behave(name, mode, { times: 1 });
      const answer = await act().catch((e) => ({ status: 0, body: Buffer.alloc(0), text: e.message }));
      assert.equal(answer.status, 200, mode);
      seen.push([mode, answer.body.length]);
    }
    const size = Object.fromEntries(seen);
    assert.ok(size.garbage_huge > 20 << 20);
    assert.ok(size.garbage_deep > 100_000);
    assert.ok(size.garbage_empty < size.garbage_truncated);
    assert.equal(await done(), 6);
    for (let i = 0; i < 6; i++) {
      await world.behave(name, 'garbage', { times: 1 });
      await act().catch(() => {});
    }
    assert.equal(await done(), 12);
  });

  test(`${name}: limits, maintenance, unknown values, slowness`, async () => {
    for (const mode of ['rate_limit', 'maintenance']) {
      await world.behave(name, mode, { times: 1 });
      const answer = await act();
      assert.ok(tryJson(answer.text) || answer.plain, mode);
      assert.equal(await done(), 0, mode);
    }
    await world.behave(name, 'slow', { times: 1, seconds: 0.2 });
    const started = performance.now();
    await act();
    assert.ok(performance.now() - started >= 200);
    await world.behave(name, 'unknown_enum', { times: 1 });
    const strange = await act();
    assert.match(strange.plain ?? strange.text, /new_?field|ZZZ/i);
    assert.equal(await done(), 2);
  });
}

test('modes end after their times, hold without, and may be for one action', async () => {
  await world.behave('wechatpay', 'error_500', { times: 2 });
  assert.deepEqual(
    [(await wx.prepay(fresh())).status, (await wx.prepay(fresh())).status, (await wx.prepay(fresh())).status],
    [500, 500, 200],
  );
  await world.behave('wechatpay', 'error_500', { action: 'query' });
  const number = fresh();
  assert.equal((await wx.prepay(number)).status, 200);
  for (let i = 0; i < 3; i++) assert.equal((await wx.query(number)).status, 500);
  await world.behave('wechatpay', 'normal');
  assert.equal((await wx.query(number)).status, 200);
  await world.behave('all', 'error_500', { times: 1 });
  assert.equal((await world.get('/sandbox/behaviour')).active.length, 7);
  assert.equal((await world.behave('all', 'normal')).status, 200);
  assert.equal((await world.get('/sandbox/behaviour')).active.length, 0);
});

test('behaviours that do not exist are refused with the list', async () => {
  for (const [provider, mode, more] of [
    ['nobody', 'slow'],
    ['sms', 'nonsense'],
    ['sms', 'bad_signature'],
    ['bank', 'callback_twice'],
    ['sms', 'slow', { times: 0 }],
    ['sms', 'slow', { seconds: -1 }],
    ['all', 'refuse'],
  ]) {
    assert.equal((await world.behave(provider, mode, more)).status, 422, `${provider} ${mode}`);
  }
});

test('a provider with a port of its own refuses the connection itself', async () => {
  const url = `http://127.0.0.1:${world.sandbox.listeners.bank.number}/bank/cdcserver/api/v2`;
  assert.match((await exchange(url, { method: 'POST', body: 'x' })).text, /^CDCServer:/);
  await world.behave('bank', 'refuse');
  await assert.rejects(exchange(url, { method: 'POST', body: 'x' }), { code: 'ECONNREFUSED' });
  await world.behave('bank', 'normal');
  assert.match((await exchange(url, { method: 'POST', body: 'x' })).text, /^CDCServer:/);
});

test('all providers refuse for some seconds: the whole port is closed', async () => {
  await world.behave('all', 'refuse', { seconds: 0.4 });
  await until(() =>
    exchange(`${world.base}/sandbox/health`).then(
      () => false,
      (e) => e.code === 'ECONNREFUSED',
    ),
  );
  await until(() =>
    exchange(`${world.base}/sandbox/health`).then(
      () => true,
      () => false,
    ),
  );
});

test('on a kept connection the next request is taken and never answered', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  assert.equal((await exchange(`${world.base}/sandbox/health`, { agent })).status, 200);
  await world.behave('sf', 'commit_then_close', { times: 1 });
  await assert.rejects(exchange(`${world.base}/sf/std/service`, { method: 'POST', body: 'x=1', agent }));
  assert.equal((await world.items('/sandbox/requests?provider=sf')).length, 1);
  agent.destroy();
});

test('answers with wrong signatures are never to be believed', async () => {
  for (const mode of ['bad_signature', 'unknown_serial', 'stale_timestamp', 'signtest', 'unsigned']) {
    await world.behave('wechatpay', mode, { times: 1 });
    const answer = await wx.prepay(fresh());
    assert.deepEqual([answer.status, answer.trusted], [200, false], mode);
  }
  await world.behave('alipay', 'bad_signature', { times: 1 });
  assert.ok(!(await ali.precreate(fresh())).trusted);
  await world.behave('alipay', 'unsigned_error', { times: 1 });
  const bare = await ali.precreate(fresh());
  assert.ok(bare.error && !('sign' in JSON.parse(bare.text)));
  await world.behave('bank', 'bad_signature', { times: 1 });
  assert.ok(!(await bank.pay(fresh(), '6222020000001111')).trusted);
  await world.behave('bank', 'gateway_error', { times: 1 });
  assert.match((await bank.pay(fresh(), '6222020000001111')).gateway, /^CDCServer:/);
});

test('states that were never published, and states that go backwards', async () => {
  const number = fresh();
  const { code_url } = (await wx.prepay(number)).json();
  await world.post('/sandbox/payments', { code_url });
  const states = [];
  for (const mode of ['unknown_enum', 'backwards', 'normal']) {
    await world.behave('wechatpay', mode, { times: 1 });
    const answer = await wx.query(number);
    assert.ok(answer.trusted);
    states.push(answer.json().trade_state);
  }
  assert.deepEqual(states, ['HALF_PAID', 'USERPAYING', 'SUCCESS']);
  const trade = fresh();
  await world.post('/sandbox/payments', { code_url: (await ali.precreate(trade)).node.qr_code });
  for (const [mode, state] of [
    ['unknown_enum', 'TRADE_PONDERING'],
    ['backwards', 'WAIT_BUYER_PAY'],
    ['normal', 'TRADE_SUCCESS'],
  ]) {
    await world.behave('alipay', mode, { times: 1 });
    assert.equal((await ali.query(trade)).node.trade_status, state);
  }
  await world.behave('alipay', 'unknown_20000', { times: 1 });
  const again = fresh();
  assert.equal((await ali.precreate(again)).node.code, '20000');
  assert.equal((await ali.precreate(again)).node.code, '10000');
  await world.behave('alipay', 'system_error', { times: 1 });
  assert.equal((await ali.precreate(fresh())).node.sub_code, 'ACQ.SYSTEM_ERROR');
  await world.behave('wechatpay', 'system_error', { times: 1 });
  const broken = await wx.prepay(fresh());
  assert.deepEqual([broken.status, broken.code, broken.trusted], [500, 'SYSTEM_ERROR', true]);
});

// Opens an order at either payment provider, answers its code.
const open = {
  wechatpay: async () => (await wx.prepay(fresh(), { notify_url: `${world.hall.url}/cb` })).json().code_url,
  alipay: async () => (await ali.precreate(fresh(), {}, { notify_url: `${world.hall.url}/cb` })).node.qr_code,
};
const genuine = { wechatpay: (c) => wx.trusts(c.headers, c.body), alipay: (c) => ali.trusts(c.body) };

for (const name of ['wechatpay', 'alipay']) {
  test(`${name}: callbacks twice, ten times at once, never, late`, async () => {
    const pay = async () => world.post('/sandbox/payments', { code_url: await open[name]() });
    for (const [mode, times] of [
      ['callback_twice', 2],
      ['callback_ten', 10],
    ]) {
      await world.behave(name, mode, { times: 1 });
      world.hall.got.length = 0;
      await pay();
      assert.ok((await world.hall.wait(times)).every(genuine[name]));
      await until(async () => (await world.items('/sandbox/callbacks')).at(-1).state === 'accepted');
      assert.equal(world.hall.got.length, times);
    }
    world.hall.got.length = 0;
    await world.behave(name, 'callback_never', { times: 1 });
    await pay();
    assert.equal((await world.items('/sandbox/callbacks')).at(-1).state, 'withheld');
    await world.behave(name, 'callback_late', { times: 1, seconds: 7200 });
    await pay();
    await assert.rejects(world.hall.wait(1, 100));
    await world.control('PUT', '/sandbox/clock', { offset_seconds: 7201 });
    await world.hall.wait(1);
  });

  test(`${name}: the callback overtakes the answer`, async () => {
    await world.behave(name, 'callback_before_answer', { times: 1 });
    let answered = false;
    world.hall.respond = () => {
      assert.ok(!answered);
      return [200, 'success'];
    };
    await open[name]();
    answered = true;
    assert.ok(genuine[name](world.hall.got[0]));
    assert.equal((await world.items('/sandbox/payments?open=')).at(-1).paid_at !== null, true);
  });

  test(`${name}: forged callbacks, all at an order's birth or one at a word`, async () => {
    await world.behave(name, 'forged_callback', { times: 1 });
    const code_url = await open[name]();
    const expected = name === 'wechatpay' ? 9 : 7;
    const got = await world.hall.wait(expected);
    const believed = got.filter(genuine[name]);
    // Those of another amount, merchant, seller or order are rightly signed: only their content tells.
    assert.equal(believed.length, name === 'wechatpay' ? 3 : 4);
    assert.equal((await world.items('/sandbox/payments')).at(-1).paid_at, null);
    world.hall.got.length = 0;
    const one = await world.post('/sandbox/forged-callbacks', { code_url, variant: 'unsigned' });
    assert.deepEqual([one.status, one.items[0].variant, one.items[0].status], [201, 'unsigned', 200]);
    assert.ok(!genuine[name](world.hall.got[0]));
    assert.equal(
      (await world.post('/sandbox/forged-callbacks', { code_url, variant: 'polite' })).status,
      422,
    );
  });
}

test('wechatpay: the probe comes first, the true callback on its repeat', async () => {
  await world.behave('wechatpay', 'callback_signtest', { times: 1 });
  world.hall.respond = (path, body, n) => [n < 2 ? 401 : 200, ''];
  await world.control('PUT', '/sandbox/clock', { speed: 1000 });
  await world.post('/sandbox/payments', { code_url: await open.wechatpay() });
  const [probe, real] = await world.hall.wait(2);
  assert.match(probe.headers['wechatpay-signature'], /^WECHATPAY\/SIGNTEST\//);
  assert.deepEqual([wx.trusts(probe.headers, probe.body), wx.trusts(real.headers, real.body)], [false, true]);
});

test('a refund can overtake its answer too', async () => {
  const number = fresh();
  const { code_url } = (await wx.prepay(number, { notify_url: `${world.hall.url}/cb` })).json();
  await world.post('/sandbox/payments', { code_url });
  await world.hall.wait(1);
  await world.behave('wechatpay', 'callback_before_answer', { times: 1, action: 'refund' });
  await wx.refund(number, 'R1', 1, { notify_url: `${world.hall.url}/refund` });
  assert.equal(world.hall.got.at(-1).path, '/refund');
});

test('answers without faults come within 50 ms, callbacks right after payment', async () => {
  for (const { act } of Object.values(acts)) await act();
  const items = await world.items('/sandbox/requests');
  assert.ok(
    items.every((r) => r.ms <= 50),
    JSON.stringify(items.map((r) => [r.provider, r.ms])),
  );
  const code_url = await open.wechatpay();
  const started = performance.now();
  await world.post('/sandbox/payments', { code_url });
  await world.hall.wait(1);
  assert.ok(performance.now() - started < 200);
});

// The sandbox's page: looks every two seconds, redraws what has changed.
const EVERY_MS = 2000;
const NAMES = {
  wechatpay: '微信支付',
  alipay: '支付宝',
  sms: '短信',
  faceid: '实名与人脸',
  bank: '银行',
  sf: '顺丰',
  nuonuo: '电子发票',
};
const STATES = {
  NOTPAY: '待支付',
  USERPAYING: '用户支付中',
  SUCCESS: '已支付',
  REFUND: '已退款',
  CLOSED: '已关闭',
  NOT_SCANNED: '待扫码',
  WAIT_BUYER_PAY: '已扫码，待付款',
  TRADE_SUCCESS: '已支付',
  TRADE_CLOSED: '已关闭',
  waiting: '等待重试',
  accepted: '已收下',
  given_up: '不再重试',
  withheld: '不发',
  forged: '伪造',
};
const KINDS = { payment: '支付', refund: '退款', closed: '关闭', report: '短信回执', route: '路由' };
const SIGNATURES = { ok: ['正确', 'good'], bad: ['不符', 'bad'], missing: ['缺', 'bad'], none: ['不需', ''] };

const $ = (id) => document.getElementById(id);

/** An element; members of `props` that start with "on" are listeners. */
function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((c) => c !== null && c !== undefined));
  return element;
}

const yuan = (fen) => `¥${(fen / 100).toFixed(2)}`;
const time = (text) =>
  text ? new Date(text).toLocaleString('zh-CN', { hour12: false, timeZone: 'Asia/Shanghai' }) : '';
const tag = (text, kind = '') => h('span', { class: `tag ${kind}` }, text);
const empty = (text) => h('p', { class: 'empty' }, text);

function say(text, bad = false) {
  $('status').textContent = text;
  $('status').className = bad ? 'status bad' : 'status';
}

async function call(method, path, body) {
  const answer = await fetch(`/sandbox/${path}`, {
    method,
    body: body && JSON.stringify(body),
    headers: body ? { 'content-type': 'application/json' } : {},
  });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.detail ?? result.code ?? String(answer.status));
  return result;
}

/** Does what a button says, tells how it went, looks again. */
async function act(what, method, path, body) {
  try {
    await call(method, path, body);
    say(`${what}：好了`);
  } catch (e) {
    say(`${what}：${e.message}`, true);
  }
  await look();
}

const drawn = new Map();

/** Fills the element anew when the data for it have changed. */
function draw(id, data, make) {
  const text = JSON.stringify(data);
  if (drawn.get(id) === text) return;
  drawn.set(id, text);
  $(id).replaceChildren(...[make(data)].flat());
}

const options = (id, values) =>
  draw(id, [...new Set(values)].sort(), (all) => all.map((value) => h('option', { value })));

// ---- Payments ----

function payment(o) {
  const send = (action, what) => () => act(what, 'POST', 'payments', { code_url: o.code_url, action });
  const open = o.payable && o.code_url;
  const state = STATES[o.state] ?? o.state;
  return h(
    'div',
    { class: 'item' },
    h(
      'div',
      { class: 'main' },
      h('p', {}, tag(NAMES[o.provider]), tag(state, open ? 'warn' : o.paid_at ? 'good' : ''), o.subject),
      h('p', { class: 'sub' }, `${o.out_trade_no} · ${open ? o.code_url : time(o.paid_at ?? o.created_at)}`),
    ),
    h('span', { class: 'money' }, yuan(o.amount_fen)),
    (open &&
      h(
        'div',
        { class: 'actions' },
        h(
          'button',
          { onclick: send('pay', `支付 ${o.out_trade_no}`), 'aria-label': `扫码支付 ${o.out_trade_no}` },
          '扫码支付',
        ),
        h('button', { class: 'quiet', onclick: send('scan', '扫码') }, '只扫不付'),
        h('button', { class: 'quiet', onclick: send('expire', '过期') }, '过期'),
      )) ||
      null,
  );
}

// ---- SMS ----

// The text with what matters to a person, codes and PINs, made to stand out.
function message(m) {
  const secret = m.params.code ?? m.params.pin;
  const [before, ...rest] = secret ? m.text.split(String(secret)) : [m.text];
  return h(
    'li',
    {},
    h('p', { class: 'sub' }, `${m.phone} · ${time(m.at)} · ${m.template}`),
    before,
    secret && h('mark', {}, String(secret)),
    rest.join(String(secret)),
  );
}

// ---- Bank, parcels, behaviours ----

const transfer = (t) =>
  h(
    'div',
    { class: 'item' },
    h(
      'div',
      { class: 'main' },
      h(
        'p',
        {},
        t.returned_at ? tag('已退汇', 'bad') : tag('入账', 'good'),
        '附言：',
        h('strong', {}, t.memo),
      ),
      h('p', { class: 'sub' }, `${t.account_name} ${t.account_number} · ${time(t.at)}`),
    ),
    h('span', { class: 'money' }, yuan(t.amount_fen)),
  );

const parcel = (p) =>
  h(
    'div',
    { class: 'item' },
    h(
      'div',
      { class: 'main' },
      h('p', {}, h('strong', {}, p.tracking_no), p.order_id ? ` ${p.order_id}` : ''),
      h(
        'ol',
        { class: 'steps' },
        p.events.map((e) => h('li', {}, `${e.at} ${e.place} ${e.remark}（${e.op_code}）`)),
      ),
    ),
  );

const behaviour = (modes) => (b) =>
  h(
    'div',
    { class: 'item' },
    h(
      'div',
      { class: 'main' },
      h('p', {}, tag(NAMES[b.provider], 'warn'), `${modes[b.provider][b.mode].about}`),
      h(
        'p',
        { class: 'sub' },
        [
          b.mode,
          b.times ? `还有 ${b.times} 次` : '一直',
          b.seconds === null ? '' : `${b.seconds} 秒`,
          b.action,
        ]
          .filter(Boolean)
          .join(' · '),
      ),
    ),
    h(
      'button',
      {
        class: 'quiet',
        onclick: () =>
          act('恢复正常', 'PUT', 'behaviour', {
            provider: b.provider,
            mode: 'normal',
            action: b.action ?? undefined,
          }),
      },
      '恢复',
    ),
  );

function fillModes(modes) {
  const form = $('behaviour-form');
  const group = (on, label) =>
    h(
      'optgroup',
      { label },
      Object.entries(modes[form.provider.value])
        .filter(([, m]) => m.on === on)
        .map(([name, m]) => h('option', { value: name }, `${m.about} — ${name}`)),
    );
  form.mode.replaceChildren(
    h('option', { value: 'normal' }, '恢复正常'),
    group('call', '应答'),
    group('callback', '回调'),
  );
}

function drawBehaviour({ active, modes, providers }) {
  const form = $('behaviour-form');
  if (!form.provider.options.length) {
    form.provider.append(...providers.map((p) => h('option', { value: p.name }, p.title)));
    form.provider.addEventListener('change', () => fillModes(modes));
    fillModes(modes);
  }
  draw('behaviour-list', active, (all) => (all.length ? all.map(behaviour(modes)) : empty('一切正常。')));
}

// ---- Requests and callbacks ----

const cells = (...values) =>
  h(
    'tr',
    {},
    values.map((v) => h('td', {}, v ?? '')),
  );
const request = (r) =>
  cells(
    time(r.at).split(' ').at(-1),
    NAMES[r.provider],
    r.action,
    r.key,
    tag(...SIGNATURES[r.signature]),
    [r.status ?? '未答', r.code, r.mode].filter(Boolean).join(' · '),
  );
const callback = (c) =>
  cells(
    NAMES[c.provider],
    c.ref,
    KINDS[c.kind] ?? c.kind,
    tag(
      STATES[c.state] ?? c.state,
      { accepted: 'good', given_up: 'bad', forged: 'bad', withheld: 'warn' }[c.state],
    ),
    String(c.tries.length),
    c.tries.map((t) => t.status || t.error).join(' '),
  );

// ---- Looking ----

function cardLinks() {
  const { name, id_number, valid_until, quality } = Object.fromEntries(new FormData($('card-form')));
  const url = (fields) => `/sandbox/id-card?${new URLSearchParams({ ...fields, quality })}`;
  $('card-front').href = url({ side: 'front', name, id_number });
  $('card-back').href = url({
    side: 'back',
    authority: '沈阳市公安局和平分局',
    valid_from: '2020-07-21',
    valid_until,
  });
}

async function look() {
  const [phone, account] = [$('message-form').phone.value.trim(), $('account-form').account.value.trim()];
  const paths = [
    'clock',
    'payments',
    'messages',
    'bank-statement',
    'parcels',
    'behaviour',
    'requests?limit=30',
    'callbacks',
  ];
  const [clock, payments, messages, transfers, parcels, modes, requests, callbacks] = await Promise.all(
    paths.map((p) => call('GET', p)),
  );
  $('now').textContent =
    time(clock.now) + (clock.offset_seconds ? `（拨快 ${clock.offset_seconds} 秒）` : '');
  const open = payments.items.filter((o) => o.payable && o.code_url);
  const closed = payments.items.filter((o) => !open.includes(o));
  draw('payment-list', open.reverse(), (all) =>
    all.length ? all.map(payment) : empty('没有待支付的收款码。'),
  );
  draw('payment-done', closed.slice(-10).reverse(), (all) =>
    all.length ? all.map(payment) : empty('还没有。'),
  );
  options(
    'phones',
    messages.items.map((m) => m.phone),
  );
  draw(
    'message-list',
    messages.items
      .filter((m) => m.phone.startsWith(phone))
      .slice(-30)
      .reverse(),
    (all) => (all.length ? all.map(message) : h('li', {}, '还没有短信。')),
  );
  options(
    'accounts',
    transfers.items.map((t) => t.account_number),
  );
  draw(
    'account-list',
    transfers.items
      .filter((t) => t.account_number.startsWith(account))
      .slice(-10)
      .reverse(),
    (all) => (all.length ? all.map(transfer) : empty('还没有收到转账。')),
  );
  options(
    'numbers',
    parcels.items.map((p) => p.tracking_no),
  );
  draw('parcel-list', parcels.items.slice(-10).reverse(), (all) =>
    all.length ? all.map(parcel) : empty('还没有包裹。填入运单号，点一步即可。'),
  );
  drawBehaviour(modes);
  draw('request-list', requests.items.reverse(), (all) => all.map(request));
  draw('callback-list', callbacks.items.slice(-20).reverse(), (all) => all.map(callback));
}

function onSubmit(id, work) {
  $(id).addEventListener('submit', (event) => {
    event.preventDefault();
    work(Object.fromEntries(new FormData(event.target)), event.submitter, event.target);
  });
}

onSubmit('message-form', look);
onSubmit('account-form', look);
$('message-form').addEventListener('input', look);
$('account-form').addEventListener('input', look);
$('card-form').addEventListener('input', cardLinks);
onSubmit('card-form', cardLinks);
onSubmit('credit-form', ({ yuan: amount, ...rest }, _, form) => {
  const [whole, part = ''] = amount.split('.');
  act('汇款', 'POST', 'bank-credits', {
    ...rest,
    amount_fen: Number(whole) * 100 + Number(part.padEnd(2, '0')),
  }).then(() => form.reset());
});
onSubmit('parcel-form', ({ number }, button) => {
  const name = encodeURIComponent(number.trim());
  if (button?.name === 'walk') act('自动走完', 'POST', `parcels/${name}/walk`, { to: button.value });
  else
    act(button?.textContent ?? '揽收', 'POST', `parcels/${name}/events`, {
      state: button?.value ?? 'picked',
    });
});
onSubmit('behaviour-form', ({ provider, mode, times, seconds }) => {
  act('设定', 'PUT', 'behaviour', {
    provider,
    mode,
    times: times ? Number(times) : undefined,
    seconds: seconds ? Number(seconds) : undefined,
  });
});

cardLinks();
async function keepLooking() {
  try {
    if (!document.hidden) await look();
  } catch {
    say('沙箱没有应答', true);
  }
  setTimeout(keepLooking, EVERY_MS);
}
keepLooking();

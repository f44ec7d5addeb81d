// Two applications from registration to the certificate in somebody's hands, one line a step:
//   node scripts/journey.mjs RUN_DIRECTORY
// Everything goes through nginx as browsers, phones and staff would do it, and the certificates are
// checked with the openssl command line alone. Exit status 0 when all of it went well.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

const dir = process.argv[2];
if (!dir) {
  process.stderr.write('usage: node scripts/journey.mjs RUN_DIRECTORY\n');
  process.exit(2);
}
for (const line of readFileSync(`${dir}/env`, 'utf8').split('\n').filter(Boolean)) {
  const [name, value] = line.split(/=(.*)/s);
  process.env[name] = value;
}
const { bankMemo, Case, Client, mobile, ok, readSms, request, smsCode, staff, tokenSerial, until } = await import('../tests/api/lib/client.mjs');
const run = promisify(execFile);

// ---- telling ----

const WIDTH = 34;
const columns = (text) => [...text].reduce((n, c) => n + (c.codePointAt(0) > 0x2e80 ? 2 : 1), 0);
const padded = (text, n) => text + ' '.repeat(Math.max(1, n - columns(text)));
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`.padStart(7);
const masked = (text) => text.slice(0, 3) + '*'.repeat(text.length - 7) + text.slice(-4);
const yuan = (fen) => `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
const say = (text) => process.stdout.write(`${text}\n`);

/** One step: what `act` answers is what there is to see. */
async function step(zh, en, act) {
  const began = performance.now();
  const seen = await act().catch((error) => {
    say(`${seconds(performance.now() - began)}  ✗ ${padded(zh, WIDTH)}${en}`);
    throw error;
  });
  say(`${seconds(performance.now() - began)}  ✓ ${padded(zh, WIDTH)}${en}${seen ? `: ${seen}` : ''}`);
}

const checksOf = (document) => document.checks.map((c) => `${c.passed ? '' : '!'}${c.code}`).join(' ');

// ---- the parts both have in common ----

async function register(c) {
  const phone = mobile();
  const client = new Client();
  await step('手机号注册', 'registered by phone', async () => {
    ok(await client.post('/api/v1/sms-codes', { phone, purpose: 'register' }), 202);
    const password = `demo-${tokenSerial()}`;
    ok(await client.post('/api/v1/accounts', { phone, sms_code: await smsCode(phone), password, name: c.person.name }), 201);
    c.client = Object.assign(client, { phone, password });
    return masked(phone);
  });
}

async function apply(c) {
  await step('选择业务、同意协议', 'project chosen, agreements accepted', async () => (await c.begin()).order_no);
  await step('填写并确认申请信息', 'form filled in and confirmed', async () => {
    await c.fill();
    const { fees } = await c.confirm();
    return `${yuan(fees.certificate_fen)} + ${yuan(fees.courier_fen)} = ${yuan(fees.total_fen)}`;
  });
  await step('打印申请表和采集表', 'forms printed', async () =>
    (await Promise.all(['application-form', 'seal-collection-form'].map((name) => c.pdf(name)))).map((pdf) => `${pdf.length >> 10} KB`).join(', '));
  for (const kind of c.kinds)
    await step({ application_form: '签字盖章后上传申请表', business_licence: '上传盖章的营业执照', seal_collection_form: '上传印模采集表' }[kind],
      `${kind.replaceAll('_', ' ')} scanned and uploaded`, async () => checksOf(await c.upload(kind)));
  await step('提交资料', 'documents handed in', async () => (await c.confirmDocuments()).state_label);
}

async function identify(c) {
  let phone;
  await step('网页显示二维码', 'the page shows a QR code', async () => {
    phone = await c.startIdentity();
    return phone.url.replace(/#.*/, '#…');
  });
  await step('手机扫码并同意人脸处理', 'scanned, face consent given', async () => ok(await phone.open(), 201).name_masked);
  await step('拍摄身份证正反面', 'ID card photographed, both sides', async () => {
    await phone.cards(c.person);
    return (await phone.check()).front.recognised?.id_number_masked;
  });
  await step('活体检测', 'liveness', async () => {
    const { liveness } = await phone.live();
    if (liveness.state !== 'passed') throw new Error(`liveness: ${liveness.state} ${liveness.reason ?? ''}`);
    return (await c.reaches('awaiting_payment')).state_label;
  });
}

async function payOnline(c, provider) {
  await step(`扫码支付（${provider}）`, 'paid by QR code', async () => {
    const { fees } = await c.order();
    await c.pay();
    return `${yuan(fees.total_fen)}, ${(await c.order()).state_label}`;
  });
}

async function payByTransfer(c) {
  await step('对公转账并上传凭证', 'transferred, voucher handed in', async () => {
    await c.openPayment('bank_transfer');
    await c.handInVoucher();
    return (await c.order()).state_label;
  });
}

async function review(c) {
  for (const [username, zh, en] of [['reviewer', '审核', 'reviewed'], ['reviewer2', '复核', 'second review']]) {
    let state;
    await step(zh, `${en}, by ${username}`, async () => {
      const { revision_sha256 } = await c.claim(username);
      ({ state } = ok(await (await staff(username)).post(`${c.adminPath}/approval`, { revision_sha256 })));
      return (await c.order()).state_label;
    });
    if (state !== 'pending_second_review') return;
  }
}

// ---- the certificate ----

const openssl = async (...words) => (await run('openssl', words)).stdout.trim();

/** What a stranger with the published authorities finds, in a directory that is gone afterwards. */
async function withFiles(act) {
  const at = mkdtempSync(`${dir}/tmp/journey-`);
  try {
    return await act(at);
  } finally {
    rmSync(at, { recursive: true });
  }
}

async function verify(c, pin, algorithm) {
  await withFiles(async (at) => {
    await step('以 PIN 打开证书文件', 'certificate file opened with the PIN', async () => {
      const reply = await c.client.get(`${c.path}/certificate.p12`);
      ok(reply);
      writeFileSync(`${at}/c.p12`, reply.body);
      writeFileSync(`${at}/pin`, pin, { mode: 0o600 });
      await openssl('pkcs12', '-in', `${at}/c.p12`, '-passin', `file:${at}/pin`, '-nodes', '-out', `${at}/opened.pem`);
      await openssl('x509', '-in', `${at}/opened.pem`, '-out', `${at}/own.pem`);
      return openssl('x509', '-in', `${at}/own.pem`, '-noout', '-subject', '-nameopt', 'utf8,sep_comma_plus');
    });
    await step('以 openssl 验证证书链', `${algorithm} chain verified by openssl`, async () => {
      for (const which of ['root', 'issuing']) writeFileSync(`${at}/${which}.pem`, (await request(`${process.env.HALL_URL}/pki/${algorithm}-${which}.crt`)).body);
      const id = algorithm === 'sm2' ? ['-vfyopt', 'distid:1234567812345678'] : [];
      await openssl('verify', ...id, '-CAfile', `${at}/root.pem`, `${at}/issuing.pem`);
      // The option of SM2 reaches only the last certificate of a path, so its levels are checked one by one.
      if (algorithm === 'sm2') await openssl('verify', ...id, '-partial_chain', '-trusted', `${at}/issuing.pem`, `${at}/own.pem`);
      else await openssl('verify', '-x509_strict', '-CAfile', `${at}/root.pem`, '-untrusted', `${at}/issuing.pem`, `${at}/own.pem`);
      const [ours, key] = await Promise.all([openssl('x509', '-in', `${at}/own.pem`, '-noout', '-pubkey'),
        openssl('pkey', '-in', `${at}/opened.pem`, '-pubout')]);
      if (ours !== key) throw new Error('the key in the file is not the one in the certificate');
      return openssl('x509', '-in', `${at}/own.pem`, '-noout', '-serial', '-enddate').then((text) => text.replace('\n', ' '));
    });
    await step('离线验证回执', 'receipt verified offline', async () => {
      const { statement, signature, public_key: key, key_id: id } = ok(await c.client.get(`${c.path}/receipt`));
      writeFileSync(`${at}/receipt.json`, statement);
      writeFileSync(`${at}/receipt.sig`, Buffer.from(signature, 'base64'));
      writeFileSync(`${at}/audit.pem`, (await request(`${process.env.HALL_URL}/pki/audit.pem`)).body);
      if (readFileSync(`${at}/audit.pem`, 'utf8').trim() !== key.trim()) throw new Error('the receipt names another key than the published one');
      await openssl('pkeyutl', '-verify', '-pubin', '-inkey', `${at}/audit.pem`, '-rawin', '-in', `${at}/receipt.json`, '-sigfile', `${at}/receipt.sig`);
      return id.slice(0, 16);
    });
  });
}

async function deliver(c) {
  await step('绑定运单寄出', 'dispatched', async () => {
    await c.ship();
    return c.trackingNo;
  });
  await step('快递送达签收', 'signed for', async () => (await c.deliver()).state_label);
  await step('确认收到', 'receipt confirmed', async () => (await c.complete()).state_label);
}

/** Asked for with the certificate; by now it is there. */
async function billed(c) {
  await step('电子发票已开具', 'electronic invoice issued', async () => {
    const { number, amount_fen, tax_fen } = await until('the invoice', async () => {
      const { json } = await c.client.get(`${c.path}/invoice`);
      return json.state === 'sent' && json;
    }, 20_000);
    const { body } = await c.client.get(`${c.path}/invoice.pdf`);
    return `${number}, ${yuan(amount_fen)} (${yuan(tax_fen)}), ${body.length} B`;
  });
}

// ---- the two ----

async function organisation() {
  say('\n机构证书，微信支付，SM2   organisation, WeChat Pay, SM2');
  const c = new Case({ type: 'organisation', method: 'wechat_pay' });
  await register(c);
  await apply(c);
  await identify(c);
  await payOnline(c, '微信支付');
  await review(c);
  let pin;
  await step('金融认证：对方账户收到 0.01 元', '0.01 yuan arrives, its memo holds the PIN', async () => {
    const memo = await bankMemo(c.form.bank_account.account_number);
    [, pin] = /PIN码(\w{12})/.exec(memo);
    return memo.replace(pin, '*'.repeat(pin.length));
  });
  await step('签发证书', 'certificate made', async () => (await c.reaches('issued', 20_000)).state_label);
  await verify(c, pin, 'sm2');
  await deliver(c);
  await billed(c);
}

async function person() {
  say('\n自然人证书，银行转账，P-256   natural person, bank transfer, P-256');
  const c = new Case({ type: 'natural_person', method: 'bank_transfer' });
  await register(c);
  await apply(c);
  await identify(c);
  await payByTransfer(c);
  await review(c);
  await step('财务核对到账', 'funds matched by finance', async () => {
    await c.confirmFunds();
    return (await c.order()).state_label;
  });
  await step('签发证书', 'certificate made', async () => (await c.reaches('issued', 20_000)).state_label);
  let pin;
  await step('短信收到 PIN', 'the PIN arrives by SMS', async () => {
    const { text } = await readSms(c.person.mobile, 'N19');
    [, pin] = /PIN码：(\w+)/.exec(text);
    return text.replace(pin, '*'.repeat(pin.length));
  });
  await verify(c, pin, 'p256');
  await deliver(c);
}

const began = performance.now();
try {
  await organisation();
  await person();
  say(`\n两张证书均已签发、核验并送达   both certificates made, verified and delivered in ${seconds(performance.now() - began).trim()}`);
} catch (error) {
  say(`\n未能完成   not completed: ${error.message.split('\n')[0]}`);
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}

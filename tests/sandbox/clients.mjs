// Little clients of the providers that share no code with the stand-ins; SM2 is done by the openssl
// program. Each answer says whether its signature holds: `trusted`.
import { execFileSync } from 'node:child_process';
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  randomUUID,
} from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchange, tryJson } from './helper.mjs';

const key = (file) => createPrivateKey(readFileSync(file));
const pub = (file) => createPublicKey(readFileSync(file));
const rsaSign = (k, text) => createSign('sha256').update(text).sign(k, 'base64');
const rsaVerify = (k, text, signature) => createVerify('sha256').update(text).verify(k, signature, 'base64');
const shanghai = () => new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 19).replace('T', ' ');
const today = () => shanghai().slice(0, 10).replaceAll('-', '');
const same = (s) => s;

// ---- WeChat Pay ----

export function wechatClient({ base, settings }) {
  const merchant = key(settings.wechatpay_key_file);
  const platform = pub(settings.wechatpay_public_key_file);
  const client = {
    async call(method, uri, body, { headers = {}, timestamp, spoil = same } = {}) {
      const text = body === undefined ? '' : JSON.stringify(body);
      const at = String(timestamp ?? Math.floor(Date.now() / 1000));
      const nonce = randomUUID().replaceAll('-', '');
      const path = `/wechatpay${uri}`;
      const signature = spoil(rsaSign(merchant, `${method}\n${path}\n${at}\n${nonce}\n${text}\n`));
      const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${settings.wechatpay_mchid}",nonce_str="${nonce}",timestamp="${at}",serial_no="${settings.wechatpay_serial}",signature="${signature}"`;
      const all = {
        accept: 'application/json',
        'user-agent': 'test/1',
        authorization,
        'wechatpay-serial': settings.wechatpay_public_key_id,
        ...(text && { 'content-type': 'application/json' }),
        ...headers,
      };
      const answer = await exchange(base + path, { method, headers: all, body: text || undefined });
      return {
        ...answer,
        trusted: client.trusts(answer.headers, answer.text),
        code: tryJson(answer.text)?.code,
      };
    },
    trusts(headers, body, k = platform) {
      const fresh = Math.abs(Date.now() / 1000 - Number(headers['wechatpay-timestamp'])) < 300;
      if (
        !fresh ||
        !headers['wechatpay-signature'] ||
        headers['wechatpay-serial'] !== settings.wechatpay_public_key_id
      )
        return false;
      return rsaVerify(
        k,
        `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n${body}\n`,
        headers['wechatpay-signature'],
      );
    },
    order: (number, more = {}) => ({
      appid: settings.wechatpay_appid,
      mchid: settings.wechatpay_mchid,
      description: '数字证书',
      out_trade_no: number,
      notify_url: 'http://127.0.0.1:9/callback/wechat-pay',
      amount: { total: 24000, currency: 'CNY' },
      ...more,
    }),
    prepay: (number, more) => client.call('POST', '/v3/pay/transactions/native', client.order(number, more)),
    query: (number) =>
      client.call('GET', `/v3/pay/transactions/out-trade-no/${number}?mchid=${settings.wechatpay_mchid}`),
    close: (number) =>
      client.call('POST', `/v3/pay/transactions/out-trade-no/${number}/close`, {
        mchid: settings.wechatpay_mchid,
      }),
    refund: (number, refundNumber, fen, more = {}) =>
      client.call('POST', '/v3/refund/domestic/refunds', {
        out_trade_no: number,
        out_refund_no: refundNumber,
        amount: { refund: fen, total: 24000, currency: 'CNY' },
        ...more,
      }),
    refundQuery: (number) => client.call('GET', `/v3/refund/domestic/refunds/${number}`),
    /** A callback's or a certificate's secret text. */
    decrypt({ nonce, associated_data, ciphertext }) {
      const data = Buffer.from(ciphertext, 'base64');
      const decipher = createDecipheriv(
        'aes-256-gcm',
        readFileSync(settings.wechatpay_apiv3_key_file),
        nonce,
      );
      decipher.setAAD(Buffer.from(associated_data)).setAuthTag(data.subarray(-16));
      return Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]).toString();
    },
    open(callback) {
      const event = JSON.parse(callback.body);
      return { ...event, resource: JSON.parse(client.decrypt(event.resource)) };
    },
  };
  return client;
}

// ---- Alipay ----

const joined = (params, drop) =>
  Object.keys(params)
    .filter((k) => !drop.includes(k) && params[k] !== '')
    .sort()
    .map((k) => `${k}=${params[k]}`)
    .join('&');

// The raw text of a member's object value, found by matching braces outside of strings.
function rawNode(text, name) {
  const at = text.indexOf(`"${name}":`);
  if (at < 0) return null;
  let [depth, inString] = [0, false];
  const from = text.indexOf('{', at);
  for (let i = from; i < text.length; i++) {
    if (inString && text[i] === '\\') i++;
    else if (text[i] === '"') inString = !inString;
    else if (!inString && text[i] === '{') depth++;
    else if (!inString && text[i] === '}' && --depth === 0) return text.slice(from, i + 1);
  }
  return null;
}

export function alipayClient({ base, settings }) {
  const app = key(settings.alipay_key_file);
  const alipay = pub(settings.alipay_public_key_file);
  const client = {
    async call(method, content, { more = {}, spoil = same } = {}) {
      const params = {
        app_id: settings.alipay_app_id,
        method,
        format: 'JSON',
        charset: 'utf-8',
        sign_type: 'RSA2',
        timestamp: shanghai(),
        version: '1.0',
        biz_content: JSON.stringify(content),
        ...more,
      };
      const { biz_content, ...rest } = { ...params, sign: spoil(rsaSign(app, joined(params, ['sign']))) };
      const query = Object.entries(rest)
        .filter(([, v]) => v !== '')
        .map(([k, v]) => `${k}=${encodeURIComponent(v)}`)
        .join('&');
      const headers = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' };
      const answer = await exchange(`${base}/alipay/gateway.do?${query}`, {
        method: 'POST',
        headers,
        body: `biz_content=${encodeURIComponent(biz_content)}`,
      });
      const node = rawNode(answer.text, `${method.replaceAll('.', '_')}_response`);
      const whole = tryJson(answer.text);
      return {
        ...answer,
        trusted: Boolean(node && whole?.sign && rsaVerify(alipay, node, whole.sign)),
        node: node && tryJson(node),
        error: whole?.error_response,
      };
    },
    precreate: (number, more = {}, params = {}) =>
      client.call(
        'alipay.trade.precreate',
        {
          out_trade_no: number,
          total_amount: '243.00',
          subject: '数字证书',
          product_code: 'FACE_TO_FACE_PAYMENT',
          timeout_express: '90m',
          ...more,
        },
        { more: params },
      ),
    query: (number) => client.call('alipay.trade.query', { out_trade_no: number }),
    close: (number) => client.call('alipay.trade.close', { out_trade_no: number }),
    cancel: (number) => client.call('alipay.trade.cancel', { out_trade_no: number }),
    refund: (number, request, amount) =>
      client.call('alipay.trade.refund', {
        out_trade_no: number,
        out_request_no: request,
        refund_amount: amount,
      }),
    refundQuery: (number, request) =>
      client.call('alipay.trade.fastpay.refund.query', { out_trade_no: number, out_request_no: request }),
    trusts(body) {
      const params = Object.fromEntries(new URLSearchParams(body));
      return Boolean(params.sign) && rsaVerify(alipay, joined(params, ['sign', 'sign_type']), params.sign);
    },
  };
  return client;
}

// ---- Aliyun SMS ----

const hex256 = (data) => createHash('sha256').update(data).digest('hex');
const escape = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());

export function smsClient({ base, settings }) {
  const secret = readFileSync(settings.sms_access_key_secret_file, 'utf8');
  const client = {
    async call(action, params, { headers = {}, spoil = same, path = '/' } = {}) {
      const query = Object.keys(params)
        .sort()
        .map((k) => `${escape(k)}=${escape(params[k])}`)
        .join('&');
      const signed = {
        host: new URL(base).host,
        'x-acs-action': action,
        'x-acs-content-sha256': hex256(''),
        'x-acs-date': new Date().toISOString().replace(/\.\d+/, ''),
        'x-acs-signature-nonce': randomUUID(),
        'x-acs-version': '2017-05-25',
        ...headers,
      };
      const names = Object.keys(signed).sort();
      const canonical = `POST\n${path}\n${query}\n${names.map((n) => `${n}:${signed[n]}\n`).join('')}\n${names.join(';')}\n${hex256('')}`;
      const signature = spoil(
        createHmac('sha256', secret)
          .update(`ACS3-HMAC-SHA256\n${hex256(canonical)}`)
          .digest('hex'),
      );
      const authorization = `ACS3-HMAC-SHA256 Credential=${settings.sms_access_key_id},SignedHeaders=${names.join(';')},Signature=${signature}`;
      const answer = await exchange(`${base}/sms/?${query}`, {
        method: 'POST',
        headers: { ...signed, authorization, accept: 'application/json' },
        body: '',
      });
      return { ...answer, ...tryJson(answer.text) };
    },
    send: (phone, template, params, more = {}) =>
      client.call('SendSms', {
        PhoneNumbers: phone,
        SignName: settings.sms_sign_name,
        TemplateCode: template,
        TemplateParam: JSON.stringify(params),
        OutId: randomUUID(),
        ...more,
      }),
    details: (phone, more = {}) =>
      client.call('QuerySendDetails', {
        PhoneNumber: phone,
        SendDate: today(),
        PageSize: '50',
        CurrentPage: '1',
        ...more,
      }),
  };
  return client;
}

// ---- Tencent ----

export function tencentClient({ base, settings }) {
  const secret = readFileSync(settings.faceid_secret_key_file, 'utf8');
  const hmac = (k, text) => createHmac('sha256', k).update(text).digest();
  return {
    async call(
      action,
      params,
      { headers = {}, service, timestamp = Math.floor(Date.now() / 1000), spoil = same } = {},
    ) {
      const [name, version] = action === 'IDCardOCR' ? ['ocr', '2018-11-19'] : ['faceid', '2018-03-01'];
      const payload = JSON.stringify(params);
      const type = 'application/json; charset=utf-8';
      const host = headers.host ?? new URL(base).host;
      const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
      const scope = `${date}/${service ?? name}/tc3_request`;
      const canonical = `POST\n/\n\ncontent-type:${type}\nhost:${host}\n\ncontent-type;host\n${hex256(payload)}`;
      const signing = hmac(hmac(hmac(`TC3${secret}`, date), service ?? name), 'tc3_request');
      const signature = spoil(
        hmac(signing, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${hex256(canonical)}`).toString('hex'),
      );
      const authorization = `TC3-HMAC-SHA256 Credential=${settings.faceid_secret_id}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`;
      const all = {
        'content-type': type,
        authorization,
        'x-tc-action': action,
        'x-tc-version': version,
        'x-tc-timestamp': String(timestamp),
        ...headers,
      };
      const answer = await exchange(`${base}/faceid`, { method: 'POST', headers: all, body: payload });
      return {
        ...answer,
        response: tryJson(answer.text)?.Response,
        error: tryJson(answer.text)?.Response?.Error?.Code,
      };
    },
  };
}

// ---- The bank ----

function sortedJson(value) {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((k) => `${JSON.stringify(k)}:${sortedJson(value[k])}`)
    .join(',')}}`;
}

function derInteger(raw) {
  let bytes = raw;
  while (bytes.length > 1 && !bytes[0] && bytes[1] < 128) bytes = bytes.subarray(1);
  if (bytes[0] > 127) bytes = Buffer.concat([Buffer.from([0]), bytes]);
  return Buffer.concat([Buffer.from([2, bytes.length]), bytes]);
}

function opensslSm2(dir) {
  const [text, signature] = ['sm2.text', 'sm2.signature'].map((name) => join(dir, name));
  const run = (mode, keyFile, id, more) =>
    execFileSync(
      'openssl',
      [
        'pkeyutl',
        mode,
        ...more,
        '-inkey',
        keyFile,
        '-rawin',
        '-digest',
        'sm3',
        '-in',
        text,
        '-pkeyopt',
        `distid:${id}`,
      ],
      { stdio: 'pipe' },
    );
  return {
    sign(message, keyFile, id) {
      writeFileSync(text, message);
      const der = run('-sign', keyFile, id, []);
      const read = (at) => der.subarray(at + 2, at + 2 + der[at + 1]);
      const r = read(2);
      return Buffer.concat(
        [r, read(4 + r.length)].map((p) => Buffer.concat([Buffer.alloc(32), p]).subarray(-32)),
      ).toString('base64');
    },
    verify(message, base64, keyFile, id) {
      const raw = Buffer.from(base64, 'base64');
      const body = Buffer.concat([derInteger(raw.subarray(0, 32)), derInteger(raw.subarray(32))]);
      writeFileSync(text, message);
      writeFileSync(signature, Buffer.concat([Buffer.from([0x30, body.length]), body]));
      try {
        run('-verify', keyFile, id, ['-pubin', '-sigfile', signature]);
        return true;
      } catch {
        return false;
      }
    },
  };
}

export function bankClient({ base, settings, keys }) {
  const sm2 = opensslSm2(keys.dir);
  const sm4 = readFileSync(settings.bank_sm4_key_file);
  const id = (settings.bank_uid + '0'.repeat(16)).slice(0, 16);
  const place = '__signature_sigdat__';
  const client = {
    async call(funcode, body, { spoil = same, form = {} } = {}) {
      const text = sortedJson({
        request: { head: { funcode, userid: settings.bank_uid, reqid: randomUUID() }, body },
        signature: { sigtim: shanghai().replace(/\D/g, ''), sigdat: place },
      });
      const cipher = createCipheriv('sm4-cbc', sm4, id);
      const DATA = Buffer.concat([
        cipher.update(spoil(text.replace(place, sm2.sign(text, settings.bank_sm2_key_file, id)))),
        cipher.final(),
      ]).toString('base64');
      const fields = new URLSearchParams({
        UID: settings.bank_uid,
        FUNCODE: funcode,
        ALG: 'SM',
        DATA,
        ...form,
      });
      const answer = await exchange(`${base}/bank/cdcserver/api/v2`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: fields.toString(),
      });
      if (!/^[A-Za-z0-9+/=]+$/.test(answer.text)) return { ...answer, gateway: answer.text };
      const decipher = createDecipheriv('sm4-cbc', sm4, id);
      const plain = Buffer.concat([
        decipher.update(Buffer.from(answer.text, 'base64')),
        decipher.final(),
      ]).toString();
      const parsed = tryJson(plain);
      const signature = parsed?.signature?.sigdat;
      return {
        ...answer,
        plain,
        trusted:
          Boolean(signature) &&
          sm2.verify(plain.replace(signature, place), signature, settings.bank_public_key_file, id),
        head: parsed?.response?.head,
        content: parsed?.response?.body,
      };
    },
    payment: (yurRef, crtAcc, more = {}) => ({
      dbtAcc: settings.bank_account,
      crtAcc,
      crtNam: '沈阳测试科技有限公司',
      brdNbr: '102221000011',
      ccyNbr: '10',
      trsAmt: '0.01',
      bnkFlg: 'N',
      stlChn: 'R',
      nusAge: 'PIN:1234567890',
      yurRef,
      rcvChk: '1',
      ...more,
    }),
    async pay(...args) {
      const answer = await client.call('BB1PAYOP', {
        bb1paybmx1: [{ busCod: 'N02030', busMod: '' }],
        bb1payopx1: [client.payment(...args)],
      });
      return { ...answer, z: answer.content?.bb1payopz1?.[0] };
    },
    async query(yurRef) {
      const answer = await client.call('BB1PAYQR', { bb1payqrx1: [{ busCod: 'N02030', yurRef }] });
      return { ...answer, z: answer.content?.bb1payqrz1?.[0] };
    },
    returned: (day = today()) =>
      client.call('BB1PAYQB', { bb1payqby1: [{ accNbr: settings.bank_account, bgnDat: day, endDat: day }] }),
    async statement(y, more = {}, day = today()) {
      const answer = await client.call('trsQryByBreakPoint', {
        TRANSQUERYBYBREAKPOINT_X1: [
          { cardNbr: settings.bank_account, beginDate: day, endDate: day, transactionSequence: '1', ...more },
        ],
        ...(y && { TRANSQUERYBYBREAKPOINT_Y1: y }),
      });
      const [points, control, lines] = ['Y1', 'Z1', 'Z2'].map(
        (n) => answer.content?.[`TRANSQUERYBYBREAKPOINT_${n}`],
      );
      return { ...answer, points, control: control?.[0], lines };
    },
  };
  return client;
}

// ---- SF ----

const javaEscape = (text) =>
  [...Buffer.from(text)]
    .map((b) =>
      /[A-Za-z0-9.*_-]/.test(String.fromCharCode(b))
        ? String.fromCharCode(b)
        : b === 32
          ? '+'
          : '%' + b.toString(16).toUpperCase().padStart(2, '0'),
    )
    .join('');

export function sfClient({ base, settings }) {
  const checkword = readFileSync(settings.courier_checkword_file, 'utf8');
  const client = {
    async call(serviceCode, data, { form = {}, spoil = same } = {}) {
      const msgData = JSON.stringify(data);
      const timestamp = String(Date.now());
      const msgDigest = spoil(
        createHash('md5')
          .update(javaEscape(msgData + timestamp + checkword))
          .digest('base64'),
      );
      const fields = new URLSearchParams({
        partnerID: settings.courier_partner_id,
        requestID: randomUUID(),
        serviceCode,
        timestamp,
        msgDigest,
        msgData,
        ...form,
      });
      const answer = await exchange(`${base}/sf/std/service`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
        body: fields.toString(),
      });
      const outer = tryJson(answer.text);
      const asText = typeof outer?.apiResultData === 'string';
      return {
        ...answer,
        outer,
        asText,
        result: asText ? tryJson(outer.apiResultData) : outer?.apiResultData,
      };
    },
    order: (orderId, more = {}) =>
      client.call('EXP_RECE_CREATE_ORDER', {
        language: 'zh-CN',
        orderId,
        expressTypeId: 2,
        payMethod: 1,
        monthlyCard: '7551234567',
        cargoDetails: [{ name: '数字证书 UKey (一枚) *~' }],
        contactInfoList: [
          { contactType: 1, contact: '测试寄件', tel: '4001123838', address: '深圳市测试路1号' },
          { contactType: 2, contact: '测试收件', mobile: '13800001234', address: '沈阳市测试路2号' },
        ],
        ...more,
      }),
    search: (orderId) =>
      client.call('EXP_RECE_SEARCH_ORDER_RESP', { searchType: '1', orderId, language: 'zh-CN' }),
    routes: (number, more = {}) =>
      client.call('EXP_RECE_SEARCH_ROUTES', {
        language: '0',
        trackingType: '1',
        trackingNumber: [number],
        methodType: '1',
        ...more,
      }),
  };
  return client;
}

// ---- Nuonuo ----

export function nuonuoClient({ base, settings }) {
  const read = (name) => readFileSync(settings[name], 'utf8');
  const seller = settings.invoice_seller_tax_number;
  const client = {
    async call(method, data, { query = {}, headers = {}, spoil = same } = {}) {
      const body = typeof data === 'string' ? data : JSON.stringify(data);
      const q = { senid: randomUUID().replaceAll('-', ''), nonce: '12345678', timestamp: String(Math.floor(Date.now() / 1000)),
        appkey: settings.invoice_app_key, ...query };
      const text = `a=services&l=v1&p=open&k=${q.appkey}&i=${q.senid}&n=${q.nonce}&t=${q.timestamp}&f=${body}`;
      const sign = spoil(createHmac('sha1', read('invoice_app_secret_file')).update(text).digest('base64'));
      const answer = await exchange(`${base}/nuonuo/open/v1/services?${new URLSearchParams(q)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=UTF-8', 'X-Nuonuo-Sign': sign, accessToken: read('invoice_token_file'),
          userTax: seller, method: `nuonuo.OpeMplatform.${method}`, ...headers },
        body,
      });
      return { ...answer, said: tryJson(answer.text) };
    },
    order: (orderNo, more = {}, line = {}) => ({
      orderNo,
      invoiceDate: shanghai(),
      invoiceType: '1',
      invoiceLine: 'pc',
      buyerName: '测试公司甲',
      buyerTaxNum: '91210102MA0ABCD1XL',
      naturalPersonFlag: '0',
      salerTaxNum: seller,
      clerk: '测试开票员',
      pushMode: '-1',
      invoiceDetail: [
        { goodsName: '数字证书服务费', goodsCode: '3040203000000000000', withTaxFlag: '1', price: '240.00', num: '1', taxRate: '0.06',
          taxExcludedAmount: '226.42', tax: '13.58', taxIncludedAmount: '240.00', ...line },
      ],
      ...more,
    }),
    issue: (orderNo, more, line) => client.call('requestBillingNew', { order: client.order(orderNo, more, line) }),
    query: (orderNo) => client.call('queryInvoiceResult', { orderNos: [orderNo], isOfferInvoiceDetail: '0' }),
    confirm: (billId, blue) =>
      client.call('saveInvoiceRedConfirm', { billId, blueInvoiceLine: 'pc', applySource: '0', blueElecInvoiceNumber: blue,
        billTime: shanghai(), sellerTaxNo: seller, redReason: '3' }),
    confirmed: (billId) => client.call('queryInvoiceRedConfirm', { identity: '0', billId }),
    red: (orderNo, billNo) => client.call('fastInvoiceRed', { orderNo, billNo, clerk: '测试开票员' }),
  };
  return client;
}

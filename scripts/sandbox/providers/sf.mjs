// SF Express open platform: requests, orders, and the push of routes.
import { createHash } from 'node:crypto';
import { alphanumeric, digits, formObject, isText, jsonObject, rfc3986 } from '../lib/text.mjs';
import { SfParcels } from './sf_parcels.mjs';

const SKEW_MS = 15 * 60_000;
const RETRIES = [0, 30, 60, 120, 300, 600, 1800, 3600];
const CREATE = ['EXP_RECE_CREATE_ORDER'];
const MODES = {
  duplicate: { on: 'call', actions: CREATE, about: '已下单，答 8016 重复下单' },
  repeat_returns_first: { on: 'call', actions: CREATE, about: '重复的 orderId 不报错，返回原运单号' },
  manual_filter: { on: 'call', actions: CREATE, about: '人工筛单（filterResult 1）' },
  not_deliverable: { on: 'call', actions: CREATE, about: '不可收派（filterResult 3）' },
  no_collect: { on: 'call', actions: CREATE, about: '收件地不支持到付（8256）' },
  monthly_card: { on: 'call', actions: CREATE, about: '月结卡号有误（8114）' },
  routes_object: { on: 'call', about: 'apiResultData 是对象而不是字符串' },
  backwards: { on: 'call', actions: ['EXP_RECE_SEARCH_ROUTES'], about: '路由少了最后一条' },
};
const javaEncode = (text) =>
  rfc3986(text).replaceAll('~', '%7E').replaceAll('%2A', '*').replaceAll('%20', '+');
const DIGESTS = {
  standard_md5: (text) => createHash('md5').update(javaEncode(text)).digest('base64'),
  simple_md5: (text) => createHash('md5').update(text).digest('base64'),
  sm3: (text) => createHash('sm3').update(text).digest('hex'),
};
/** The message digest in one of the account's three modes. */
export const sfDigest = (mode, msgData, timestamp, checkword) =>
  DIGESTS[mode](msgData + timestamp + checkword);

const gateway = (apiResultCode, apiErrorMsg) => ({
  status: 200,
  code: apiResultCode,
  json: { apiResultCode, apiErrorMsg, apiResponseID: alphanumeric(32).toUpperCase(), apiResultData: '' },
});

export class Sf extends SfParcels {
  name = 'sf';
  title = '顺丰速运';
  prefix = '/sf';
  callbackKinds = ['route'];
  modes = MODES;
  #requestIds = new Map();

  constructor(house) {
    super(house);
    this.orders = house.store.table('sf_order');
    house.callbacks.register(this.name, {
      schedule: RETRIES,
      build: ({ data }) => ({
        headers: { 'content-type': 'application/json;charset=UTF-8' },
        body: JSON.stringify({ Body: { WaybillRoute: [data] } }),
      }),
      accepted: (status, body) => status === 200 && jsonObject(body)?.return_code === '0000',
    });
  }

  identify(call) {
    call.form = formObject(call.text());
    call.data = jsonObject(call.form?.msgData);
    const number = call.data?.trackingNumber;
    return {
      action: call.form?.serviceCode ?? 'unknown',
      key: call.data?.orderId ?? (Array.isArray(number) ? number[0] : number),
    };
  }

  verify(call) {
    call.signature = 'bad';
    const f = call.form;
    if (call.method !== 'POST' || call.path !== '/std/service' || !f) return gateway('A1001', '请求格式有误');
    if (
      !['partnerID', 'requestID', 'serviceCode', 'timestamp', 'msgData'].every((n) =>
        isText(f[n], 1, 1 << 20),
      )
    )
      return gateway('A1001', '必传参数不可为空');
    if (!f.msgDigest) {
      call.signature = 'missing';
      return gateway('A1001', '必传参数不可为空');
    }
    if (f.partnerID !== this.config.partner_id) return gateway('A1004', '合作方无此接口权限');
    if (f.msgDigest !== sfDigest(this.config.digest, f.msgData, f.timestamp, this.config.checkword))
      return gateway('A1006', '数字签名无效');
    if (!/^\d{13}$/.test(f.timestamp) || Math.abs(Number(f.timestamp) - this.clock.now()) > SKEW_MS)
      return gateway('A1008', '时间戳超出范围');
    call.signature = 'ok';
    if (this.#requestIds.has(f.requestID)) return gateway('A1007', 'requestID 重复');
    this.#requestIds.set(f.requestID, true);
    if (this.#requestIds.size > 50_000) this.#requestIds.delete(this.#requestIds.keys().next().value);
    return call.data ? null : gateway('A1001', 'msgData 不是 JSON 对象');
  }

  refusal({ mode }) {
    if (mode === 'rate_limit') return gateway('A1005', 'API服务访问超限');
    if (mode === 'maintenance') return gateway('A1099', '系统维护中');
    if (mode === 'no_collect') return this.say(null, '8256', '该地址不支持到付或现结');
    if (mode === 'monthly_card') return this.say(null, '8114', '月结卡号不匹配');
    return null;
  }

  handle(call) {
    switch (call.action) {
      case 'EXP_RECE_CREATE_ORDER':
        return this.#create(call.data, call.mode);
      case 'EXP_RECE_SEARCH_ORDER_RESP':
        return this.#search(call.data);
      case 'EXP_RECE_UPDATE_ORDER':
        return this.#update(call.data);
      case 'EXP_RECE_SEARCH_ROUTES':
        return this.routes(call.data, call.mode);
      default:
        return gateway('A1004', '无此服务代码的权限');
    }
  }

  say(msgData, errorCode = 'S0000', errorMsg = null) {
    const apiResultData = { success: errorCode === 'S0000', errorCode, errorMsg, msgData };
    return {
      status: 200,
      code: errorCode,
      json: {
        apiResultCode: 'A1000',
        apiErrorMsg: '',
        apiResponseID: alphanumeric(32).toUpperCase(),
        apiResultData,
      },
    };
  }

  // ---- Orders ----

  #create(d, mode) {
    const wrong = this.#orderFault(d);
    if (wrong) return this.say(null, ...wrong);
    const known = this.orders.get(d.orderId);
    if (known?.cancelled_at) return this.say(null, '8037', '订单已取消，不能重复使用');
    if (known && mode !== 'repeat_returns_first') return this.say(null, '8016', '重复下单');
    const receiver = d.contactInfoList.find((c) => c.contactType === 2);
    const order = known ?? {
      orderId: d.orderId,
      waybillNo: 'SF' + digits(13),
      payMethod: d.payMethod ?? 1,
      phone: receiver.mobile ?? receiver.tel,
      created_at: this.clock.now(),
      cancelled_at: null,
      filterResult: { manual_filter: 1, not_deliverable: 3 }[mode] ?? 2,
    };
    if (!known) {
      this.store.put('sf_order', order.orderId, order);
      if (order.filterResult === 2)
        this.parcel(order.waybillNo, { orderId: order.orderId, phone_tail: order.phone.slice(-4) });
    }
    if (mode === 'duplicate') return this.say(null, '8016', '重复下单');
    return this.say(this.#orderText(order));
  }

  #orderFault(d) {
    if (!isText(d.orderId, 1, 64)) return ['1010', 'orderId 有误'];
    const contacts = Array.isArray(d.contactInfoList) ? d.contactInfoList : [];
    for (const type of [1, 2]) {
      const c = contacts.find((x) => x?.contactType === type);
      if (!c) return ['1011', type === 1 ? '寄件人为空' : '收件人为空'];
      if (!isText(c.contact ?? c.company, 1, 100)) return ['1012', '联系人为空'];
      if (!isText(c.mobile ?? c.tel, 4, 20)) return ['1014', '联系电话为空'];
      if (!isText(c.address, 2, 200)) return ['1016', '详细地址为空'];
    }
    if (!Array.isArray(d.cargoDetails) || !isText(d.cargoDetails[0]?.name, 1, 128))
      return ['20011', '货物名称为空'];
    if (d.payMethod !== undefined && ![1, 2, 3].includes(d.payMethod)) return ['8119', '付款方式有误'];
    if (d.monthlyCard && !/^\d{10}$/.test(d.monthlyCard)) return ['6126', '月结卡号须为10位数字'];
    if (d.monthlyCard && d.monthlyCard !== this.config.monthly_card) return ['8114', '月结卡号不匹配'];
    return null;
  }

  #orderText = (o) => ({
    orderId: o.orderId,
    originCode: '755',
    destCode: '024',
    filterResult: o.filterResult,
    remark: o.filterResult === 3 ? '超出派送范围' : '',
    waybillNoInfoList: o.filterResult === 2 ? [{ waybillType: 1, waybillNo: o.waybillNo }] : [],
    routeLabelInfo: [
      {
        code: '1000',
        routeLabelData: { waybillNo: o.waybillNo, sourceTransferCode: '755WF', destRouteLabel: '024-A1' },
      },
    ],
  });

  #search(d) {
    const order = this.orders.get(d.orderId);
    return order ? this.say(this.#orderText(order)) : this.say(null, '8018', '未获取到订单信息');
  }

  #update(d) {
    const order = this.orders.get(d.orderId);
    if (!order) return this.say(null, '8018', '未获取到订单信息');
    if (d.dealType !== 2) return this.say({ orderId: order.orderId, resStatus: 2 });
    if (order.cancelled_at) return this.say(null, '8037', '订单已取消');
    if (this.parcels.get(order.waybillNo)?.routes.length)
      return this.say(null, '8252', '快件已揽收，不能取消');
    this.store.put('sf_order', order.orderId, Object.assign(order, { cancelled_at: this.clock.now() }));
    return this.say({ orderId: order.orderId, resStatus: 2 });
  }

  strange(json) {
    for (const r of json.apiResultData?.msgData?.routeResps ?? [])
      for (const route of r.routes) route.opCode = '98765';
    json.newField = { since: 'tomorrow' };
  }

  /** The results travel as JSON text inside the JSON. */
  render(json, call) {
    const inner = json.apiResultData;
    const asText = inner && call.mode !== 'routes_object' ? JSON.stringify(inner) : inner;
    return JSON.stringify({ ...json, apiResultData: asText });
  }

  seal(reply) {
    return {
      status: 200,
      headers: { 'content-type': 'application/json;charset=UTF-8' },
      body: reply.payload,
    };
  }
}

// SF Express: parcels, their routes, and the walks that testers send them on.
import { randomUUID } from 'node:crypto';
import { chinaTime, digits, isText, utc } from '../lib/text.mjs';

const STEP_S = 30; // between two events of a walk
/** What testers call a step, with the operation code and text of the courier. */
export const STEPS = {
  picked: ['50', '顺丰速运 已收取快件'],
  transit: ['30', '快件在【深圳总集散中心】完成分拣，准备发往下一站'],
  arrived: ['31', '快件到达【沈阳浑南营业点】'],
  out: ['44', '快件交给快递员，正在派送途中'],
  signed: ['80', '已签收，感谢使用顺丰'],
  problem: ['33', '派送不成功，待再次派送'],
  failed: ['70', '由于收件人不在，派件不成功'],
  returning: ['99', '应寄件方要求，快件正在退回'],
  returned: ['648', '快件已退回/转寄，新单号为原单退回'],
  lost: ['33', '快件遗失，客服正在处理'],
};
const WALKS = {
  signed: ['picked', 'transit', 'arrived', 'out', 'signed'],
  returned: ['picked', 'transit', 'out', 'failed', 'returning', 'returned'],
  lost: ['picked', 'transit', 'lost'],
};
export const walkNames = Object.keys(WALKS);

export class SfParcels {
  constructor({ config, clock, store, callbacks, faults }) {
    Object.assign(this, { config, clock, store, callbacks, faults });
    this.parcels = store.table('sf_parcel'); // by waybill number
  }

  parcel(waybillNo, fields = {}) {
    const known = this.parcels.get(waybillNo) ?? { waybillNo, orderId: '', phone_tail: '', routes: [] };
    return this.store.put('sf_parcel', waybillNo, Object.assign(known, fields));
  }

  routes(d, mode) {
    const numbers = Array.isArray(d.trackingNumber) ? d.trackingNumber : [d.trackingNumber];
    if (![1, 2, '1', '2'].includes(d.trackingType) || !numbers.every((n) => isText(n, 1, 64)))
      return this.say(null, '1010', '查询参数有误');
    if (numbers.length > 10) return this.say(null, '8003', '查询单号过多');
    const routeResps = numbers.map((number) => {
      const parcel = this.parcels.get(
        Number(d.trackingType) === 2 ? this.orders.get(number)?.waybillNo : number,
      );
      // A waybill that was not made by our account shows itself only to who knows the phone's tail.
      const hidden = parcel && !parcel.orderId && parcel.phone_tail && parcel.phone_tail !== d.checkPhoneNo;
      const routes = parcel && !hidden ? this.#sorted(parcel) : [];
      return {
        mailNo: parcel?.waybillNo ?? number,
        routes: mode === 'backwards' ? routes.slice(0, -1) : routes,
      };
    });
    return this.say({ routeResps });
  }

  #sorted = (parcel) =>
    [...parcel.routes]
      .sort((a, b) => a.at - b.at)
      .map((r) => ({
        acceptTime: chinaTime(r.at),
        acceptAddress: r.place,
        remark: r.remark,
        opCode: r.op_code,
      }));

  /** Something happens to a parcel, known before or not; the hall hears of it by a push. */
  addEvent(waybillNo, { state, op_code, remark, place = '深圳市', at, phone_tail }) {
    const [code, text] = STEPS[state] ?? [op_code, '快件运输中'];
    const parcel = this.parcel(waybillNo, phone_tail ? { phone_tail } : {});
    const route = {
      id: String(Date.now()) + digits(6),
      at: at ?? this.clock.now(),
      op_code: op_code ?? code,
      remark: remark ?? text,
      place,
    };
    parcel.routes.push(route);
    this.parcel(waybillNo);
    if (this.config.push_url) {
      const data = {
        mailno: waybillNo,
        acceptAddress: place,
        reasonName: '',
        orderid: parcel.orderId,
        acceptTime: chinaTime(route.at),
        remark: route.remark,
        opCode: route.op_code,
        id: route.id,
        reasonCode: '',
      };
      this.callbacks.send(this.name, 'route', { url: this.config.push_url, ref: waybillNo, data });
    }
    return { id: route.id, at: utc(route.at), op_code: route.op_code, remark: route.remark, place };
  }

  /** Lets a parcel go its way by itself: "signed", "returned" or "lost". */
  walk(waybillNo, to, seconds = STEP_S) {
    const id = randomUUID();
    WALKS[to].forEach((state, i) =>
      this.#stepLater(id, { waybillNo, state, due: this.clock.later(i * seconds), i }),
    );
    return WALKS[to];
  }

  #stepLater(id, step) {
    const key = `${id} ${step.i}`;
    this.store.put('sf_step', key, step);
    this.clock.at(step.due, () => {
      if (this.store.get('sf_step', key) !== step) return;
      this.store.remove('sf_step', key);
      this.addEvent(step.waybillNo, { state: step.state });
    });
  }

  views = () =>
    [...this.parcels.values()].map((p) => ({
      tracking_no: p.waybillNo,
      order_id: p.orderId || null,
      events: this.#sorted(p).map((r) => ({
        at: r.acceptTime,
        op_code: r.opCode,
        remark: r.remark,
        place: r.acceptAddress,
      })),
    }));

  resume() {
    for (const [key, step] of this.store.table('sf_step')) this.#stepLater(key.split(' ')[0], step);
  }
}

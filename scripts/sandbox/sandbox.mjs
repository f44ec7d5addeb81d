// Puts the house together: clock, memory, faults, callbacks, the stand-ins, the control calls.
import { Callbacks } from './callbacks.mjs';
import { Clock } from './clock.mjs';
import { Control } from './control.mjs';
import { Faults } from './faults.mjs';
import { Alipay } from './providers/alipay.mjs';
import { Bank } from './providers/bank.mjs';
import { FaceId } from './providers/faceid.mjs';
import { Nuonuo } from './providers/nuonuo.mjs';
import { Sf } from './providers/sf.mjs';
import { Sms } from './providers/sms.mjs';
import { WechatPay } from './providers/wechatpay.mjs';
import { Requests } from './requests.mjs';
import { listen } from './server.mjs';
import { Store } from './store.mjs';

const KINDS = { wechatpay: WechatPay, alipay: Alipay, sms: Sms, faceid: FaceId, bank: Bank, sf: Sf, nuonuo: Nuonuo };

/** Starts the sandbox; answers {port, listeners, close()}. */
export async function startSandbox(config, { log = console.error } = {}) {
  const clock = new Clock({ speed: config.speed, clockFile: config.clock_file });
  const store = new Store(config.state);
  const faults = new Faults(store);
  const callbacks = new Callbacks({ store, clock, faults });
  const requests = new Requests(clock);
  const providers = Object.entries(KINDS).map(
    ([name, Kind]) => new Kind({ config: config[name], clock, store, callbacks, faults }),
  );
  providers.forEach((p) => faults.register(p));
  const house = { clock, store, faults, callbacks, requests };
  const control = new Control({ ...house, config, providers });
  const server = await listen({
    ...config,
    providers,
    house,
    own: (call, request) => control.answer(call, request),
    log,
  });
  control.listeners = server.listeners;
  providers.forEach((p) => p.resume());
  callbacks.resume();
  return {
    port: server.port,
    listeners: server.listeners,
    async close() {
      callbacks.stop();
      clock.stop();
      await server.close();
      store.close();
    },
  };
}

// Which provider misbehaves, how, and for how many calls. Modes on `call` change how a request is
// answered; modes on `callback` change how the provider calls back.

const COMMIT = '已处理，但';
const CALL_MODES = {
  refuse: '拒绝连接（独立端口关闭监听；共用端口则复位连接，未处理）',
  hang: '收到请求后不处理、不应答',
  commit_then_hang: `${COMMIT}不应答`,
  commit_then_drop: `${COMMIT}应答到一半断开`,
  commit_then_close: `${COMMIT}一个字节不答就断开`,
  commit_then_500: `${COMMIT}答 500 与 HTML`,
  error_500: '未处理，答 500 与 HTML',
  error_502: '未处理，答 502 与 HTML',
  redirect: '未处理，答 302 转向',
  slow: '慢：等 seconds 秒（默认 3）再处理',
  garbage: `${COMMIT}应答损坏，以下各种轮流`,
  garbage_empty: `${COMMIT}应答为空`,
  garbage_truncated: `${COMMIT}应答的 JSON 缺后半`,
  garbage_huge: `${COMMIT}应答有 20 MB`,
  garbage_deep: `${COMMIT}应答嵌套十万层`,
  garbage_duplicate: `${COMMIT}应答的 JSON 有重复的键`,
  garbage_utf8: `${COMMIT}应答含非法 UTF-8`,
  rate_limit: '未处理，答频率超限',
  maintenance: '未处理，答系统维护',
  unknown_enum: '答从未公布过的状态值和多余字段',
};
const CALLBACK_MODES = {
  callback_twice: '回调两次',
  callback_ten: '同时回调十次',
  callback_never: '不回调',
  callback_late: '回调晚 seconds 秒（默认 3600）',
};
const GARBAGE = ['empty', 'truncated', 'huge', 'deep', 'duplicate', 'utf8'];

const described = (on, modes, more = {}) =>
  Object.fromEntries(Object.entries(modes).map(([name, about]) => [name, { on, about, ...more }]));

/** The modes of one provider: the common ones and its own, {name: {on, about, actions?}}. */
export function modesOf(provider) {
  return {
    ...described('call', CALL_MODES),
    ...(provider.callbackKinds
      ? described('callback', CALLBACK_MODES, { actions: provider.callbackKinds })
      : {}),
    ...provider.modes,
  };
}

export class Faults {
  #modes = {};
  #turn = 0;

  constructor(store) {
    this.store = store;
  }

  register(provider) {
    this.#modes[provider.name] = modesOf(provider);
  }

  /** {provider: {mode: {on, about, actions?}}} */
  get modes() {
    return this.#modes;
  }

  /** Sets a mode or, with "normal", ends those of the provider (and of one action, where given). */
  set(provider, { mode, times = null, action = null, seconds = null }) {
    if (mode === 'normal') {
      for (const [key, slot] of this.store.table('behaviour')) {
        if (slot.provider === provider && (!action || slot.action === action))
          this.store.remove('behaviour', key);
      }
      return { provider, mode, action };
    }
    const { on } = this.#modes[provider][mode];
    const slot = { provider, mode, on, action, times, seconds };
    return this.store.put('behaviour', `${provider} ${on} ${action ?? '*'}`, slot);
  }

  list() {
    return [...this.store.table('behaviour').values()];
  }

  /** The mode that holds for this action, without using it up; null when all is normal. */
  peek(provider, on, action) {
    for (const name of [action, '*']) {
      const slot = this.store.get('behaviour', `${provider} ${on} ${name}`);
      const actions = slot && this.#modes[provider][slot.mode].actions;
      if (slot && (!actions || actions.includes(action))) return slot;
    }
    return null;
  }

  /** The same, counted against `times`. */
  take(provider, on, action) {
    const slot = this.peek(provider, on, action);
    if (!slot) return null;
    const key = `${provider} ${on} ${slot.action ?? '*'}`;
    if (slot.times !== null && slot.times <= 1) this.store.remove('behaviour', key);
    else if (slot.times !== null) this.store.put('behaviour', key, { ...slot, times: slot.times - 1 });
    return slot;
  }

  /** The payload spoilt in the way that a garbage mode names. */
  garble(payload, mode) {
    const kind = mode === 'garbage' ? GARBAGE[this.#turn++ % GARBAGE.length] : mode.slice('garbage_'.length);
    const text = payload?.length ? payload.toString() : '{"code":"SUCCESS"}';
    if (kind === 'empty') return '';
    if (kind === 'truncated') return text.slice(0, text.length / 2);
    if (kind === 'huge') return text.replace('{', `{"padding":"${'x'.repeat(20 << 20)}",`);
    if (kind === 'deep') return '['.repeat(100_000) + ']'.repeat(100_000);
    if (kind === 'duplicate') return text.replace(/^\{\s*("(?:[^"\\]|\\.)*")/, '{$1:"again",$1');
    return Buffer.concat([
      Buffer.from('{"bad":"'),
      Buffer.from([0xff, 0xc0, 0x80]),
      Buffer.from('",' + text.slice(1)),
    ]);
  }
}

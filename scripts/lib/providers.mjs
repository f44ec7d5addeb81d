// The keys that the hall and the sandbox share, made once, and a copy of just the files that each
// process needs, readable by it alone.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { directory, file, install } from './files.mjs';

// What verifies callbacks; nothing that could send.
const CALLBACK = ['wechatpay_mchid', 'wechatpay_appid', 'wechatpay_apiv3_key_file', 'wechatpay_public_key_id', 'wechatpay_public_key_file',
  'wechatpay_certificates_file', 'alipay_app_id', 'alipay_seller_id', 'alipay_public_key_file'];

const isFile = (name) => name.endsWith('_file');

export class Providers {
  #made; // where keys.mjs put everything
  #settings;

  constructor(project, house) {
    Object.assign(this, { project, house });
    this.#made = `${house.dir}/keys/providers`;
  }

  prepare() {
    const { house, project } = this;
    directory(this.#made, { mode: 0o700 });
    if (!existsSync(`${this.#made}/hall.conf`))
      execFileSync(process.execPath, [`${project}/scripts/sandbox/keys.mjs`, this.#made], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#settings = Object.fromEntries(readFileSync(`${this.#made}/hall.conf`, 'utf8').split('\n').filter(Boolean)
      .map((line) => line.split(/ = (.*)/s).slice(0, 2)));
    this.#equipSandbox();
    for (const who of ['worker', 'callback']) this.#equip(who);
    this.#settings.notify_base_url = `${house.hallUrl}/callback`;
    for (const [name, value] of Object.entries(this.#settings))
      if (name.endsWith('_base_url') && name !== 'notify_base_url') this.#settings[name] = house.sandboxUrl + new URL(value).pathname;
  }

  #copy(name, to, who) {
    file(to, readFileSync(`${this.#made}/${name}`), { who });
  }

  #equip(who) {
    directory(`${this.house.dir}/keys/${who}`, { who, mode: 0o700 });
    for (const [name, value] of Object.entries(this.of(who)))
      if (isFile(name)) this.#copy(value.split('/').at(-1), `${this.house.dir}/${value}`, who);
  }

  #equipSandbox() {
    const { house } = this;
    const config = JSON.parse(readFileSync(`${this.#made}/sandbox.json`, 'utf8'));
    directory(`${house.dir}/sandbox`, { who: 'sandbox' });
    for (const part of Object.values(config))
      for (const [name, value] of Object.entries(part)) if (isFile(name)) this.#copy(value, `${house.dir}/sandbox/${value}`, 'sandbox');
    Object.assign(config, { port: house.sandboxPort, clock_file: 'clock' });
    config.sms.report_url = `${house.hallUrl}/callback/sms`;
    config.sms.notices_file = 'notice.def';
    const reader = `${process.env.BUILD || `${this.project}/build`}/tools/inspect-file`;
    if (existsSync(reader)) {
      install(reader, `${house.dir}/sandbox/card-reader`, 0o755);
      config.faceid.card_reader = '/proc/self/fd/4/card-reader';
    }
    config.sf.push_url = `${house.hallUrl}/callback/courier`;
    file(`${house.dir}/sandbox/notice.def`, readFileSync(`${this.project}/fcgi-app/domain/notice.def`), { who: 'sandbox' });
    if (house.tls) file(`${house.dir}/sandbox/hall.crt`, readFileSync(house.tls.certificate), { who: 'sandbox' });
    file(`${house.dir}/sandbox/sandbox.json`, `${JSON.stringify(config, null, 2)}\n`, { who: 'sandbox' });
  }

  /** Our own account at the bank. */
  get bankAccount() {
    return this.#settings.bank_account;
  }

  /** The settings of the worker or of the callback pool, files named as they find them. */
  of(who) {
    return Object.fromEntries(Object.entries(this.#settings)
      .filter(([name]) => who !== 'callback' || CALLBACK.includes(name))
      .map(([name, value]) => [name, isFile(name) ? `keys/${who}/${value.split('/').at(-1)}` : value]));
  }

  /** The sandbox sees its directory and its program as descriptors: the way to them may be closed. */
  spec() {
    const { dir, tls } = this.house;
    // It calls the hall back, also where the hall's certificate is one that nobody else knows.
    const trust = tls ? { fds: [`${dir}/sandbox/hall.crt`], env: { NODE_EXTRA_CA_CERTS: '/proc/self/fd/5' } } : { fds: [] };
    return { name: 'sandbox', env: trust.env, fds: [`${dir}/sandbox/scripts`, `${dir}/sandbox`, ...trust.fds],
      command: [process.execPath, '--preserve-symlinks', '--preserve-symlinks-main', '/proc/self/fd/3/main.mjs', '--config',
        '/proc/self/fd/4/sandbox.json'] };
  }
}

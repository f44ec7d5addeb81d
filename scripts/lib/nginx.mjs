// nginx for one run directory: fills the templates in nginx/.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { program } from './failure.mjs';
import { directory, file, install } from './files.mjs';

/** The lines of fcgi-app/base/err.def: [{code, status, zh, en}]. */
function refusals(project) {
  const text = readFileSync(`${project}/fcgi-app/base/err.def`, 'utf8');
  return [...text.matchAll(/^ERR\(\w+, (\d+), "([^"]+)", "([^"]+)", "([^"]+)"\)/gm)]
    .map(([, status, code, zh, en]) => ({ status: Number(status), code, zh, en }));
}

// What nginx refuses by itself, in the words of the hall.
const CODES = { 400: 'malformed', 404: 'not_found', 405: 'method_not_allowed', 408: 'malformed', 413: 'too_large', 414: 'malformed',
  429: 'too_many', 500: 'internal', 503: 'unavailable' };

/** [{status, code, zh, en}] of what nginx refuses. */
function own(project) {
  const known = refusals(project);
  return Object.entries(CODES).map(([status, code]) => ({ ...known.find((row) => row.code === code), status: Number(status) }));
}

function problems(project) {
  const line = ({ status, code, ...text }, lang) => {
    const body = { code, detail: text[lang], request_id: '$request_id', status, title: text[lang], type: `urn:hall:problem:${code}` };
    return `"${status} ${lang}" '${JSON.stringify(body).replaceAll("'", "\\'")}';`;
  };
  return own(project).flatMap((row) => [line(row, 'zh'), line(row, 'en')]).join('\n    ');
}

function fill(template, words) {
  return template.replace(/@([A-Z_]+)@/g, (all, word) => {
    if (!(word in words)) throw new Error(`nginx template: nothing for ${all}`);
    return words[word];
  });
}

/** The most files a process may open here. */
function openFiles() {
  const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
  return Math.min(Number(hard) || 65536, 65536);
}

export class Nginx {
  /** options: {host, port, staffPort, plainPort, hallUrl, staffUrl, tls: {certificate, key}|null, rateLogin, burstLogin} */
  constructor(project, dir, options) {
    Object.assign(this, { project, dir, ...options });
  }

  spec() {
    return { name: 'nginx', who: 'nginx', stopSignal: 'SIGQUIT', orphanSignal: 'SIGQUIT',
      command: [program('nginx', 'nginx-light'), '-p', './', '-e', 'log/nginx/error.log', '-c', 'conf/nginx/nginx.conf'] };
  }

  /** Under which names the house may be asked for. */
  #names() {
    const outside = [this.hallUrl, this.staffUrl].map((url) => new URL(url).hostname);
    return [...new Set([this.host, 'localhost', '127.0.0.1', ...outside])];
  }

  #words() {
    const { tls, host, port, staffPort } = this;
    const files = openFiles();
    const lines = tls ? 'ssl_certificate tls.crt; ssl_certificate_key tls.key; ssl_protocols TLSv1.2 TLSv1.3; '
      + 'ssl_session_cache shared:hall_tls:5m; ssl_session_tickets off; ssl_prefer_server_ciphers off;' : '';
    const listen = (number) => `${host}:${number}${tls ? ' ssl http2' : ''}`;
    return {
      SOCK: 'sock', WWW: 'www', PKI: 'ca/public', SNIPPETS: 'snippets',
      LISTEN: listen(port), STAFF_LISTEN: listen(staffPort), NAMES: this.#names().join(' '),
      TLS: lines, STAFF_TLS: lines, HSTS: tls ? '"max-age=31536000"' : '""',
      RATE_LOGIN: this.rateLogin ?? '500r/s', BURST_LOGIN: String(this.burstLogin ?? 1000),
      HALL_URL: this.hallUrl, PLAIN_LISTEN: `${host}:${this.plainPort}`, PLAIN: tls ? 'include plain.conf;' : '',
      PROBLEMS: problems(this.project), WORKERS: String(Math.min(availableParallelism(), 8)), FILES: String(files), CONNECTIONS: String(Math.floor(files / 2)),
    };
  }

  prepare() {
    const { dir, project } = this;
    const words = this.#words();
    const put = (from, to) => file(to, fill(readFileSync(from, 'utf8'), words), { who: 'nginx' });
    directory(`${dir}/conf/nginx/snippets`);
    for (const name of ['body', 'fastcgi', 'proxy', 'uwsgi', 'scgi']) directory(`${dir}/tmp/nginx/${name}`, { who: 'nginx', mode: 0o700 });
    directory(`${dir}/tmp/nginx`, { who: 'nginx', mode: 0o700 });
    directory(`${dir}/log/nginx`, { who: 'nginx', mode: 0o750 });
    put(`${project}/nginx/nginx.conf`, `${dir}/conf/nginx/nginx.conf`);
    for (const name of ['hall', 'plain']) put(`${project}/nginx/${name}.conf`, `${dir}/conf/nginx/${name}.conf`);
    for (const name of readdirSync(`${project}/nginx/snippets`)) put(`${project}/nginx/snippets/${name}`, `${dir}/conf/nginx/snippets/${name}`);
    directory(`${dir}/www/error`);
    install(`${project}/nginx/refusal.css`, `${dir}/www/error/refusal.css`, 0o644);
    const page = readFileSync(`${project}/nginx/refusal.html`, 'utf8');
    for (const { status, zh, en } of own(project))
      file(`${dir}/www/error/${status}.html`, fill(page, { STATUS: String(status), ZH: zh, EN: en }), { mode: 0o644 });
    if (!this.tls) return;
    for (const [from, to] of [[this.tls.certificate, 'tls.crt'], [this.tls.key, 'tls.key']])
      if (existsSync(from)) file(`${dir}/conf/nginx/${to}`, readFileSync(from), { who: 'nginx' });
  }
}

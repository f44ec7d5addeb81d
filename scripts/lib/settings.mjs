// The settings of each process: every one is told only what it needs. See fcgi-app/io/conf.def.
export const POOLS = ['applicant', 'staff', 'callback', 'render', 'watch'];

const pool = (house, name, more) => ({
  ...common(house, name),
  pool: name,
  listen: `sock/${name}/fcgi.sock`,
  ...more,
});

const common = (house, name) => ({
  name,
  public_url: house.hallUrl,
  staff_url: house.staffUrl,
  pki_url: house.pkiUrl,
  sandbox: 1,
  clock_file: 'sandbox/clock',
});

const redis = (house, user) => ({
  redis: 'sock/redis/redis.sock',
  redis_user: user,
  redis_password: house.redis.passwords[user],
});

const uploads = { documents: 'documents', inspect: 'sock/inspect/inspect.sock' };
const dataKeys = { data_keys: 'keys/data.keys' };

// What payers by transfer are told; the account is the one whose statement the worker reads.
const beneficiary = (house) => ({
  bank_beneficiary_name: '深圳CA（沙箱账户）',
  bank_beneficiary_account: house.providers.bankAccount,
  bank_beneficiary_bank: '沙箱银行深圳分行营业部',
});

/** {process name: {setting: value}} */
export function settings(house) {
  const database = (role) => ({ database: house.postgres.dsn(role) });
  const issuing = { ca_dir: 'ca', signer: 'sock/signer/signer.sock' };
  return {
    applicant: pool(house, 'applicant', { processes: 2, threads: 8, ...database('hall_web'), ...redis(house, 'applicant'), ...dataKeys, ...uploads, ...beneficiary(house) }),
    watch: pool(house, 'watch', { processes: 1, threads: 4, ...database('hall_web'), ...redis(house, 'watch'), ...dataKeys, ...beneficiary(house) }),
    staff: pool(house, 'staff', { processes: 2, threads: 4, ...database('hall_staff'), ...redis(house, 'staff'), ...dataKeys, ...uploads }),
    callback: pool(house, 'callback', { processes: 1, threads: 4, ...database('hall_callback'), ...redis(house, 'callback'), ...house.providers.of('callback') }),
    render: pool(house, 'render', { processes: 2, threads: 2, ...database('hall_render'), ...redis(house, 'render'), ...dataKeys }),
    worker: { ...common(house, 'worker'), ...database('hall_worker'), ...dataKeys, ...uploads, ...issuing,
      pin_keys: 'keys/pin.keys', clock_s: 2, track_s: 2, ...house.providers.of('worker') },
    signer: { ...common(house, 'signer'), ...issuing, ca_passphrase_file: 'keys/ca.passphrase', journal: 'ca/journal' },
    inspect: { ...common(house, 'inspect'), inspect: uploads.inspect },
    ctl: { ...common(house, 'ctl'), ...database('hall_owner'), ...redis(house, 'ctl'), ...dataKeys, ...issuing },
  };
}

// Tencent Cloud with TC3 signatures: faceid 2018-03-01 (real-name checks, liveness) and ocr 2018-11-19
// (ID cards), told apart by X-TC-Action as the two hosts are by name.
import { randomUUID } from 'node:crypto';
import { tc3Parse, tc3Sign } from '../lib/tc3.mjs';
import { jsonObject, utc } from '../lib/text.mjs';
import { compareLiveness, issueSequence } from './faceid_live.mjs';
import { recogniseCard } from './faceid_ocr.mjs';

const SKEW_S = 300;
const OPTIONAL_CIPHER = ['CiphertextBody', 'EncryptList', 'Algorithm', 'Encryption'];
const ACTIONS = {
  PhoneVerification: {
    service: 'faceid',
    must: ['IdCard', 'Name', 'Phone'],
    may: ['VerifyMode', ...OPTIONAL_CIPHER],
  },
  IdCardVerification: { service: 'faceid', must: ['IdCard', 'Name'], may: ['Encryption'] },
  CheckPhoneAndName: { service: 'faceid', must: ['Mobile', 'Name'], may: ['Encryption'] },
  LivenessCompare: {
    service: 'faceid',
    must: ['LivenessType'],
    may: ['ImageBase64', 'VideoBase64', 'ValidateData', 'Optional', 'ImageUrl', 'VideoUrl', 'Encryption'],
  },
  GetActionSequence: { service: 'faceid', must: [], may: ['ActionType'] },
  GetLiveCode: { service: 'faceid', must: [], may: [] },
  IDCardOCR: {
    service: 'ocr',
    must: [],
    may: [
      'ImageBase64',
      'ImageUrl',
      'CardSide',
      'Config',
      'EnableRecognitionRectify',
      'EnableReflectDetail',
      'EnableDateVerify',
      'CardWarnType',
    ],
  },
};
const VERSIONS = { faceid: '2018-03-01', ocr: '2018-11-19' };

const PHONE = ['PhoneVerification'];
const CARD = ['IDCardOCR'];
const LIVE = ['LivenessCompare'];
const PEOPLE = ['PhoneVerification', 'IdCardVerification', 'CheckPhoneAndName'];
const MODES = {
  mismatch: { on: 'call', actions: PEOPLE, about: '姓名、证件号、手机号不一致' },
  no_record: { on: 'call', actions: PEOPLE, about: '查无记录' },
  busy: { on: 'call', actions: PEOPLE, about: '服务繁忙，稍后再试' },
  limit: { on: 'call', actions: PEOPLE, about: '当日次数已用完' },
  unsupported_range: { on: 'call', actions: PHONE, about: '号段不支持（虚拟运营商）' },
  arrears: { on: 'call', about: '账户欠费' },
  internal_error: { on: 'call', about: '未处理，答 InternalError' },
  wrong_side: { on: 'call', actions: CARD, about: '正反面传错' },
  blurred: { on: 'call', actions: CARD, about: '图片模糊' },
  not_card: { on: 'call', actions: CARD, about: '图里没有身份证' },
  incomplete: { on: 'call', actions: CARD, about: '边框不完整（告警 -9101）' },
  copy: { on: 'call', actions: CARD, about: '复印件（告警 -9102）' },
  screen: { on: 'call', actions: CARD, about: '翻拍屏幕（告警 -9103）' },
  temporary: { on: 'call', actions: CARD, about: '临时身份证（告警 -9104）' },
  covered: { on: 'call', actions: CARD, about: '框内遮挡（告警 -9105）' },
  edited: { on: 'call', actions: CARD, about: 'PS 痕迹（告警 -9106）' },
  glare: { on: 'call', actions: CARD, about: '反光（告警 -9107）' },
  bad_dates: { on: 'call', actions: CARD, about: '有效期不合法（告警 -9109）' },
  liveness_fail: { on: 'call', actions: LIVE, about: '活体检测未通过（闭眼动作）' },
  low_similarity: { on: 'call', actions: LIVE, about: '人脸相似度低' },
  fake: { on: 'call', actions: LIVE, about: '疑似翻拍攻击' },
  no_webm: { on: 'call', actions: LIVE, about: '与真实服务一样不收 webm' },
  backwards: { on: 'call', actions: LIVE, about: '相似度恰在线下（69.9）' },
};
const ERRORS = {
  rate_limit: ['RequestLimitExceeded', '请求的次数超过了频率限制。'],
  maintenance: ['InternalError', '系统维护中。'],
  internal_error: ['InternalError', '内部错误。'],
  arrears: ['ResourceUnavailable.InArrears', '账号已欠费。'],
};

// Answers of the three people checks by kind: [Result, Description].
const PEOPLE_ANSWERS = {
  PhoneVerification: {
    match: ['0', '认证通过'],
    mismatch: ['-4', '信息不一致'],
    bad_phone: ['-6', '手机号码不合法'],
    bad_id: ['-7', '身份证号码有误'],
    bad_name: ['-8', '姓名校验不通过'],
    no_record: ['-9', '没有记录'],
    busy: ['-11', '验证中心服务繁忙'],
    limit: ['-12', '认证次数超过当日限制'],
    unsupported_range: ['-13', '该号码运营商暂不支持'],
  },
  IdCardVerification: {
    match: ['0', '姓名和身份证号一致'],
    mismatch: ['-1', '姓名和身份证号不一致'],
    bad_id: ['-2', '非法身份证号'],
    bad_name: ['-3', '非法姓名'],
    busy: ['-4', '证件库服务异常'],
    no_record: ['-5', '证件库中无此身份证记录'],
    limit: ['-7', '认证次数超过当日限制'],
  },
  CheckPhoneAndName: {
    match: ['0', '手机号与姓名一致'],
    mismatch: ['1', '手机号与姓名不一致'],
    no_record: ['-1', '查无记录'],
    busy: ['-3', '引擎服务异常'],
    bad_name: ['-4', '姓名校验不通过'],
    bad_phone: ['-5', '手机号码不合法'],
    limit: ['-6', '认证次数超过当日限制'],
  },
};
const BILLED = new Set(['match', 'mismatch']);
const TAILS = {
  '0009': 'mismatch',
  9008: 'unsupported_range',
  9007: 'no_record',
  9006: 'busy',
  9005: 'limit',
};

function goodIdNumber(text) {
  if (!/^[1-9]\d{16}[\dX]$/.test(text ?? '')) return false;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return '10X98765432'[weights.reduce((sum, w, i) => sum + w * Number(text[i]), 0) % 11] === text[17];
}

export class FaceId {
  name = 'faceid';
  title = '实名与人脸（腾讯云）';
  prefix = '/faceid';
  modes = MODES;

  constructor({ config, clock, store, faults }) {
    Object.assign(this, { config, clock, store, faults });
    this.people = store.table('faceid_person'); // invented persons that tests have entered, by ID number
    this.sequences = store.table('faceid_sequence');
    this.billed = store.table('faceid_billed');
  }

  identify(call) {
    return { action: call.header('x-tc-action') ?? 'unknown', key: null };
  }

  verify(call) {
    call.signature = 'bad';
    const header = (name) => call.header(name) ?? '';
    if (!header('authorization')) call.signature = 'missing';
    const auth = tc3Parse(header('authorization'));
    const timestamp = header('x-tc-timestamp');
    if (!auth || !/^\d{9,11}$/.test(timestamp))
      return this.error('AuthFailure.SignatureFailure', '签名头格式有误。');
    if (auth.id !== this.config.secret_id) return this.error('AuthFailure.SecretIdNotFound', '密钥不存在。');
    const mandatory =
      ['content-type', 'host'].every((n) => auth.signed.includes(n)) &&
      auth.signed.every((n) => call.header(n) !== undefined);
    const day = new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
    if (!mandatory || call.method !== 'POST' || auth.date !== day)
      return this.error('AuthFailure.SignatureFailure', '签名内容不完整或日期不符。');
    const sign = (path) =>
      tc3Sign({
        secret: this.config.secret_key,
        method: call.method,
        path,
        query: call.query,
        header,
        signed: auth.signed,
        payload: call.body,
        timestamp,
        date: auth.date,
        service: auth.service,
      });
    // The real hosts serve at "/", which is what their documents sign: the prefix here may be left out.
    if (!['/', call.target.split('?')[0]].some((path) => sign(path) === auth.signature))
      return this.error('AuthFailure.SignatureFailure', '签名计算错误。');
    if (Math.abs(this.clock.now() / 1000 - Number(timestamp)) > SKEW_S)
      return this.error('AuthFailure.SignatureExpire', '签名过期。');
    call.signature = 'ok';
    const action = ACTIONS[call.action];
    if (!action) return this.error('InvalidAction', '接口不存在。');
    if (auth.service !== action.service)
      return this.error('AuthFailure.SignatureFailure', `凭证范围的产品名应为 ${action.service}。`);
    if (header('x-tc-version') !== VERSIONS[action.service])
      return this.error('NoSuchVersion', '接口版本不存在。');
    return this.#checkParameters(call, action);
  }

  #checkParameters(call, { must, may }) {
    call.params = jsonObject(call.text());
    if (!call.params) return this.error('InvalidParameter', '请求体不是 JSON 对象。');
    const missing = must.find((n) => call.params[n] === undefined);
    if (missing) return this.error('MissingParameter', `缺少参数 ${missing}。`);
    const unknown = Object.keys(call.params).find((n) => !must.includes(n) && !may.includes(n));
    if (unknown) return this.error('UnknownParameter', `未知参数 ${unknown}。`);
    const untrue = Object.entries(call.params).find(
      ([n, v]) =>
        typeof v !== (n.startsWith('Enable') ? 'boolean' : 'string') &&
        n !== 'Encryption' &&
        n !== 'EncryptList',
    );
    return untrue ? this.error('InvalidParameter', `参数 ${untrue[0]} 类型有误。`) : null;
  }

  /** An answer of the provider's own kind of error. */
  error(Code, Message) {
    return {
      status: 200,
      code: Code,
      json: { Response: { Error: { Code, Message }, RequestId: randomUUID() } },
    };
  }

  /** An answer with results. */
  result(fields) {
    return {
      status: 200,
      code: fields.Result ?? 'OK',
      json: { Response: { ...fields, RequestId: randomUUID() } },
    };
  }

  refusal({ mode }) {
    return ERRORS[mode] ? this.error(...ERRORS[mode]) : null;
  }

  handle(call) {
    if (PEOPLE_ANSWERS[call.action]) return this.#checkPerson(call);
    if (call.action === 'IDCardOCR') return recogniseCard(this, call);
    if (call.action === 'LivenessCompare') return compareLiveness(this, call);
    return issueSequence(this, call);
  }

  // ---- Real-name checks ----

  #checkPerson({ action, params, mode }) {
    const [id, name, phone] = [params.IdCard, params.Name, params.Phone ?? params.Mobile];
    const detail = this.#judge({ id, name, phone, mode });
    const kind = detail.split(' ')[0];
    const [Result, Description] = PEOPLE_ANSWERS[action][kind] ?? PEOPLE_ANSWERS[action].no_record;
    if (BILLED.has(kind)) this.bill(action);
    if (action !== 'PhoneVerification')
      return this.result({ Result, Description, ...(action === 'CheckPhoneAndName' && { Isp: '移动' }) });
    const detailed = params.VerifyMode === '1' && kind === 'mismatch';
    return this.result({
      Result,
      Description,
      Isp: kind === 'match' || kind === 'mismatch' ? '移动' : '',
      ResultDetail: detailed ? (detail.split(' ')[1] ?? 'PhoneIdCardMismatch') : '',
    });
  }

  // "match", "mismatch DETAIL" or another kind: by form, then by mode, then by the last digits of
  // the mobile, then by comparison with the persons entered.
  #judge({ id, name, phone, mode }) {
    if (phone !== undefined && !/^1[3-9]\d{9}$/.test(phone)) return 'bad_phone';
    if (id !== undefined && !goodIdNumber(id)) return 'bad_id';
    if (!/^[\p{Script=Han}·]{2,30}$|^[A-Za-z][A-Za-z .'-]{1,59}$/u.test(name)) return 'bad_name';
    if (MODES[mode]?.actions === PEOPLE || mode === 'unsupported_range') return mode;
    if (phone && TAILS[phone.slice(-4)]) return TAILS[phone.slice(-4)];
    const person = this.people.get(id) ?? [...this.people.values()].find((p) => p.mobile === phone);
    if (!person) return 'match';
    const same = {
      id: id === undefined || person.id_number === id,
      name: person.name === name,
      phone: phone === undefined || person.mobile === phone,
    };
    if (same.id && same.name && same.phone) return 'match';
    if (!same.phone) return same.name ? 'mismatch PhoneNameIdCardMismatch' : 'mismatch NameIdCardMismatch';
    return same.id
      ? 'mismatch PhoneNameMismatch'
      : same.name
        ? 'mismatch PhoneIdCardMismatch'
        : 'mismatch OtherMismatch';
  }

  /** Counts what a real account would pay for. */
  bill(action) {
    this.store.put('faceid_billed', action, (this.billed.get(action) ?? 0) + 1);
  }

  enterPerson({ name, id_number, mobile }) {
    return this.store.put('faceid_person', id_number, {
      name,
      id_number,
      mobile,
      entered_at: utc(this.clock.now()),
    });
  }

  strange({ Response }) {
    if (Response.Result !== undefined) Response.Result = '-777';
    if (Response.AdvancedInfo)
      Response.AdvancedInfo = JSON.stringify({ ...JSON.parse(Response.AdvancedInfo), WarnInfos: [-9999] });
    Response.NewField = { Since: utc(this.clock.now()) };
  }

  seal = (reply) => ({ status: 200, headers: { 'content-type': 'application/json' }, body: reply.payload });

  resume() {}
}

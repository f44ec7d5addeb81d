// 办理指引 and 常见问题.
import { language } from '../shared/prefs';
import { HEIGHT, PICTURES, WIDTH } from './pictures';
import { useProjects } from './order';
import { Page } from './shell';
import { of, t, yuan, type Word } from './text';

interface Part { id: string; title: string; lines: string[]; ordered?: boolean }

const GUIDE: Record<'zh-CN' | 'en', Part[]> = {
  'zh-CN': [
    { id: 'who', title: '适用范围', lines: ['首次办理辽宁政府采购项目数字证书的用户。', '办理前请先登录辽宁政府采购网（www.ccgp-liaoning.gov.cn）进行供应商注册，并审核通过。'] },
    { id: 'browser', title: '浏览器要求', lines: ['Windows、macOS 或国产操作系统上的 Edge、Chrome、Firefox、Safari，或者 360、QQ 等浏览器的极速模式。', '不支持 Internet Explorer 和“兼容模式”：请切换到极速模式。', '使用证书时（登录采购系统、签章）对浏览器的要求，以采购系统的说明为准。'] },
    { id: 'papers', title: '申请材料', lines: ['机构证书：数字证书申请表（网页生成，经办人手写签字，加盖红印鲜章）；单位营业执照复印件（加盖红印鲜章）；电子签章采集表（采集公章印模）。', '自然人证书：自然人数字证书申请表（网页生成，申请人手写签字，加盖单位红印鲜章）；电子签章采集表。', '文件格式为 JPG 或 PDF，每个文件不超过 2 MB。', '经办人或申请人的身份证原件正、反面照片在在线认证时用手机拍摄，不需加盖公章。'] },
    { id: 'steps', title: '办理步骤', ordered: true, lines: ['注册、登录：用手机号和短信验证码注册。验证码出现延迟属正常现象，请耐心等候。', '选择应用：业务办理，证书新办，辽宁政府采购；阅读并同意《用户服务协议》《隐私权保护政策》《信息授权协议》，选择证书类型和年限。', '录入信息：填写单位、经办人、法人、基本账户、邮寄和发票信息，内容自动保存。', '打印申请表：确认后打印申请表和电子签章采集表，签字、盖章、扫描。', '上传资料：上传扫描件，系统当场检查是否清晰、完整。', '在线认证：经办人（申请人）用微信扫码，拍摄身份证并进行活体认证；也可以选择其他核验方式。', '缴费：微信、支付宝扫码支付，或公对公转账并上传汇款凭证。', '等待审核：三个工作日内完成，结果以短信通知。', '金融认证与制证：在线支付的订单，系统向银行账户转账 0.01 元并在附言中发送 PIN 码；认证成功后制证，快递寄出。'] },
    { id: 'fees', title: '收费与快递', lines: ['系统根据项目和收件地址自动识别快递费为寄付或到付；寄付时先支付快递费，例如 12 元、13 元、21 元。'] },
    { id: 'pin', title: 'PIN 码', lines: ['在线支付（微信、支付宝）：机构证书 PIN 码以转账附言发送到对公账户，请向财务人员获取；自然人证书发送到申请人本人银行账户。', '公对公转账：机构证书 PIN 码以短信发送到经办人手机，自然人证书发送到申请人手机。'] },
  ],
  en: [
    { id: 'who', title: 'For whom', lines: ['Whoever needs a certificate for Liaoning Government Procurement for the first time.', 'Register as a supplier at www.ccgp-liaoning.gov.cn first, and be approved there.'] },
    { id: 'browser', title: 'Browsers', lines: ['Edge, Chrome, Firefox or Safari, or the fast mode of 360, QQ and similar browsers.', 'Internet Explorer and compatibility modes cannot show these pages.', 'What the certificate needs in use is said by the procurement system.'] },
    { id: 'papers', title: 'Documents', lines: ['Organisation certificate: application form, signed by the handler and stamped in red; stamped copy of the licence; seal collection form.', 'Personal certificate: application form, signed by the applicant and stamped by the organisation; seal collection form.', 'JPG or PDF, at most 2 MB each.', 'The ID card is photographed with the phone during the identity check, without a seal.'] },
    { id: 'steps', title: 'Steps', ordered: true, lines: ['Register and sign in with your phone and an SMS code.', 'Choose the project, accept the agreements, choose the certificate and its term.', 'Fill in the form; it is saved as you type.', 'Print the two forms; sign, stamp and scan them.', 'Upload the scans; they are checked at once.', 'Identity check: scan the code with WeChat, photograph the ID card and do the face check, or choose another way.', 'Pay with WeChat or Alipay, or by bank transfer with a voucher.', 'Wait for the review: within three working days, told by SMS.', 'Bank verification and issuance: for orders paid online, 0.01 yuan is transferred with the PIN in the memo; then the certificate is made and sent.'] },
    { id: 'fees', title: 'Fees', lines: ['Courier fees follow from the project and the destination: prepaid, such as 12, 13 or 21 yuan, or paid by the recipient.'] },
    { id: 'pin', title: 'PIN', lines: ['Paid online: the PIN comes in the memo of a transfer to the organisation’s account, or to the applicant’s own.', 'Paid by transfer: the PIN comes by SMS to the handler or applicant.'] },
  ],
};

const QUESTIONS: Record<'zh-CN' | 'en', [string, string[]][]> = {
  'zh-CN': [
    ['实名电信认证无法通过怎么办？', ['请经办人或申请人登录手机号码对应的电信运营商 APP，在个人账户信息中查找实名认证结果，再与网上营业厅所填写的信息进行对比。如不符，应先联系电信运营商进行实名信息认证，再办理数字证书。']],
    ['完成申请后，证书怎么领取？', ['在网上营业厅完成在线申请，并通过人工审核且金融认证通过，即完成整个申请流程。数字证书通过快递寄送到填写的指定地址。']],
    ['数字证书密码（PIN 码）怎么获取？', ['付款方式为支付宝或微信：机构证书 PIN 码以转账交易附言方式发送至对公账户，请向财务人员获取；自然人证书 PIN 码以转账交易附言方式发送至申请人本人银行账户。', '付款方式为公对公转账：机构证书 PIN 码通过短信发至经办人手机，自然人证书 PIN 码通过短信发至申请人手机。']],
    ['金融认证不通过如何处理？', ['请登录网上营业厅，进入“我的业务单”，找到对应的业务单，点击“金融认证”，重新填写正确的银行账户信息后提交。', '提交后系统自动打款 0.01 元，并在附言中备注新的 PIN 码；金融认证通过后，状态变为“金融认证成功”，随后制证寄出。']],
    ['申请未通过怎么办？', ['在“我的业务单”中打开状态为“未通过”的业务单，按列出的原因修改信息或资料后重新提交，不需要重新付款。']],
    ['收不到短信验证码怎么办？', ['短信可能延迟，请等待 60 秒后重新获取；请检查手机是否欠费、是否拦截了短信。']],
  ],
  en: [
    ['The real-name check of the phone fails. What now?', ['Look up the registered name in your carrier’s app and compare it with the form. If it differs, have the carrier correct it first.']],
    ['How do I receive the certificate?', ['It is sent by courier to the address you gave, once the review and the bank verification have passed.']],
    ['How do I get the PIN?', ['Paid by Alipay or WeChat: in the memo of a transfer to the organisation’s account, or the applicant’s own.', 'Paid by bank transfer: by SMS to the handler or applicant.']],
    ['The bank verification failed. What now?', ['Open the order under “My orders”, choose “Bank verification” and enter the right account.', 'Another 0.01 yuan is transferred with a new PIN in the memo.']],
    ['My application was returned. What now?', ['Open it under “My orders”, correct what is named and hand it in again; nothing is paid twice.']],
    ['No SMS code arrives. What now?', ['Wait 60 seconds and send another; check that your phone does not block messages.']],
  ],
};

/** The pages as they are, for whoever wants to see before beginning. */
function Pictures() {
  return (
    <ul class="pictures">
      {PICTURES.map((picture) => (
        <li key={picture.name}><figure><a href={`/pictures/${picture.name}.jpg`}><img src={`/pictures/${picture.name}.jpg`} alt="" width={WIDTH} height={HEIGHT} loading="lazy" decoding="async" /><span>{of(picture)}</span></a></figure></li>
      ))}
    </ul>
  );
}

export function Guide() {
  const parts = GUIDE[language()];
  const { projects } = useProjects();
  const fees = (projects[0]?.certificate_types ?? []).map((one) => t('guideFee', { type: t(`t_${one.certificate_type}` as Word), fee: yuan(one.fee_per_year_fen) }));
  return (
    <Page title={t('navGuide')}>
      <div class="guide">
        <nav class="card" aria-label={t('navGuide')}><ul>{parts.map(({ id, title }) => <li key={id}><a href={`#${id}`}>{title}</a></li>)}</ul></nav>
        <div class="card prose">
          {parts.map(({ id, title, lines, ordered }) => {
            const items = [...(id === 'fees' ? fees : []), ...lines].map((line) => <li key={line}>{line}</li>);
            return <section key={id} aria-labelledby={id}><h2 id={id} tabIndex={-1}>{title}</h2>{ordered ? <ol>{items}</ol> : <ul>{items}</ul>}{id === 'steps' && <Pictures />}</section>;
          })}
          <p class="bar"><a class="button" href="/apply">{t('heroApply')}</a></p>
        </div>
      </div>
    </Page>
  );
}

export function Faq() {
  return (
    <Page title={t('navFaq')}>
      <div class="card faq">{QUESTIONS[language()].map(([question, answer], i) => <details key={question} open={i === 0}><summary>{question}</summary>{answer.map((line) => <p key={line}>{line}</p>)}</details>)}</div>
    </Page>
  );
}

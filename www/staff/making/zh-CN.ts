export default {
  parts: '制证事项', tabQueue: '制证队列', tabCertificates: '已签发证书', tabStuck: '停滞任务',
  isOn: '制证正在进行', isOff: '制证已暂停', since: '自 {at} 起，由 {name} 操作', because: '原因：{reason}', neverTurned: '从未暂停过',
  stop: '暂停制证', stopTitle: '暂停全部制证', stopText: '暂停后不再签发任何证书，正在排队的订单原地等待，恢复后自动继续。', start: '恢复制证', startTitle: '恢复制证', startText: '恢复后，等待中的订单立即继续制证。', why: '原因', whyHint: '会记入审计记录并显示给全体工作人员', stopped: '制证已暂停。', started: '制证已恢复。',
  noQueue: '没有此状态的订单', attempts: '次数', failure: '原因', changed: '更新时间', reissue: '第 {n} 次补制', type: '证书类型', t_organisation: '机构', t_natural_person: '自然人',
  s_queued: '等待制证', s_prepared: '签名中', s_signed: '已签发', s_failed: '制证失败', s_closed: '已终止', lint: '签发前检查',
  retry: '重新制证', retryTitle: '重新制证', retryText: '订单 {no} 将再次排队制证。请先排除失败原因：{failure}', cause: '原因及处理', retried: '订单 {no} 已重新排队。',
  giveBack: '退回修改', giveBackTitle: '退回申请人修改', giveBackText: '订单 {no} 将退回申请人，原因以短信和业务单告知；修改后重新审核。', addReason: '添加原因', reasons: '退回原因', reasonText: '说明 {n}', remove: '移除', givenBack: '订单 {no} 已退回申请人。', needReason: '请至少添加一项原因',
  refuse: '无法制证', refuseTitle: '无法制证，退款', refuseText: '订单 {no} 将终止制证并全额退款。', refuseReason: '原因', refused: '订单 {no} 已终止，正在退款。', askedRefusal: '{name} 已提出：{reason}', refusalSame: '请填写相同的原因以确认。',
  serial: '证书序列号', subject: '证书主体', validity: '有效期', issuedAt: '签发时间', algorithm: '算法', noCertificates: '没有证书', c_good: '有效', c_held: '已挂失', c_revoked: '已吊销', c_asked: '待确认吊销', revokedBy: '{reason}，{names}',
  revoke: '吊销', revokeTitle: '吊销证书', revokeText: '订单 {no} 的证书（序列号 {serial}）将被吊销并列入吊销列表，不能恢复。', revokeReason: '吊销原因', revoked: '证书已吊销，将列入下一期吊销列表。', proposed: '{name} 已提出吊销：{reason}', revokeAgree: '选择相同原因即执行吊销。',
  noStuck: '没有停滞的任务', kind: '任务', due: '应执行时间', retryWork: '重试', retryWorkTitle: '重试任务', retryWorkText: '任务“{kind}”（{no}）将立即重新执行一次。对外操作带有固定的幂等编号，重试不会重复付款、重复转账或重复发送。', retriedWork: '任务已重新排队。', w_parked: '已停止，需人工处理', w_queued: '逾期未执行',
  j_SMS: '发送短信', j_PAY_OPEN: '生成付款码', j_PAY_QUERY: '查询支付', j_PAY_CLOSE: '关闭支付', j_INBOX: '处理支付通知', j_REFUND: '退款', j_INVOICE: '电子发票', j_BANK_STATEMENT: '读取银行流水', j_RESCUE: '找回遗漏任务', j_LEDGER: '对账', j_BANK_SEND: '金融认证转账', j_BANK_WATCH: '查询金融认证', j_ISSUE: '制证', j_INTENT_DROP: '撤销签名意向', j_ISSUE_SWEEP: '制证巡检', j_TRACK: '查询物流', j_EXPIRE: '到期处理', j_REMIND: '提醒', j_LEASES: '收回超时领取', j_ANCHOR: '审计锚定', j_FORGET: '删除过期资料', j_SWEEP: '清理', j_CRL: '发布吊销列表', j_IDCARD: '识别身份证', j_PHONE_MATCH: '手机实名核验', j_LIVENESS: '活体认证', j_VIDEO_DROP: '删除视频', j_IDENTITY_EXPIRY: '认证超时',
};

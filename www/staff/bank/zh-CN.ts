export default {
  lead: '向申请人账户转账 0.01 元、附言携带 PIN 码。结果不明的只查询、不重发；银行迟迟没有结果，或账户已用其他方式证明时，由两人登记结果。',
  none: '没有金融认证记录', attempt: '第 {n} 次', account: '账户尾号', reference: '银行参考号', sent: '发出时间', finished: '结果时间', result: '结果', manual: '人工登记', byHand: '人工',
  s_queued: '待发送', s_sent: '已发送', s_unknown: '结果待查', s_ok: '成功', s_failed: '失败',
  judge: '登记结果', judgeTitle: '人工登记金融认证结果', judgeText: '订单 {no}（{name}），账户尾号 {tail}，第 {n} 次。', proveText: '登记成功后，PIN 码改以短信发送，订单随即进入制证。', failText: '登记失败后，申请人须重新填写账户信息。',
  r_ok: '账户属实，认证成功', r_failed: '转账未成功，认证失败', basis: '依据', basisHint: '如银行柜面查询结果、开户行证明编号', done: '金融认证结果已生效。', first: '结果已登记，等待另一名工作人员登记相同结果。',
  saidFirst: '{name} 已登记“{result}”：{note}', agree: '登记相同结果即生效；登记不同结果则以您的为准，重新等待他人确认。', submit: '登记',
};

export default {
  cancel: '取消', from: '起始日期', to: '截止日期', show: '查询', yuan: '元', order: '订单编号', subject: '申请单位/申请人', state: '状态', anyState: '全部', action: '操作', at: '时间', reason: '原因', note: '说明',
  secondNeeded: '此操作须由两名工作人员先后提出相同意见才生效。', firstSaid: '已登记，等待另一名工作人员确认。', needText: '请填写', chooseOne: '请选择', asked: '{name} 已提出', second: '同意并执行', askedByYou: '您已提出，等待另一名工作人员确认。改为其他意见会重新提出。',
  wechat_pay: '微信支付', alipay: '支付宝', bank_transfer: '对公转账',
};

export default {
  q: '查找', qHint: '订单号、名称、手机号、证件号码，或运单、介质、证书、支付、退款的编号', search: '查找', state: '状态', anyState: '全部状态', tooShort: '请至少输入两个字', noneFound: '没有符合条件的订单',
  orderNo: '订单编号', subject: '申请单位/申请人', type: '证书类型', since: '进入此状态', submitted: '提交时间', reviewer: '审核员', t_organisation: '机构', t_natural_person: '自然人',
};

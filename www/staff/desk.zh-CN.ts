export default {
  hello: '{name}，您好', waits: '待办事项', today: '今日数字', held: '我领取的订单', heldText: '您正在审核订单 {no}', goOn: '继续审核', startReview: '去审核', oldest: '最久 {time}', nothing: '暂无', find: '查找订单', findHint: '订单号、名称、手机号、证件号码，或运单、介质、证书、支付、退款的编号', search: '查找',
  w_pending_review: '待初审', w_pending_second_review: '待复审', w_overdue_review: '审核已超期', w_denial_asked: '不予受理待确认', w_identity_checks: '待人工核验', w_vouchers: '汇款待确认', w_invoices: '发票待处理', w_refunds: '退款待复核', w_issuance_failed: '制证失败', w_to_ship: '待寄出', w_delivery_exception: '派送异常', w_stuck_work: '停滞任务', w_bank_results: '金融认证结果待复核', w_revocations: '吊销待确认', w_issuance_refusals: '无法制证待确认', w_reissues: '补制待确认',
  d_my_approved: '我通过的', d_my_returned: '我退回的', d_submitted: '今日提交', d_paid: '今日付款', d_issued: '今日制证', d_shipped: '今日寄出',
};

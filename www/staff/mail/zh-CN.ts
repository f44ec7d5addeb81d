export default {
  parts: '寄递事项', tabToSend: '待寄出', tabUnderWay: '在途', tabException: '异常',
  waitingList: '待寄出的订单', noneToSend: '没有待寄出的订单', find: '扫描或输入订单号', locate: '定位', notHere: '待寄列表中没有订单 {no}', masked: '收件信息仅制证员可见。',
  label: '面单信息', recipient: '收件人', mobile: '手机', address: '地址', postcode: '邮编', feeMode: '邮费', f_sender: '寄付', f_recipient: '到付', serial: '证书序列号', certifiedAt: '制证完成',
  scanTitle: '扫描绑定', scanHint: '用扫码枪依次扫描运单和介质，每扫一次自动跳到下一项；也可以键盘输入后按回车。', carrier: '快递公司', trackingNo: '运单号', tokenSerial: '介质序列号', trackingHint: '{prefix} 加 {least} 到 {most} 位数字', tokenHint: '6 到 32 位数字、大写字母或短横线',
  wrongTracking: '不是{carrier}的运单号：应为 {prefix} 加 {least} 到 {most} 位数字', wrongToken: '介质序列号应为 6 到 32 位数字、大写字母或短横线', sameCode: '这是刚才的运单号，请扫描介质上的序列号',
  ship: '寄出', shipTitle: '确认寄出', shipText: '订单 {no}：介质 {token} 与{carrier}运单 {waybill} 绑定，寄给 {recipient}。', shipOnce: '寄出后 PIN 码立即擦除，并以短信告知申请人；此操作不能撤回。', shipDo: '确认寄出', shipped: '订单 {no} 已寄出，运单号 {waybill}。',
  noneUnderWay: '没有在途的包裹', waybill: '运单', sentAt: '寄出时间', parcelState: '物流状态', late: '超时未更新', noneException: '没有异常的包裹', since: '异常时间', what: '异常情况', confirmedAddress: '地址已确认 {at}', unconfirmedAddress: '等待申请人确认地址',
  w_labelled: '已出单', w_picked: '已揽收', w_in_transit: '运输中', w_out_for_delivery: '派送中', w_signed: '已签收', w_problem: '异常', w_returning: '退回中', w_returned: '已退回', w_lost: '遗失',
  trouble: '登记异常', troubleTitle: '登记快递异常', troubleText: '订单 {no}，运单 {waybill}。登记后以短信请申请人确认收件信息。', troubleReason: '异常原因', troubleDo: '登记', troubled: '订单 {no} 已登记为快递异常。',
  resend: '重新寄出', resendTitle: '重新寄出', resendText: '订单 {no} 的包裹已退回我方、封签完好，将回到“待寄出”，按申请人确认的地址用新运单寄出。', resendDo: '封签完好，重新寄出', resent: '订单 {no} 已回到待寄出。', cannotResend: '申请人尚未确认地址，暂不能重寄',
  reissue: '补制', reissueTitle: '吊销并补制证书', reissueText: '订单 {no} 的原证书将被吊销，以新的密钥和 PIN 码重新制作，原介质作废。', reissueReason: '原因', reissueDo: '吊销并补制', reissued: '订单 {no} 的原证书已吊销，正在补制。', askedReissue: '{name} 已提出补制：{reason}', reissueSame: '填写相同的原因即执行。',
};

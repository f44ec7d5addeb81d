// What the guide shows of the pages; scripts/guide-pictures takes them.
export const WIDTH = 1280, HEIGHT = 860;

export const PICTURES: { name: string; zh: string; en: string }[] = [
  { name: 'register', zh: '注册：手机号和短信验证码', en: 'Registering with a phone and an SMS code' },
  { name: 'choose', zh: '选择应用：勾选协议，选择证书类型和年限', en: 'Choosing: agreements, kind of certificate, term' },
  { name: 'form', zh: '录入信息：边填边存，填错处当场提示', en: 'The form: saved as you type, mistakes named at once' },
  { name: 'print', zh: '打印申请表：预览、打印、签字盖章', en: 'Printing the forms to sign and stamp' },
  { name: 'documents', zh: '上传资料：当场检查是否合格', en: 'Uploading the scans, checked at once' },
  { name: 'identity', zh: '在线认证：用微信扫描二维码', en: 'Identity check: scan the code with WeChat' },
  { name: 'pay-wechat', zh: '在线支付：扫码付款', en: 'Paying by scanning a code' },
  { name: 'result', zh: '提交结果：等待审核', en: 'The result: waiting for the review' },
  { name: 'orders', zh: '我的业务单：查询进度', en: 'My orders: following the progress' },
];

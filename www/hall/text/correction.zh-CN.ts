export default {
  prev: '上一步',
  resubmitTitle: '修改完成，重新提交',
  resubmitText: '请确认以上问题都已修改。重新提交后，由原审核人员优先审核，不需要再次付款。',
  resubmitNotYet: '还有以下内容需要完成：',
  goTo: '去',
  former: '原内容：',
  formerNone: '（空）',
};

export default {
  brand: '深圳CA', desk: '受理管理平台', skip: '跳到正文', menu: '菜单', mainMenu: '主导航', preferences: '显示设置', pageTitle: '{page} - 受理管理平台',
  sizes: '字号', sizeStandard: '标准', sizeLarge: '大字号', sizeLargest: '特大字号', contrastHigh: '高对比度', otherLanguage: 'English',
  loading: '正在加载…', loadFailed: '页面内容没有加载成功', retry: '重试', notFound: '没有找到这个页面', notFoundText: '地址可能有误，或者页面已经移动。', toDesk: '返回工作台',
  forbidden: '您的角色不能使用这个页面', forbiddenText: '如工作需要，请联系管理员调整角色。', logout: '退出登录', me: '当前用户', close: '关闭', cancel: '取消', back: '返回', more: '加载更多', none: '没有内容', refresh: '刷新', yes: '是', no: '否', failed: '没有成功',
  r_reviewer: '审核员', r_finance: '财务员', r_production: '制证员', r_auditor: '审计员', r_administrator: '管理员',
  gWork: '受理', gMoney: '财务', gMaking: '制证与寄递', gControl: '统计与审计', gSystem: '系统',
  navDesk: '工作台', navReviews: '待审核', navIdentity: '人工核验', navOrders: '订单查询', navFinance: '财务', navBank: '金融认证', navMaking: '制证', navParcels: '寄递', navStatistics: '统计', navAudit: '审计记录', navStaff: '人员与角色', navProjects: '业务项目', waiting: '{n} 件待办',

  loginTitle: '登录', loginLead: '工作人员登录', username: '用户名', password: '密码', showPassword: '显示', hidePassword: '隐藏', totp: '动态验证码', totpHint: '身份验证器应用中显示的 6 位数字', loginButton: '登录',
  needUsername: '请填写用户名', needPassword: '请填写密码', needTotp: '请填写 6 位动态验证码', errors: '有 {n} 项需要修改', lockedUntil: '尝试次数过多，账号已锁定。{time} 后可以再试。', sessionOver: '登录已失效，请重新登录。登录后回到刚才的页面。',
  enrolOpen: '首次登录？先绑定动态验证码', enrolTitle: '绑定动态验证码', enrol1: '在手机上打开身份验证器应用', enrol2: '扫描下面的二维码', enrol3: '输入应用显示的 6 位验证码，完成绑定', enrolQr: '绑定动态验证码的二维码', enrolByHand: '无法扫码时，手工输入密钥：', enrolButton: '完成绑定并登录', enrolWrong: '验证码不正确。请确认手机时间准确，输入最新显示的 6 位数字。', copy: '复制', copied: '已复制',
  idle: '较长时间没有操作，登录将在 {time} 后失效。', idleStay: '继续使用', idleOver: '登录可能已失效。', login: '重新登录',
  loginNote1: '本系统仅供授权的工作人员使用，查看和操作均留有记录。', loginNote2: '离开座位请退出登录。不要把密码和动态验证码告诉任何人。',
};

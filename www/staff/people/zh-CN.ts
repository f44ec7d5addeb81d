export default {
  lead: '新人员首次登录时自行绑定动态验证码。角色、密码或状态变更后，其现有登录立即失效。', add: '新增人员', addTitle: '新增人员', addText: '请把用户名和初始密码当面或以其他安全方式告知本人。', username: '用户名', usernameHint: '2 至 32 位小写字母、数字或 _ . -，以字母开头', name: '姓名', password: '初始密码', newPassword: '新密码', passwordHint: '8 至 72 个字符，不含用户名，不能是常见密码', generate: '随机生成', show: '显示', hide: '隐藏', roles: '角色', rolesHint: '按工作需要选择；同一事项的两名经办人应是不同的人', added: '已新增 {name}。', needRole: '请至少选择一个角色',
  r_reviewer: '审核证件和申请', r_finance: '核对到账、退款、对账', r_production: '制证、寄递', r_auditor: '审计记录、统计', r_administrator: '人员、项目、统计',
  none: '没有人员', state: '状态', active: '在用', closed: '停用', totp: '动态验证码', enrolled: '已绑定', notEnrolled: '待首次登录绑定', since: '加入时间', self: '本人',
  edit: '修改', editTitle: '修改 {name}', save: '保存', saved: '已保存 {name} 的修改。', ownRoles: '不能修改自己的角色，请由另一名管理员操作。',
  reset: '重置密码', resetTitle: '重置 {name} 的密码', resetText: '原密码立即失效，其所有登录被终止。', resetDone: '{name} 的密码已重置。',
  enrol: '重新绑定验证码', enrolTitle: '重新绑定 {name} 的动态验证码', enrolText: '原动态验证码立即失效，其所有登录被终止；本人下次以密码登录时重新扫码绑定。请先确认是本人提出。', enrolDone: '{name} 下次登录时将重新绑定动态验证码。',
  close: '停用', closeTitle: '停用 {name}', closeText: '停用后不能登录，其所有登录被终止；已有的操作记录保留。', closeDone: '{name} 已停用。', open: '启用', openTitle: '启用 {name}', openText: '启用后可以用原密码和动态验证码登录。', openDone: '{name} 已启用。',
};

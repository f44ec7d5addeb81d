export default {
  week: '近 7 天', month: '近 30 天', thisMonth: '本月', lastMonth: '上月', year: '近一年', spans: '常用时段', exportCsv: '导出 CSV', table: '数据表', tooLong: '最多查询 366 天',
  submitted: '受理', submittedTitle: '每日提交量（件）', decisionsTitle: '每日审核结论（件）', approved: '通过', returned: '退回', denied: '不予受理', decided: '审核完成', returnRate: '退回率 {rate}%', issued: '签发证书', received: '实收（元）', refunded: '退款（元）', refundsN: '{n} 笔', paymentsN: '{n} 笔',
  waiting: '正在等待审核', alarmed: '{n} 件已超过 2 个工作日', overdue: '{n} 件已超过 3 个工作日', inTime: '均在时限内',
  timesTitle: '审核用时（工作时间）', timesText: '自提交（或重新提交）至作出结论；一个工作日为 8.5 小时，节假日和调休已计入。', within2: '2 个工作日内', within3: '2 至 3 个工作日', over3: '超过 3 个工作日', median: '一半不超过', p90: '九成不超过', noDecisions: '这段时间没有审核结论', count: '件数', time: '用时', minutes: '{n} 分钟', hours: '{h} 小时 {m} 分', daysHours: '{d} 个工作日 {h} 小时',
  reasonsTitle: '退回原因（次）', reason: '原因', noReasons: '这段时间没有退回', moneyTitle: '每日收支（元）', methodsTitle: '各支付方式实收（元）', method: '支付方式', payments: '收款笔数', refunds: '退款笔数', statesTitle: '订单现状（件）', stateNow: '状态', noMoney: '这段时间没有收支', day: '日期', late: '超时', working: '工作日',
  fileDays: '每日统计', fileReasons: '退回原因', fileStates: '订单现状', fileTimes: '审核用时', fileMethods: '支付方式', fileVerdicts: '审核结论', fileMoney: '收支',
};

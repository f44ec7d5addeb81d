import type { Catalogue } from '../../shared/words';
import type zh from './zh-CN';

const words: Catalogue<keyof typeof zh> = {
  week: '7 days', month: '30 days', thisMonth: 'This month', lastMonth: 'Last month', year: 'A year', spans: 'Usual spans', exportCsv: 'CSV', table: 'As a table', tooLong: 'At most 366 days',
  submitted: 'Submitted', submittedTitle: 'Submitted by day (orders)', decisionsTitle: 'Verdicts by day (orders)', approved: 'Approved', returned: 'Returned', denied: 'Denied', decided: 'Decided', returnRate: '{rate}% returned', issued: 'Certificates', received: 'Received (yuan)', refunded: 'Refunded (yuan)', refundsN: '{n} refunds', paymentsN: '{n} payments',
  waiting: 'Waiting for review', alarmed: '{n} older than 2 working days', overdue: '{n} older than 3 working days', inTime: 'All in time',
  timesTitle: 'Time to a verdict (working time)', timesText: 'From handing in (or handing in again) to the verdict; a working day is 8.5 hours, holidays and make-up days are counted as they are.', within2: 'Within 2 working days', within3: '2 to 3 working days', over3: 'More than 3 working days', median: 'Half took at most', p90: 'Nine in ten took at most', noDecisions: 'No verdicts in this time', count: 'Orders', time: 'Time', minutes: '{n} min', hours: '{h} h {m} min', daysHours: '{d} working days {h} h',
  reasonsTitle: 'Reasons of return (times)', reason: 'Reason', noReasons: 'Nothing was returned in this time', moneyTitle: 'Money by day (yuan)', methodsTitle: 'Received by way of paying (yuan)', method: 'Paid by', payments: 'Payments', refunds: 'Refunds', statesTitle: 'Orders now (number)', stateNow: 'State', noMoney: 'No money moved in this time', day: 'Day', late: 'Late', working: 'Working day',
  fileDays: 'days', fileReasons: 'reasons', fileStates: 'states', fileTimes: 'times', fileMethods: 'methods', fileVerdicts: 'verdicts', fileMoney: 'money',
};
export default words;

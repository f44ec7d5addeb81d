import type zh from './reading.zh-CN';

const en: Record<keyof typeof zh, string> = {
  agreementTitle: 'Agreements',
  agreementVersion: 'Version {version}',
  guideFee: '{type}: {fee} yuan a year.',
};
export default en;

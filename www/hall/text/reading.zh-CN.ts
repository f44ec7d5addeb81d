export default {
  agreementTitle: '协议与政策',
  agreementVersion: '版本 {version}',
  guideFee: '{type}每年 {fee} 元。',
};

import type zh from './zh-CN';

const en: Record<keyof typeof zh, string> = {
  brand: 'Shenzhen CA', hall: 'Digital Certificate Service Hall', hallShort: 'Service Hall', skip: 'Skip to content', welcome: 'Welcome to the online hall of Shenzhen CA',
  sizeStandard: 'Standard text', sizeLarge: 'Large text', sizeLargest: 'Largest text', contrastHigh: 'High contrast', contrastNormal: 'Normal contrast', otherLanguage: '中文',
  sizes: 'Text size', menu: 'Menu', mainMenu: 'Main', navHome: 'Home', navApply: 'Apply', navOrders: 'My orders', navGuide: 'Guide', navFaq: 'Questions',
  login: 'Sign in', logout: 'Sign out', register: 'Register', personal: 'My account', hotline: 'Service line', hours: 'Hours', back: 'Back',
  footAgreements: 'Agreements', footHelp: 'Help', footBrowser: 'Browsers', required: 'required', loading: 'Loading…', retry: 'Try again', loadFailed: 'This could not be loaded',
  notFound: 'This page was not found', notFoundText: 'The address may be wrong, or the page has moved.', toHome: 'Back to the home page', done: ', done', pageTitle: '{page} - Digital Certificate Service Hall',

  heroTitle: 'Digital Certificate Service Hall', heroText: 'Digital certificates for suppliers of Liaoning Government Procurement: apply online, prove who you are by phone, receive it by courier.', heroApply: 'Apply now', heroOrders: 'Follow an application',
  heroFact1: 'All online', heroFact1Text: 'Hand in every document here', heroFact2: 'Three working days', heroFact2Text: 'for the review after payment', heroFact3: 'By courier', heroFact3Text: 'to the address you name',
  entry: 'Start here', entryHello: 'Hello, {name}', entryText: 'Sign in to apply, to go on with an application or to follow its progress.', entrySigned: 'Apply for a new certificate or go on with an open order.',
  services: 'Services', serviceOrg: 'Organisation certificate', serviceOrgText: 'For companies, public institutions and associations, by a handler', servicePerson: 'Personal certificate', servicePersonText: 'By the person, with the seal of the organisation',
  serviceProgress: 'Progress', serviceProgressText: 'Review, bank verification, issuance and delivery, step by step', serviceReturned: 'Correct and resubmit', serviceReturnedText: 'Correct a returned order by the reasons given',
  serviceBank: 'Bank verification', serviceBankText: 'Enter the bank account again for another transfer', serviceGuide: 'Guide', serviceGuideText: 'Conditions, documents, steps, fees and times',
  flow: 'How it works', facts: 'At a glance', factWho: 'For whom', factWhoText: 'Organisations and persons who need a certificate for Liaoning Government Procurement for the first time', factBefore: 'Conditions', factBeforeText: 'You are an approved supplier at ccgp-liaoning.gov.cn, and the phone of the handler (applicant) is registered under the real name',
  factPapers: 'Documents', factPapersText: 'Application form, copy of the licence (organisations) and seal collection form, all stamped in red; JPG or PDF, at most 2 MB each',
  factFee: 'Fees', factFeeText: '{fee} yuan a year; courier 12 to 21 yuan by destination, or paid by the recipient', factTime: 'Time', factTimeText: 'Reviewed within three working days of payment, issued after the bank verification', factResult: 'Result', factResultText: 'Certificate on a token (UKey), electronic seal, invoice', factHelp: 'Questions',
  flow1: 'Register', flow1Text: 'Phone and SMS code', flow2: 'Fill in', flow2Text: 'Saved as you type', flow3: 'Print', flow3Text: 'Sign, stamp, scan', flow4: 'Upload', flow4Text: 'Checked at once', flow5: 'Identity', flow5Text: 'Scan with the phone', flow6: 'Pay', flow6Text: 'WeChat, Alipay, transfer', flow7: 'Review', flow7Text: 'SMS news, courier',

  phone: 'Mobile', phoneHint: '11 digits', smsCode: 'SMS code', smsSend: 'Send a code', smsAgain: 'Send again', smsWait: 'Again in {n} s', smsSent: 'A code was sent to {phone}; it is good for 5 minutes. Messages may take a moment.',
  password: 'Password', newPassword: 'New password', passwordHint: '10 to 72 characters, none of the very common ones', showPassword: 'Show', hidePassword: 'Hide', name: 'Name', nameHint: 'The real name of the handler or applicant',
  loginTitle: 'Sign in', loginByPassword: 'With password', loginByCode: 'With SMS code', loginWays: 'How to sign in', forgot: 'Forgot the password', noAccount: 'No account yet?', haveAccount: 'Registered already?', registerTitle: 'Register', registerButton: 'Register and sign in',
  registerNote: 'The code comes by SMS and may take a moment. Please remember your phone and password.', resetTitle: 'Set a new password', resetButton: 'Set the new password', resetDone: 'The password was changed and all other sessions were ended. Please sign in with the new one.', errors: '{n} things to correct', phoneTaken: 'Sign in',
  asideTitle: 'Be safe', aside1: 'Tell nobody your codes and PIN; our staff never ask for them.', aside2: 'Check the address of this site; never enter your password behind a link that somebody sent.', aside3: 'Sign out when you are done on a shared computer.', needPhone: 'Please enter the mobile', badPhone: 'A mobile has 11 digits and begins with 13 to 19', needCode: 'Please enter the 6 digits of the SMS code', needPassword: 'Please enter the password', needName: 'Please enter the name', failed: 'This did not work',
};
export default en;

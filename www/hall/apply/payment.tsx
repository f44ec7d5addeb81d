// 缴费: WeChat and Alipay by code, or a transfer with its voucher.
import { useEffect, useRef, useState } from 'preact/hooks';
import { follow, newKey, post, Refusal, type Reply } from '../../shared/api';
import { clock, Copy, ErrorSummary, Notice, TextField, useSeconds } from '../../shared/kit';
import { QrCode } from '../../shared/qrcode';
import { recall, remember } from '../../shared/prefs';
import { focusMain, unlessLost } from '../../shared/route';
import { today } from '../../shared/words';
import { Bill } from '../bill';
import { pathOf, wordsOf, type Order, type OrderHandle, type Payment } from '../order';
import { t, yuan, type Word } from '../text';
import { DropBox } from './documents';

const METHODS: [string, Word, Word][] = [['wechat_pay', 'payWechat', 'payWechatText'], ['alipay', 'payAlipay', 'payAlipayText'], ['bank_transfer', 'payTransfer', 'payTransferText']];

function Online({ payment, again }: { payment: Payment; again: () => void }) {
  const seconds = useSeconds(payment.expires_at ? Date.parse(payment.expires_at) : 0);
  const wechat = payment.method === 'wechat_pay';
  const over = ['closed', 'refused'].includes(payment.state) || (payment.state === 'pending' && seconds === 0 && payment.expires_at);
  return (
    <div class="scan">
      <div class="codebox">
        {over ? <div class="over"><p>{t('payOver')}</p><button type="button" class="button" onClick={again}>{t('payAgain')}</button></div>
          : payment.state === 'paid' ? <p class="big">{t('paid')}</p>
            : payment.code_url ? <><QrCode text={payment.code_url} label={t('payQr')} /><p>{t('payLeft', { time: clock(seconds) })}</p></> : <p role="status">{t('payPreparing')}</p>}
      </div>
      <div>
        <p class="big">{t(wechat ? 'payScanWechat' : 'payScanAlipay')}</p>
        <p class="total">{t('billTotal')}<b>{yuan(payment.amount_fen)}</b>{t('yuanWord')}</p>
        <p role="status">{payment.state === 'pending' && !over ? t('payWaiting') : payment.state === 'paid' ? t('paidNext') : ''}</p>
        <Notice>{t('payOnlineNote')}</Notice>
      </div>
    </div>
  );
}

/** What is typed about a voucher, kept in this browser until it is handed in: a lost tab loses nothing. */
function useKept<T extends Record<string, string>>(name: string, usual: T): { values: T; set: (key: keyof T) => (value: string) => void; forget: () => void } {
  const [values, setValues] = useState<T>(() => {
    try {
      return { ...usual, ...JSON.parse(recall(name) || '{}') };
    } catch {
      return usual;
    }
  });
  const set = (key: keyof T) => (value: string) => {
    const now = { ...values, [key]: value };
    setValues(now);
    remember(name, JSON.stringify(now));
  };
  return { values, set, forget: () => remember(name, '') };
}

function Transfer({ handle, payment }: { handle: OrderHandle; payment: Payment }) {
  const { order } = handle;
  const holder = (order.form?.bank_account?.account_name as string) ?? '';
  const { values: { payer, amount, date, reference }, set, forget } = useKept(`voucher-${payment.payment_id}`, { payer: holder, amount: yuan(payment.amount_fen), date: today(), reference: '' });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [tries, setTries] = useState(0);
  const key = useRef(newKey());
  const account = payment.beneficiary;
  const scan = order.documents.find(({ kind }) => kind === 'payment_voucher');
  const send = async (event: Event) => {
    event.preventDefault();
    const wrong = {
      ...(scan ? {} : { 'file-payment_voucher': t('needVoucher') }), ...(payer.trim() ? {} : { payer_name: t('needPayer') }),
      ...(/^\d{1,9}(?:\.\d{1,2})?$/.test(amount) ? {} : { amount_fen: t('needAmount') }), ...(date ? {} : { transferred_on: t('needDate') }),
    };
    setErrors(wrong);
    setTries((n) => n + 1);
    if (Object.keys(wrong).length) return;
    try {
      const reply = await post<Order>(`${pathOf(order.order_no)}/payments/${payment.payment_id}/voucher`, {
        payer_name: payer.trim(), amount_fen: Math.round(Number(amount) * 100), transferred_on: date, ...(reference.trim() && { bank_reference: reference.trim() }) }, { key: key.current });
      forget();
      handle.set(reply);
    } catch (error) {
      key.current = newKey();
      const faults = error instanceof Refusal ? error.problem.errors : undefined;
      setErrors(faults?.length ? Object.fromEntries(faults.map((fault) => [fault.pointer.slice(1), fault.detail])) : { form: wordsOf(error) });
      setTries((n) => n + 1);
    }
  };
  const lines: [Word, string][] = account ? [['toName', account.account_name], ['toAccount', account.account_number], ['toBank', account.bank], ['toAmount', yuan(payment.amount_fen)], ['toMemo', account.memo]] : [];
  return (
    <form noValidate onSubmit={send}>
      <ErrorSummary title={t('errors', { n: Object.keys(errors).length })} items={Object.entries(errors).map(([id, text]) => ({ id, text }))} shown={tries} />
      <h3>{t('transferStep1')}</h3>
      <dl class="bill wide">{lines.map(([name, value]) => <div key={name}><dt>{t(name)}</dt><dd>{value} <Copy text={value} label={`${t('copy')}`} done={t('copied')} /></dd></div>)}</dl>
      <Notice tone="warn">{t('transferNote')}</Notice>
      <h3>{t('transferStep2')}</h3>
      <DropBox order={order} kind="payment_voucher" scan={scan} onChange={handle.reload} />
      <div class="fields">
        <TextField id="payer_name" label={t('payerName')} required value={payer} onValue={set('payer')} error={errors.payer_name} maxLength={100} />
        <TextField id="amount_fen" label={t('payerAmount')} required value={amount} onValue={set('amount')} error={errors.amount_fen} inputMode="decimal" />
        <TextField id="transferred_on" label={t('payerDate')} required type="date" value={date} max={today()} onValue={set('date')} error={errors.transferred_on} />
        <TextField id="bank_reference" label={t('payerReference')} value={reference} onValue={set('reference')} error={errors.bank_reference} maxLength={60} />
      </div>
      <div class="bar"><p class="saved">{t('transferThen')}</p><button type="submit" class="button" id="form">{t('sendVoucher')}</button></div>
    </form>
  );
}

export function PaymentStep({ handle }: { handle: OrderHandle }) {
  const { order } = handle;
  const open = order.payment && ['preparing', 'pending'].includes(order.payment.state) ? order.payment : null;
  const [method, setMethod] = useState(open?.method ?? '');
  const [payment, setPayment] = useState<Payment | null>(null);
  const [problem, setProblem] = useState('');
  const [round, setRound] = useState(0);
  const keys = useRef<Record<string, string>>({});
  const before = useRef<Promise<unknown>>(Promise.resolve());

  useEffect(() => {
    if (!method) return undefined;
    const stop = new AbortController();
    const watch = async () => {
      setPayment(null);
      setProblem('');
      try {
        const name = `${method} ${round}`;
        keys.current[name] ??= newKey();
        // one after the other: the hall closes what was wanted before, in the order in which it hears of it
        const asked: Promise<Reply<Payment> | null> = before.current.then(() => (stop.signal.aborted ? null : post<Payment>(`${pathOf(order.order_no)}/payments`, { method }, { key: keys.current[name] })));
        before.current = asked.catch(() => undefined);
        const reply = await asked;
        if (!reply || stop.signal.aborted) return;
        const { data } = reply;
        setPayment(data);
        if (data.method === 'bank_transfer') return;
        await follow<Payment>(`${pathOf(order.order_no)}/payments/${data.payment_id}`, stop.signal, (now) => {
          setPayment(now);
          if (now.state === 'paid') {
            stop.abort();
            setTimeout(() => void handle.reload(), 1200);
          }
        });
      } catch (error) {
        if (!stop.signal.aborted) setProblem(wordsOf(error));
      }
    };
    void watch();
    return () => stop.abort();
  }, [method, round]);

  const again = () => {
    setRound((n) => n + 1);
    unlessLost(focusMain);
  };
  const refused = order.payment?.state === 'refused' && order.payment.reason;
  return (
    <div class="card work">
      {refused && <Notice tone="bad">{t('voucherRefused')}{order.payment?.reason}</Notice>}
      <h2 class="sub">{t('billTitle')}</h2>
      <Bill order={order} />
      <h2 class="sub" id="ways">{t('payHow')}</h2>
      <div class="ways" role="radiogroup" aria-labelledby="ways">
        {METHODS.map(([value, name, text]) => (
          <label key={value} class={`way${method === value ? ' on' : ''}`}>
            <input type="radio" name="method" checked={method === value} onChange={() => setMethod(value)} />
            <span><b>{t(name)}</b><i>{t(text)}</i></span>
          </label>
        ))}
      </div>
      <div role="alert">{problem && <Notice tone="bad">{problem} <button type="button" class="quiet" onClick={again}>{t('retry')}</button></Notice>}</div>
      {payment && payment.method === method && (method === 'bank_transfer' ? <Transfer handle={handle} payment={payment} /> : <Online payment={payment} again={again} />)}
    </div>
  );
}

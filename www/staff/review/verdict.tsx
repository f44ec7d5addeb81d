// What a reviewer decides about an order that is theirs.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import denials from 'defs:reason-denial';
import { call, post, Refusal } from '../../shared/api';
import { Notice } from '../../shared/kit';
import { Dialog } from '../parts';
import { wordsOf } from '../session';
import { of } from '../text';
import { api, type Desk } from '../order/data';
import { Reasons, unsaid, type Chosen } from './reasons';
import { t } from './text';

export type Mode = 'look' | 'approve' | 'return' | 'deny';
export type Done = 'approved' | 'second' | 'returned' | 'released' | 'denied';

export interface VerdictProps {
  order: Desk; mode: Mode; setMode: (mode: Mode) => void; busy: boolean; setBusy: (busy: boolean) => void; over: boolean;
  onDone: (done: Done, next: boolean) => Promise<void>; onChange: (order: Desk) => void; onStale: () => void;
}

/** A denial that somebody has proposed and nobody has confirmed or overtaken. */
export const proposedDenial = (order: Desk) => order.reviews.filter(({ void: gone }) => !gone).filter(({ verdict }) => verdict === 'denial_asked').pop();

export function DenyDialog({ order, onClose, onAnswer }: { order: Desk; onClose: () => void; onAnswer: (order: Desk, done: boolean) => void }) {
  const asked = proposedDenial(order);
  const [reason, setReason] = useState(asked?.note ?? '');
  const [problem, setProblem] = useState('');
  const send = async (event: Event) => {
    event.preventDefault();
    if (!reason.trim()) return setProblem(t('needDenyReason'));
    try {
      const reply = await post<Desk>(`${api(order.order_no)}/denial`, { reason: reason.trim() });
      onAnswer(reply.data, reply.status !== 202);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  return (
    <Dialog title={t('denyTitle')} onClose={onClose}>
      <Notice tone="warn">{asked ? t('denyConfirmLead', { name: asked.staff, reason: asked.note ?? '' }) : t('denyLead')}</Notice>
      <form class="stacked" noValidate onSubmit={send}>
        {!asked && (
          <div class="field"><label for="deny-pick">{t('denyPick')}</label><div class="control"><select id="deny-pick" onChange={(event) => event.currentTarget.value && setReason(event.currentTarget.value)}>
            <option value="" />{Object.entries(denials).map(([code, row]) => <option key={code} value={row.zh}>{of(row)}</option>)}
          </select></div></div>
        )}
        <div class={`field${problem ? ' wrong' : ''}`}><label for="deny-reason">{t('denyReason')}</label><div class="control"><textarea id="deny-reason" rows={3} maxLength={200} value={reason} aria-invalid={problem ? true : undefined} aria-describedby={problem ? 'deny-problem' : undefined}
          onInput={(event) => setReason(event.currentTarget.value)} /><p class="error" id="deny-problem" role="alert" hidden={!problem}>{problem}</p></div></div>
        <div class="buttons"><button type="button" class="button second" onClick={onClose}>{t('cancel')}</button><button type="submit" class="button danger">{t(asked ? 'denySecond' : 'denyAsk')}</button></div>
      </form>
    </Dialog>
  );
}

export function Verdict({ order, mode, setMode, busy, setBusy, over, onDone, onChange, onStale }: VerdictProps) {
  const [chosen, setChosen] = useState<Chosen>({});
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState('');
  const sure = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLElement>(null);
  const before = useRef<Mode>('look');
  const second = order.state === 'in_second_review';
  useEffect(() => {
    setChosen({});
    setNote('');
    setProblem('');
  }, [order.order_no]);
  useLayoutEffect(() => {
    if (mode === 'approve') sure.current?.focus();
    else if (mode === 'look' && before.current !== 'look') box.current?.focus();
    before.current = mode;
    setProblem('');
  }, [mode]);
  const attempt = async (act: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setProblem('');
    try {
      await act();
    } catch (error) {
      if (error instanceof Refusal && error.problem.code === 'stale') onStale();
      else setProblem(wordsOf(error));
    }
    setBusy(false);
  };
  const approve = (next: boolean) => attempt(async () => {
    const { data } = await post<Desk>(`${api(order.order_no)}/approval`, { revision_sha256: order.revision_sha256, ...(note.trim() && { note: note.trim() }) });
    await onDone(data.state === 'pending_second_review' ? 'second' : 'approved', next);
  });
  const sendBack = () => {
    const reasons = Object.values(chosen).map((reason) => ({ ...reason, text: reason.text.trim() }));
    const missing = unsaid(order, chosen);
    if (!reasons.length) return setProblem(t('needReason'));
    if (missing) return setProblem(t('needText', { name: missing }));
    return attempt(async () => {
      await post(`${api(order.order_no)}/rejection`, { reasons });
      await onDone('returned', true);
    });
  };
  const giveBack = () => attempt(async () => {
    await call('DELETE', `${api(order.order_no)}/claim`);
    await onDone('released', false);
  });
  const answered = (now: Desk, done: boolean) => {
    setMode('look');
    if (done) void onDone('denied', false);
    else onChange(now);
  };
  const n = Object.keys(chosen).length;
  const asked = proposedDenial(order);
  return (
    <section class={`verdict ${mode}`} aria-label={t('verdict')} tabIndex={-1} ref={box}>
      {mode === 'return' && <Reasons order={order} chosen={chosen} set={(next) => { setChosen(next); setProblem(''); }} problem={problem} />}
      {mode === 'approve' && <p class="ask">{t(second ? 'approveAskSecond' : 'approveAsk')}{!second && order.second_review && ` ${t('approveToSecond')}`}</p>}
      {mode === 'approve' && <label class="noteField">{t('note')}<textarea id="note" class="plain" rows={1} maxLength={500} value={note} onInput={(event) => setNote(event.currentTarget.value)} /></label>}
      {asked && <Notice tone="warn">{t('denyWaits', { name: asked.staff, reason: asked.note ?? '' })}</Notice>}
      <div role="alert" id="verdict-problem">{problem && <Notice tone="bad">{problem}</Notice>}</div>
      <div class="buttons" key={mode}>
        {mode === 'approve' ? (
          <>
            <button type="button" class="button second" onClick={() => setMode('look')}>{t('cancel')}</button>
            <button type="button" class="button second" disabled={busy || over} onClick={() => approve(false)}>{t('approveOnly')}</button>
            <button type="button" class="button go" ref={sure} disabled={busy || over} onClick={() => approve(true)}>{t('approveSure')}</button>
          </>
        ) : mode === 'return' ? (
          <>
            <button type="button" class="button second" onClick={() => setMode('look')}>{t('cancel')}</button>
            <button type="button" class="button danger go" disabled={busy || over} onClick={sendBack}>{t('sendBackN', { n })}</button>
          </>
        ) : (
          <>
            <button type="button" class="button second left" disabled={busy || over} aria-keyshortcuts="g" onClick={giveBack}>{t('giveBack')}<kbd aria-hidden="true">g</kbd></button>
            {!asked && <button type="button" class="button second" disabled={busy || over} aria-keyshortcuts="d" onClick={() => setMode('deny')}>{t('deny')}<kbd aria-hidden="true">d</kbd></button>}
            <button type="button" class="button danger" disabled={busy || over} aria-keyshortcuts="x" onClick={() => setMode('return')}>{t('sendBack')}<kbd aria-hidden="true">x</kbd></button>
            <button type="button" class="button go" disabled={busy || over} aria-keyshortcuts="a" onClick={() => setMode('approve')}>{t('approveNext')}<kbd aria-hidden="true">a</kbd></button>
          </>
        )}
      </div>
      {mode === 'deny' && <DenyDialog order={order} onClose={() => setMode('look')} onAnswer={answered} />}
    </section>
  );
}

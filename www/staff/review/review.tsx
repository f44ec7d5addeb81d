// 审核: the papers of one order beside its data, and the verdict; every act has a key.
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, post } from '../../shared/api';
import { Badge, clock, Notice, useSeconds } from '../../shared/kit';
import { go } from '../../shared/route';
import { toneOf } from '../../shared/state';
import { api, freshPapers, isInReview, papersOf, sections, waitsForReview, type Desk } from '../order/data';
import { FormView } from '../order/form';
import { Notes, toNotes } from '../order/notes';
import { paperName, PapersOnDemand, type PaperKeys } from '../order/papers';
import { code, t as order_ } from '../order/text';
import { has, isMe, wordsOf } from '../session';
import { Page } from '../shell';
import { stateWord } from '../state';
import { moment } from '../text';
import { KeysDialog, useKeys } from './keys';
import { justTaken, takeNext } from './next';
import { t } from './text';
import { DenyDialog, proposedDenial, Verdict, type Done, type Mode } from './verdict';

const SOON = 180; // seconds before a lease ends

function useDesk(no: string) {
  const [order, set] = useState<Desk | null>(null);
  const [problem, setProblem] = useState('');
  const reload = async () => {
    try {
      set((await get<Desk>(api(no))).data);
      setProblem('');
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  useEffect(() => {
    setProblem('');
    const ready = justTaken(no);
    set(ready);
    if (!ready) void reload();
  }, [no]);
  return { order: order?.order_no === no ? order : null, set, problem, reload };
}

/** What a reviewer should know before looking at anything else. */
function Attention({ order, onDatum }: { order: Desk; onDatum: (pointer: string) => void }) {
  const last = order.reviews.filter(({ verdict }) => verdict === 'returned').pop();
  const passed = order.reviews.filter(({ verdict, stage, void: gone }) => verdict === 'approved' && stage === 1 && !gone).pop();
  const note = order.notes[order.notes.length - 1];
  const fresh = freshPapers(order);
  const members = sections(order.certificate_type).flatMap((section) => section.members);
  const nameOf = (pointer: string) => order_(members.find((member) => member.pointer === pointer)?.word ?? 'application');
  const identityBad = order.identity?.state !== 'passed';
  if (!last && !passed && !order.duplicates.length && !order.warnings.length && !order.notes.length && !identityBad) return null;
  return (
    <section class="attention" aria-label={t('attention')}>
      {last && (
        <div>
          <h3>{t('lastReasons')} <span class="soft">{t('by', { name: last.staff, at: moment(last.at) })}</span></h3>
          <ul>{(last.reasons ?? []).map((reason) => <li key={reason.target + reason.code}><b>{reason.target.startsWith('documents/') ? paperName(reason.target.slice(10)) : reason.pointer ? nameOf(reason.pointer) : order_(reason.target === 'identity' ? 'identity' : 'application')}</b>：{reason.text}</li>)}</ul>
        </div>
      )}
      {last && (
        <div>
          <h3>{order.changed.length ? t('changes', { n: order.changed.length }) : t('noChanges')}</h3>
          {order.changed.length > 0 && <p class="jumps">{order.changed.map((pointer) => <button key={pointer} type="button" class="quiet" onClick={() => onDatum(pointer)}>{nameOf(pointer)}</button>)}</p>}
          {fresh.length > 0 && <p>{t('newPapers', { names: fresh.map(paperName).join('、') })}</p>}
        </div>
      )}
      {passed && <div><h3>{t('firstReview')}：{code('y_', passed.verdict)} <span class="soft">{t('by', { name: passed.staff, at: moment(passed.at) })}</span></h3>{passed.note && <p>{passed.note}</p>}</div>}
      {note && <div><h3>{t('notesN', { n: order.notes.length })} <span class="soft">{t('by', { name: note.staff, at: moment(note.at) })}</span></h3><p class="words">{note.text}</p></div>}
      {order.warnings.length > 0 && <div><h3>! {t('warningsN', { n: order.warnings.length })}</h3><ul>{order.warnings.map(({ pointer, code: name, text }) => <li key={pointer + name}><b>{nameOf(pointer)}</b>：{text} <button type="button" class="quiet" onClick={() => onDatum(pointer)}>{t('toDatum')}<span class="unseen"> {nameOf(pointer)}</span></button></li>)}</ul></div>}
      {order.duplicates.length > 0 && <div><h3>! {t('duplicatesN', { n: order.duplicates.length })}</h3><ul>{order.duplicates.map((other) => <li key={other.order_no}><a href={`/orders/order?no=${other.order_no}`} target="_blank" rel="noopener">{other.order_no}</a> {other.subject_name} · {order_(other.same_subject ? 'sameSubject' : 'samePerson')} · {moment(other.created_at, { time: false })}</li>)}</ul></div>}
      {identityBad && <div><h3>! {t('identityBad')}</h3></div>}
    </section>
  );
}

function Lease({ until, onRenew, over }: { until: number; onRenew: () => void; over: boolean }) {
  const left = useSeconds(until);
  if (over) return null;
  return left > SOON ? <span class="lease">{t('lease', { time: clock(left) })}</span>
    : <span class="lease soon" role="status">{t('leaseSoon', { time: clock(left - (left % 30)) })} <button type="button" class="button small second" onClick={onRenew}>{t('renew')}</button></span>;
}

/** True once the moment has passed. */
function useOver(until: number): boolean {
  const [, again] = useState(0);
  useEffect(() => {
    const left = until - Date.now();
    if (!until || left <= 0) return undefined;
    const timer = setTimeout(() => again((n) => n + 1), left + 50);
    return () => clearTimeout(timer);
  }, [until]);
  return until > 0 && Date.now() >= until;
}

function Status({ order, over, onClaim, onDeny }: { order: Desk; over: boolean; onClaim: () => void; onDeny: () => void }) {
  const asked = proposedDenial(order);
  if (over) return <Notice tone="bad" live>{t('leaseOver')} <button type="button" class="button small" onClick={onClaim}>{t('claimAgain')}</button></Notice>;
  if (order.mine) return null;
  return (
    <div class="statusline">
      {(waitsForReview(order.state) || (isInReview(order.state) && !order.reviewer)) && has('reviewer') && <button type="button" class="button claim" aria-keyshortcuts="c" onClick={onClaim}>{t('claim')}<kbd aria-hidden="true">c</kbd></button>}
      {isInReview(order.state) && order.reviewer && <Notice>{t('heldBy', { name: order.reviewer })}</Notice>}
      {isInReview(order.state) && asked && <Notice tone="warn">{t('denyWaits', { name: asked.staff, reason: asked.note ?? '' })}{isMe(asked.staff_id) ? ` ${t('denyByOther')}` : <> <button type="button" class="button small danger" onClick={onDeny}>{t('denySecond')}</button></>}</Notice>}
      {!waitsForReview(order.state) && !isInReview(order.state) && <Notice>{t('notWaiting')}（{stateWord(order)}）</Notice>}
    </div>
  );
}

function Bench({ order, set, reload }: { order: Desk; set: (order: Desk) => void; reload: () => Promise<void> }) {
  const [mode, setMode] = useState<Mode>('look');
  const [busy, setBusy] = useState(false);
  const [help, setHelp] = useState(false);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState('');
  const papers = useRef<PaperKeys | null>(null);
  const until = order.mine && order.lease_until ? Date.parse(order.lease_until) : 0;
  const over = useOver(until);
  useEffect(() => setMode('look'), [order.order_no]);
  const claim = async () => {
    try {
      set((await post<Desk>(`${api(order.order_no)}/claim`)).data);
      setProblem('');
      setSaid(order.mine && !over ? t('renewed') : '');
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  const done = async (what: Done, next: boolean) => {
    if (next && await takeNext()) return;
    go(`/reviews?done=${what}&no=${order.order_no}${next ? '&empty=1' : ''}`);
  };
  const stale = () => {
    setMode('look');
    setProblem(t('stale'));
    void reload();
  };
  const toDatum = (pointer: string) => document.querySelector(`[data-pointer="${pointer}"]`)?.scrollIntoView({ block: 'center' });
  const decides = order.mine && !over && !busy;
  useKeys((key) => {
    if (key === 'Escape') {
      setMode('look');
      return mode !== 'look';
    }
    if (key === '?') {
      setHelp(true);
      return true;
    }
    if (papers.current?.handle(key)) return true;
    if (key === 'c' && !order.mine && document.querySelector('.claim')) void claim();
    else if (key === 'm') toNotes();
    else if (key === 'n' && !order.mine) void takeNext().then((found) => found || setSaid(t('takeNextNone')), (error) => setProblem(wordsOf(error)));
    else if (!decides) return false;
    else if (key === 'a') setMode('approve');
    else if (key === 'x') setMode('return');
    else if (key === 'd' && !proposedDenial(order)) setMode('deny');
    else if (key === 'l') void claim();
    else if (key === 'g') document.querySelector<HTMLElement>('.verdict .left')?.click();
    else return false;
    return true;
  });
  const aside = (
    <div class="marks">
      <Badge tone={toneOf(order.state)}>{stateWord(order)}</Badge>
      <Badge tone="info">{order_(`t_${order.certificate_type}`)} · {order_('yearsN', { n: order.years })}</Badge>
      <Badge tone={order.returned_times ? 'warn' : 'info'}>{order.returned_times ? order_('again', { n: order.returned_times }) : order_('first')}</Badge>
      {order.second_review && <Badge tone="warn">{order_('secondReview')}</Badge>}
      {until > 0 && <Lease until={until} over={over} onRenew={claim} />}
      <button type="button" class="quiet" onClick={() => setHelp(true)}>{t('help')}<kbd aria-hidden="true">?</kbd></button>
      <a href={`/orders/order?no=${order.order_no}`}>{t('viewOrder')}</a>
    </div>
  );
  return (
    <Page title={`${t('review')} ${order.order_no}`} aside={aside}>
      <p class="unseen" role="status">{said}</p>
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      <Status order={order} over={over} onClaim={claim} onDeny={() => setMode('deny')} />
      <div class="bench">
        <section class="card left" aria-label={t('papers')}><PapersOnDemand key={order.order_no} taken={order.mine} order={order} kinds={papersOf(order)} fresh={freshPapers(order)} keys={papers} /></section>
        <div class="right">
          <section class="card" aria-labelledby="data-title">
            <h2 id="data-title" class="unseen">{t('data')}</h2>
            <Attention order={order} onDatum={toDatum} />
            <FormView key={order.order_no} order={order} changes={order.returned_times > 0} />
          </section>
          <Notes key={order.order_no} order={order} onChange={set} />
          {order.mine && <Verdict order={order} mode={mode} setMode={setMode} busy={busy} setBusy={setBusy} over={over} onDone={done} onChange={set} onStale={stale} />}
        </div>
      </div>
      {!order.mine && mode === 'deny' && <DenyDialog order={order} onClose={() => setMode('look')} onAnswer={(now, all) => { setMode('look'); if (all) void done('denied', false); else set(now); }} />}
      {help && <KeysDialog onClose={() => setHelp(false)} />}
    </Page>
  );
}

export default function Review({ query }: { query: URLSearchParams }) {
  const no = query.get('no') ?? '';
  const { order, set, problem, reload } = useDesk(no);
  if (order) return <Bench order={order} set={set} reload={reload} />;
  return <Page title={`${t('review')} ${no}`}>{problem ? <Notice tone="bad" live>{problem} <a href="/reviews">{t('backToQueue')}</a></Notice> : <p class="loading" role="status">{t('loading')}</p>}</Page>;
}

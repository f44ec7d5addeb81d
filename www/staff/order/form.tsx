// What the applicant entered, each datum beside what the machine found out about it.
import { useEffect, useState } from 'preact/hooks';
import { post } from '../../shared/api';
import { Notice } from '../../shared/kit';
import { has, wordsOf } from '../session';
import { api, sections, valueAt, type Desk, type Form, type Member } from './data';
import { code, t } from './text';

const HIDES_AFTER = 60_000;

export interface Finding { tone: 'good' | 'warn' | 'bad'; text: string }

const person = (order: Desk): string => (order.certificate_type === 'organisation' ? 'handler' : 'applicant');

function identityFinding({ identity }: Desk): Finding {
  if (!identity || identity.state !== 'passed') return { tone: 'warn', text: t('notIdentified') };
  return { tone: 'good', text: identity.kind === 'manual' ? t('okManual') : t('okFace', { n: identity.score ?? '—' }) };
}

function phoneFinding({ identity }: Desk): Finding | null {
  const found = identity?.phone_match;
  if (found === 'match') return { tone: 'good', text: t('okPhone') };
  if (found === 'mismatch') return { tone: 'bad', text: t('badPhone') };
  return found ? { tone: 'warn', text: t('unknownPhone') } : null;
}

function bankFinding({ bank_verification: bank }: Desk): Finding {
  if (bank?.state === 'ok') return { tone: 'good', text: t('okBank') };
  return bank?.state === 'failed' ? { tone: 'bad', text: t('badBank') } : { tone: 'warn', text: t('waitBank') };
}

/** What is known about one datum besides the warnings of the rules. */
function known(order: Desk, pointer: string): Finding | null {
  const who = person(order), online = order.payments.some(({ method, state }) => method !== 'bank_transfer' && state === 'paid');
  if (pointer === `/${who}/name`) return identityFinding(order);
  if (pointer === `/${who}/id_number`) return order.identity?.state === 'passed' && order.identity.kind === 'face' ? { tone: 'good', text: t('okId') } : null;
  if (pointer === `/${who}/mobile`) return phoneFinding(order);
  if (pointer === '/organisation/uscc') return { tone: 'good', text: t('okUscc') };
  if (pointer === '/bank_account/account_number' && online) return bankFinding(order);
  if (pointer === '/bank_account/account_name') {
    const organisation = order.certificate_type === 'organisation';
    const same = valueAt(order.form, pointer) === valueAt(order.form, organisation ? '/organisation/name' : '/applicant/name');
    return same ? { tone: 'good', text: t(organisation ? 'sameName' : 'samePersonName') } : null;
  }
  return null;
}

function findings(order: Desk, pointer: string): Finding[] {
  const warned = order.warnings.filter((warning) => warning.pointer === pointer).map(({ text }): Finding => ({ tone: 'warn', text }));
  const more = known(order, pointer);
  return more && !(more.tone === 'good' && pointer === '/organisation/uscc' && warned.length) ? [...warned, more] : warned;
}

const MARK = { good: '✓', warn: '!', bad: '✕' };

export const Found = ({ tone, text }: Finding) => <span class={`found ${tone}`}><span aria-hidden="true">{MARK[tone]}</span> {text}</span>;

/** The words of a value: codes by their names, dates without end by a word. */
function say(order: Desk, form: Form | null | undefined, { pointer, coded }: Member, current: boolean): string {
  const value = valueAt(form, pointer);
  if (!value) return '';
  if (value === 'long_term') return t('longTerm');
  if (coded || pointer === '/invoice/wanted') return code('v_', value);
  return current && order.names[pointer] ? `${order.names[pointer]}${pointer.endsWith('bank_code') ? ` ${value}` : ''}` : value;
}

function Secret({ order, member, masked }: { order: Desk; member: Member; masked: string }) {
  const [whole, setWhole] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!whole) return undefined;
    const timer = setTimeout(() => setWhole(''), HIDES_AFTER);
    return () => clearTimeout(timer);
  }, [whole]);
  const reveal = async () => {
    if (whole) return setWhole('');
    setBusy(true);
    setProblem('');
    try {
      setWhole((await post<{ value: string }>(`${api(order.order_no)}/reveals`, { pointer: member.pointer })).data.value);
    } catch (error) {
      setProblem(wordsOf(error));
    }
    setBusy(false);
  };
  return (
    <>
      <span class="number" role="status">{whole || masked}</span>
      {has('reviewer', 'finance', 'production') && <button type="button" class="quiet" disabled={busy} aria-pressed={!!whole} title={t('looked')} onClick={reveal}>{t(whole ? 'hide' : 'reveal')}<span class="unseen"> {t(member.word)}</span></button>}
      {problem && <span class="error">{problem}</span>}
    </>
  );
}

function Line({ order, member, changes }: { order: Desk; member: Member; changes: boolean }) {
  const value = say(order, order.form, member, true);
  const isChanged = changes && order.changed.includes(member.pointer);
  const old = isChanged ? say(order, order.revisions[1]?.form, member, false) : '';
  if (!value && !isChanged) return null;
  return (
    <div class={isChanged ? 'changed' : ''} data-pointer={member.pointer}>
      <dt>{t(member.word)}</dt>
      <dd>
        {member.secret ? <Secret order={order} member={member} masked={value} /> : <span>{value || '—'}</span>}
        {isChanged && <><b class="tag">{t('changedMark')}</b><del>{t('old')} {old || '—'}</del></>}
      </dd>
      <dd class="finds">{findings(order, member.pointer).map((finding) => <Found key={finding.text} {...finding} />)}</dd>
    </div>
  );
}

/** changes: what differs from the form that was looked at before is marked. To be keyed by the order: what was revealed belongs to it. */
export function FormView({ order, changes = false }: { order: Desk; changes?: boolean }) {
  if (!order.form) return <Notice>{t('noForm')}</Notice>;
  const quiet = valueAt(order.form, '/invoice/wanted') === 'no';
  return (
    <>
      {sections(order.certificate_type).map(({ group, word, members }) => (
        <section key={group} class="datum" aria-labelledby={`g-${group}`}>
          <h3 id={`g-${group}`}>{t(word)}</h3>
          <dl>{members.filter(({ pointer }) => !(quiet && group === 'invoice' && !pointer.endsWith('wanted'))).map((member) => <Line key={member.pointer} order={order} member={member} changes={changes} />)}</dl>
        </section>
      ))}
    </>
  );
}

// A returned order: which members of the form are asked for, what stood there, what is still to do.
import { useEffect, useState } from 'preact/hooks';
import { get, post, Refusal, type Fault } from '../../shared/api';
import { Notice } from '../../shared/kit';
import { go } from '../../shared/route';
import { allRegions, pathOf, wordsOf, type Order, type OrderHandle } from '../order';
import { t, type Word } from '../text';
import type { Member, Values } from './fields';

/** Members that the reasons name, by themselves or by their group; null where all of the form is meant. */
export function namedMembers(order: Order, members: Member[]): Set<string> | null {
  const reasons = (order.rejection?.reasons ?? []).filter(({ target }) => target === 'form');
  if (reasons.some(({ pointer }) => !pointer)) return null;
  const pointers = reasons.map(({ pointer }) => (pointer as string).slice(1));
  return new Set(members.map(({ key }) => key).filter((key) => pointers.some((pointer) => key === pointer || key.startsWith(`${pointer}/`))));
}

async function nameOf(member: Member, value: string): Promise<string> {
  if (member.kind === 'region') {
    const regions = await allRegions();
    const names: string[] = [];
    for (let at = regions.find(({ code }) => code === value); at; at = regions.find(({ code }) => code === at?.parent)) names.unshift(at.name);
    return names.join('') || value;
  }
  if (member.kind === 'bank') return (await get<{ items: { name: string }[] }>(`/banks?q=${value}&limit=1`)).data.items[0]?.name ?? value;
  return value;
}

/** What stood in a member when it was reviewed. */
export function Former({ member, former }: { member: Member; former: Values }) {
  const value = former[member.key] ?? '';
  const [text, setText] = useState(value);
  useEffect(() => { nameOf(member, value).then(setText, () => undefined); }, [member.key, value]);
  const shown = !value ? t('formerNone') : value === 'long_term' ? t('longTerm') : member.choices ? t(`v_${value}` as Word) : text;
  return <span class="former">{t('former')}<b>{shown}</b></span>;
}

/** Where something that is not right yet can be mended. */
function stepOf({ pointer }: Fault): string {
  if (pointer === '/identity_check') return 'identity';
  if (pointer === '/documents/application_form' || pointer === '/documents/seal_collection_form') return 'print';
  return pointer.startsWith('/documents') ? 'documents' : 'form';
}

export function Resubmit({ handle, back }: { handle: OrderHandle; back: () => void }) {
  const { order } = handle;
  const [problem, setProblem] = useState('');
  const [faults, setFaults] = useState<Fault[]>([]);
  const send = async () => {
    setFaults([]);
    setProblem('');
    try {
      handle.set(await post<Order>(`${pathOf(order.order_no)}/resubmission`));
      go(`/apply/order?no=${order.order_no}`, { replace: true });
    } catch (error) {
      const found = error instanceof Refusal ? error.problem.errors : undefined;
      if (found?.length) setFaults(found);
      else setProblem(wordsOf(error));
    }
  };
  const names: Record<string, Word> = { form: 'step2', print: 'step3', documents: 'step4', identity: 'step5' };
  return (
    <div class="card work">
      <h2 class="sub">{t('resubmitTitle')}</h2>
      <ul class="reasons">{(order.rejection?.reasons ?? []).map((reason) => <li key={reason.code + reason.target + reason.pointer}>{reason.text}</li>)}</ul>
      <p>{t('resubmitText')}</p>
      <div role="alert">
        {problem && <Notice tone="bad">{problem}</Notice>}
        {faults.length > 0 && (
          <Notice tone="bad">{t('resubmitNotYet')}
            <ul>{faults.map((fault) => <li key={fault.pointer}>{fault.detail} <a href={`/apply/order?no=${order.order_no}&step=${stepOf(fault)}`}>{t('goTo')}{t(names[stepOf(fault)])}</a></li>)}</ul>
          </Notice>
        )}
      </div>
      <div class="bar"><button type="button" class="button second" onClick={back}>{t('prev')}</button><button type="button" class="button" onClick={send}>{t('resubmit')}</button></div>
    </div>
  );
}

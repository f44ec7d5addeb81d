// A bank account by itself, once the form is closed.
import { useEffect, useState } from 'preact/hooks';
import { put, Refusal } from '../../shared/api';
import { ErrorSummary, Notice } from '../../shared/kit';
import { go } from '../../shared/route';
import { pathOf, wordsOf, type Order, type OrderHandle } from '../order';
import { later, t, type Word } from '../text';

type Fields = typeof import('../form');
interface Given { handle: OrderHandle; path: string; title: Word; text: Word; done: () => void }

/** An account once more: for 金融认证, whose new transfer brings a new PIN, or for a refund that found no way back. */
function AccountForm({ fields, handle, path, title, text, done }: Given & { fields: Fields }) {
  const { bankSection, checkMember, fromJson, idOf, MemberField, toJson } = fields;
  const { order } = handle;
  const type = order.certificate_type;
  const section = bankSection(type);
  const [values, setValues] = useState<Record<string, string>>(() => ({ ...fromJson(type, order.form as never), 'bank_account/account_number': '' }));
  const [refused, setRefused] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState('');
  const [tries, setTries] = useState(0);
  const wrong = Object.fromEntries(section.members.map((member) => [member.key, checkMember(type, member, values)]).filter(([, found]) => found)) as Record<string, string>;
  const errors = { ...(tries ? wrong : {}), ...refused };
  const send = async (event: Event) => {
    event.preventDefault();
    setTries((n) => n + 1);
    setProblem('');
    if (Object.keys(wrong).length) return;
    try {
      handle.set(await put<Order>(`${pathOf(order.order_no)}/${path}`, toJson(type, values).bank_account));
      done();
      go(`/orders/order?no=${order.order_no}`, { replace: true });
    } catch (error) {
      const faults = error instanceof Refusal ? error.problem.errors : undefined;
      if (faults?.length) setRefused(Object.fromEntries(faults.map((fault) => [`bank_account${fault.pointer}`, fault.detail])));
      else setProblem(wordsOf(error));
      setTries((n) => n + 1);
    }
  };
  const items = problem ? [{ id: 'send', text: problem }] : section.members.filter(({ key }) => errors[key]).map(({ key, word }) => ({ id: idOf(key), text: `${t(word)}：${errors[key]}` }));
  return (
    <form class="card work" noValidate onSubmit={send} aria-labelledby="bank">
      <h2 id="bank">{t(title)}</h2>
      <ErrorSummary title={problem ? t('failed') : t('errors', { n: items.length })} items={items} shown={tries} />
      <Notice tone="warn">{t(text)}</Notice>
      <div class="fields one">{section.members.map((member) => (
        <MemberField key={member.key} member={member} values={values} error={errors[member.key]} leave={() => undefined}
          set={(key, value) => { setValues((old) => ({ ...old, [key]: value })); setRefused(({ [key]: _, ...rest }) => rest); }} />
      ))}</div>
      <div class="bar"><a class="button second" href={`/orders/order?no=${order.order_no}`}>{t('back')}</a><button type="submit" class="button" id="send">{t('submit')}</button></div>
    </form>
  );
}

/** Its fields are the wizard's: they come when they are wanted. */
export function Account(given: Given) {
  const [fields, setFields] = useState<Fields | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => { later(import('../form')).then((part) => setFields(part), () => setFailed(true)); }, []);
  if (failed) return <Notice tone="bad" live>{t('loadFailed')}</Notice>;
  return fields ? <AccountForm {...given} fields={fields} /> : <p class="loading" role="status">{t('loading')}</p>;
}

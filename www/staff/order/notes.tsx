// Notes to colleagues about an order: read by everybody at the desk, kept as they were written.
import { useEffect, useRef, useState } from 'preact/hooks';
import { newKey, post } from '../../shared/api';
import { wordsOf } from '../session';
import { moment } from '../text';
import { api, type Desk } from './data';
import { t } from './text';

const FIELD = 'colleague-note';

export const toNotes = (): void => document.getElementById(FIELD)?.focus();

export function Notes({ order, onChange }: { order: Desk; onChange: (order: Desk) => void }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const key = useRef(newKey());
  const form = useRef<HTMLFormElement>(null);
  // What was added moves the page: one stays where one wrote.
  useEffect(() => { if (said) form.current?.scrollIntoView({ block: 'nearest' }); }, [said]);
  const send = async (event: Event) => {
    event.preventDefault();
    setSaid('');
    setProblem(text.trim() ? '' : t('needNote'));
    if (busy || !text.trim()) return;
    setBusy(true);
    try {
      onChange((await post<Desk>(`${api(order.order_no)}/notes`, { text: text.trim() }, { key: key.current })).data);
      key.current = newKey();
      setText('');
      setSaid(t('noteAdded'));
    } catch (error) {
      setProblem(wordsOf(error));
    }
    setBusy(false);
  };
  return (
    <section class="card notes" aria-labelledby="notes">
      <h2 id="notes">{t('notes')} <span class="soft">{t('notesHint')}</span></h2>
      {order.notes.length > 0 && <ol class="plainlist">{order.notes.map((note) => <li key={note.at + note.text}><p class="soft"><b>{note.staff}</b> <time>{moment(note.at)}</time></p><p class="words">{note.text}</p></li>)}</ol>}
      <form class="noteForm" noValidate onSubmit={send} ref={form}>
        <label for={FIELD}>{t('noteNew')}</label>
        <textarea id={FIELD} class="plain" rows={2} maxLength={1000} value={text} aria-invalid={problem ? true : undefined} aria-describedby={problem ? `${FIELD}-error` : undefined}
          onInput={(event) => { setText(event.currentTarget.value); setProblem(''); }} />
        <p class="error" id={`${FIELD}-error`} role="alert" hidden={!problem}>{problem}</p>
        <div class="buttons"><span role="status" class="soft">{said}</span><button type="submit" class="button small">{t('noteAdd')}</button></div>
      </form>
    </section>
  );
}

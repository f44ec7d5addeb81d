// 工作台: where the day begins: what waits for me, what I hold, what the day has brought.
import { useEffect, useState } from 'preact/hooks';
import { go } from '../shared/route';
import { useStore } from '../shared/store';
import { waited } from './review/waited';
import { has, me } from './session';
import { Page } from './shell';
import { t, type DeskWord } from './desk.text';
import { lookAtWork, PLACES, work, type WorkLine } from './work';

const URGENT = ['overdue_review', 'issuance_failed', 'delivery_exception', 'stuck_work', 'denial_asked'];

const placeOf = ({ name, order_no: no }: WorkLine): string | undefined => (no ? `/reviews/order?no=${no}` : PLACES[name]);

function Tile({ line }: { line: WorkLine }) {
  const to = placeOf(line);
  const tone = line.n === 0 ? 'idle' : URGENT.includes(line.name) ? 'urgent' : '';
  const inside = (
    <>
      <span class="name">{t(`w_${line.name}` as DeskWord)}</span>
      <b>{line.n}</b>
      <span class="since">{line.n > 0 && line.oldest ? t('oldest', { time: waited(line.oldest) }) : t('nothing')}</span>
    </>
  );
  return <li class={tone}>{to && line.n > 0 ? <a href={to}>{inside}</a> : <div>{inside}</div>}</li>;
}

function Search() {
  const [q, setQ] = useState('');
  const search = (event: Event) => {
    event.preventDefault();
    if (q.trim().length > 1) go(`/orders?q=${encodeURIComponent(q.trim())}`);
  };
  return (
    <form class="filters" role="search" onSubmit={search}>
      <label class="grow">{t('find')}<input id="desk-q" type="search" value={q} maxLength={60} placeholder={t('findHint')} onInput={(event) => setQ(event.currentTarget.value)} /></label>
      <button type="submit" class="button">{t('search')}</button>
    </form>
  );
}

export default function Desk() {
  const now = useStore(work);
  useEffect(() => { void lookAtWork(true); }, []);
  const held = now?.waiting.find(({ name, n }) => name === 'held' && n > 0);
  const lines = now?.waiting.filter(({ name }) => name !== 'held') ?? [];
  return (
    <Page title={t('hello', { name: me.get()?.name ?? '' })}>
      {held && <section class="card held" aria-label={t('held')}><p>{t('heldText', { no: held.order_no ?? '' })}</p><a class="button" href={placeOf(held)}>{t('goOn')}</a></section>}
      {!now ? <p class="loading" role="status">{t('loading')}</p> : (
        <>
          {lines.length > 0 && (
            <section class="card" aria-labelledby="waits">
              <div class="cardHead"><h2 id="waits">{t('waits')}</h2>{has('reviewer') && !held && <a class="button small" href="/reviews">{t('startReview')}</a>}</div>
              <ul class="tiles">{lines.map((line) => <Tile key={line.name} line={line} />)}</ul>
            </section>
          )}
          {now.today.length > 0 && (
            <section class="card" aria-labelledby="today">
              <h2 id="today">{t('today')}</h2>
              <dl class="figures">{now.today.map(({ name, n }) => <div key={name}><dt>{t(`d_${name}` as DeskWord)}</dt><dd>{n}</dd></div>)}</dl>
            </section>
          )}
        </>
      )}
      <section class="card" aria-label={t('find')}><Search /></section>
    </Page>
  );
}

// The agreements, as they are in force.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../shared/api';
import { Notice } from '../shared/kit';
import { useProjects, wordsOf } from './order';
import { Page } from './shell';
import { t } from './text';

interface Text { id: string; version: string; title: string; text: string }

/** The few marks that the texts use: headings, bold, lists. */
function Paragraphs({ text }: { text: string }) {
  const bold = (line: string) => line.split('**').map((part, i) => (i % 2 ? <b key={i}>{part}</b> : part));
  return (
    <>
      {text.split(/\n{2,}/).map((part, i) => {
        const head = /^(#+) (.*)/.exec(part);
        if (head) return head[1].length < 2 ? null : head[1].length === 2 ? <h2 key={i}>{head[2]}</h2> : <h3 key={i}>{head[2]}</h3>;
        if (/^- /.test(part)) return <ul key={i}>{part.split(/\n/).map((line) => <li key={line}>{bold(line.replace(/^- /, ''))}</li>)}</ul>;
        return <p key={i}>{bold(part)}</p>;
      })}
    </>
  );
}

export default function Agreement({ query }: { query: URLSearchParams }) {
  const { projects } = useProjects();
  const id = query.get('id') ?? 'service';
  const [text, setText] = useState<Text | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    setProblem('');
    get<Text>(`/agreements/${encodeURIComponent(id)}`).then(({ data }) => setText(data), (error) => setProblem(wordsOf(error)));
  }, [id]);
  return (
    <Page title={text?.title ?? t('agreementTitle')}>
      <nav class="tabs" aria-label={t('agreementTitle')}>{(projects[0]?.agreements ?? []).map((one) => <a key={one.id} href={`/agreement?id=${one.id}`} aria-current={one.id === id ? 'page' : undefined}>{one.title}</a>)}</nav>
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {text && <article class="card prose" lang="zh-CN"><p class="hint">{t('agreementVersion', { version: text.version })}</p><Paragraphs text={text.text} /></article>}
    </Page>
  );
}

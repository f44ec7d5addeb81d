// The agreements of a project: a change is published as a new version.
import { useState } from 'preact/hooks';
import { Notice, TextField } from '../../shared/kit';
import { Area, Ask } from '../control/acts';
import { save, type Project, type Text } from './project';
import { t } from './text';

export function Texts({ project, texts, editable, done }: { project: Project; texts: Text[]; editable: boolean; done: (project: Project) => void }) {
  const [at, setAt] = useState(`${texts[0]?.id} ${texts[0]?.lang}`);
  const text = texts.find(({ id, lang }) => `${id} ${lang}` === at) ?? texts[0];
  return (
    <section class="card settings" aria-labelledby="texts">
      <h2 id="texts">{t('tabTexts')} <span class="soft">{t('inForce', { version: project.agreement_version })}</span></h2>
      <p class="lead">{t('textsLead')}</p>
      <div class="filters"><label>{t('text')}<select id="text" value={at} onChange={(event) => setAt(event.currentTarget.value)}>
        {texts.map((one) => <option key={one.id + one.lang} value={`${one.id} ${one.lang}`}>{one.title} ({t(one.lang === 'en' ? 'l_en' : 'l_zh')})</option>)}
      </select></label></div>
      {text && <Editor key={`${at} ${text.version}`} project={project} text={text} editable={editable} done={done} />}
    </section>
  );
}

function Editor({ project, text, editable, done }: { project: Project; text: Text; editable: boolean; done: (project: Project) => void }) {
  const [title, setTitle] = useState(text.title);
  const [body, setBody] = useState(text.body);
  const [problem, setProblem] = useState('');
  const [asking, setAsking] = useState(false);
  const same = title === text.title && body === text.body;
  const send = (event: Event) => {
    event.preventDefault();
    setProblem(same ? t('unchanged') : '');
    if (!same) setAsking(true);
  };
  return (
    <>
      <form noValidate onSubmit={send}>
        {problem && <Notice tone="warn" live>{problem}</Notice>}
        <fieldset class="plainSet" disabled={!editable}>
          <legend class="unseen">{text.title}</legend>
          <div class="stacked">
            <TextField id="title" label={t('textTitle')} required value={title} onValue={setTitle} maxLength={100} />
            <Area id="body" label={t('textBody')} required hint={t('acceptedBy', { n: text.accepted })} value={body} onValue={setBody} max={20000} rows={18} />
          </div>
          <div class="buttons more"><button type="submit" class="button" disabled={!editable}>{t('publish')}</button><button type="button" class="button second" disabled={same} onClick={() => { setTitle(text.title); setBody(text.body); }}>{t('reload')}</button></div>
        </fieldset>
      </form>
      {asking && (
        <Ask title={t('publishTitle')} confirm={t('publish')} close={() => setAsking(false)} done={({ data }) => { setAsking(false); done(data); }}
          act={() => save(project, { agreements: [{ id: text.id, lang: text.lang, title: title.trim(), body: body.replace(/\r\n/g, '\n').normalize('NFC') }] })}>
          <p>{t('publishText', { title: title.trim() })}</p><p>{t('textsLead')}</p>
        </Ask>
      )}
    </>
  );
}

// Which reasons of return a project offers its reviewers.
import { useState } from 'preact/hooks';
import catalogue from 'defs:reason-review';
import { Notice, Tick } from '../../shared/kit';
import { Ask } from '../control/acts';
import { of } from '../text';
import { save, type Project } from './project';
import { t } from './text';

const ALL = Object.keys(catalogue);
const GROUPS: ['g_form' | 'g_documents' | 'g_identity', (target: string) => boolean][] = [['g_form', (target) => target === 'form'], ['g_documents', (target) => target.startsWith('documents')], ['g_identity', (target) => target === 'identity']];

export function Reasons({ project, editable, done }: { project: Project; editable: boolean; done: (project: Project) => void }) {
  const [chosen, setChosen] = useState(project.return_reasons ?? ALL);
  const [problem, setProblem] = useState('');
  const [asking, setAsking] = useState(false);
  const all = chosen.length === ALL.length;
  const same = chosen.join() === (project.return_reasons ?? ALL).join();
  const send = (event: Event) => {
    event.preventDefault();
    const found = !chosen.length ? t('needReason') : same ? t('nothing') : '';
    setProblem(found);
    if (!found) setAsking(true);
  };
  const pick = (code: string, on: boolean) => setChosen((old) => ALL.filter((one) => (one === code ? on : old.includes(one))));
  return (
    <>
      <form class="card settings" noValidate onSubmit={send} aria-labelledby="reasons">
        <h2 id="reasons">{t('tabReasons')} <span class="soft">{t('reasonsSome', { n: chosen.length, all: ALL.length })}</span></h2>
        <p class="lead">{t('reasonsLead')}</p>
        {problem && <Notice tone="warn" live>{problem}</Notice>}
        <div class="groups">{GROUPS.map(([name, fits]) => (
          <fieldset key={name} class="group" disabled={!editable}><legend>{t(name)}</legend>
            {Object.entries(catalogue).filter(([, { target }]) => fits(target)).map(([code, reason]) => <Tick key={code} id={`reason-${code}`} checked={chosen.includes(code)} onValue={(on) => pick(code, on)}>{of(reason)}</Tick>)}
          </fieldset>
        ))}</div>
        <div class="buttons more"><button type="submit" class="button" disabled={!editable}>{t('save')}</button><button type="button" class="button second" disabled={all || !editable} onClick={() => setChosen(ALL)}>{t('reasonsAll')}</button></div>
      </form>
      {asking && <Ask title={t('saveTitle', { name: of({ zh: project.name_zh, en: project.name_en }) })} confirm={t('save')} close={() => setAsking(false)} act={() => save(project, { return_reasons: all ? null : chosen })} done={({ data }) => { setAsking(false); done(data); }}><p>{all ? t('reasonsAllText') : t('reasonsText', { n: chosen.length })}</p></Ask>}
    </>
  );
}

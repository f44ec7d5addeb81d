// 业务项目: fees and terms, agreements in versions, reasons of return, courier fees.
import { Notice } from '../../shared/kit';
import { Tabs, turn, useSaid } from '../control/acts';
import { useData } from '../parts';
import { has } from '../session';
import { Page } from '../shell';
import { of } from '../text';
import { Fees } from './fees';
import type { Detail, Project } from './project';
import { Reasons } from './reasons';
import { Tariffs } from './tariffs';
import { Texts } from './texts';
import { t } from './text';

function One({ code, at }: { code: string; at: string }) {
  const { data, problem, reload } = useData<Detail>(`/projects/${code}`);
  const [said, say] = useSaid();
  const editable = has('administrator');
  if (problem) return <Notice tone="bad" live>{problem}</Notice>;
  if (!data) return <p class="loading" role="status">{t('loading')}</p>;
  const { project, texts } = data;
  project.certificate_types.sort((a, b) => b.certificate_type.localeCompare(a.certificate_type));
  const done = (next: Project) => {
    say(at === 'texts' ? t('published', { version: next.agreement_version }) : t('saved', { n: next.version }));
    void reload();
  };
  const key = `${code}/${project.version}`;
  const common = { project, editable, done };
  return (
    <>
      {said}
      {!editable && <Notice>{t('readOnly')}</Notice>}
      {at === 'fees' && <Fees key={key} {...common} close={() => void reload()} />}
      {at === 'texts' && <Texts key={key} {...common} texts={texts} />}
      {at === 'reasons' && <Reasons key={key} {...common} />}
    </>
  );
}

export default function Projects({ query }: { query: URLSearchParams }) {
  const { data, problem } = useData<{ items: Project[] }>('/projects');
  const tabs: [string, string][] = [['fees', t('tabProject')], ['texts', t('tabTexts')], ['reasons', t('tabReasons')], ['tariffs', t('tabTariffs')]];
  const at = tabs.find(([name]) => name === query.get('tab'))?.[0] ?? 'fees';
  const code = data?.items.find(({ project }) => project === query.get('project'))?.project ?? data?.items[0]?.project;
  const pick = at !== 'tariffs' && data && (
    <label class="pickProject"><span class="unseen">{t('project')}</span><select id="project" class="plain" value={code} onChange={(event) => turn(query, { project: event.currentTarget.value })}>
      {data.items.map((row) => <option key={row.project} value={row.project}>{of({ zh: row.name_zh, en: row.name_en })}</option>)}
    </select></label>
  );
  return (
    <Page title={t('navProjects')} aside={pick}>
      <Tabs label={t('parts')} tabs={tabs} at={at} />
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {!data && !problem && <p class="loading" role="status">{t('loading')}</p>}
      {at === 'tariffs' && <Tariffs editable={has('administrator')} />}
      {at !== 'tariffs' && code && <One key={code} code={code} at={at} />}
    </Page>
  );
}

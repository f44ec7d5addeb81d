// 业务办理 → 证书新办 → project; agreements, kind of certificate, years.
import { useEffect, useRef, useState } from 'preact/hooks';
import { newKey, post } from '../../shared/api';
import { ErrorSummary, Notice, RadioField, Steps, Tick } from '../../shared/kit';
import { recall, remember } from '../../shared/prefs';
import { go } from '../../shared/route';
import type { Order, Project } from '../order';
import { stepNames, useProjects, wordsOf } from '../order';
import { Page } from '../shell';
import { t, yuan, type Word } from '../text';

export default function Choose() {
  const { projects, problem } = useProjects();
  return (
    <Page title={t('applyTitle')} lead={t('applyLead')}>
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      <ul class="projects">
        {projects.map((project) => (
          <li key={project.project} class="card">
            <div><h2>{project.name}</h2>
              <p>{t('projectKinds')}　{t('projectFee', { fee: yuan(project.certificate_types[0].fee_per_year_fen) })}　{t(project.courier_payer === 'recipient' ? 'projectCollect' : 'projectPrepaid')}</p></div>
            <a class="button" href={`/apply/new?project=${encodeURIComponent(project.project)}`} aria-label={`${t('applyNew')} ${project.name}`}>{t('applyNew')}</a>
          </li>
        ))}
      </ul>
      <Notice>{t('applyBefore')} <a href="/guide">{t('navGuide')}</a></Notice>
    </Page>
  );
}

type Errors = Record<string, string>;

function Begin({ project, wanted }: { project: Project; wanted: string | null }) {
  const kept = `begin-${project.project}`; // what was chosen outlives the tab; what one agrees to is said anew
  const [keptType, keptYears] = (recall(kept) ?? '').split(' ');
  const [type, setType] = useState([wanted, keptType].find((one) => one === 'natural_person' || one === 'organisation') ?? '');
  const [years, setYears] = useState(keptYears || '1');
  useEffect(() => remember(kept, `${type} ${years}`), [type, years]);
  const [agreed, setAgreed] = useState<Record<string, boolean>>({});
  const [supplier, setSupplier] = useState(false);
  const [tries, setTries] = useState(0);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const kind = project.certificate_types.find((one) => one.certificate_type === type) ?? project.certificate_types[0];
  const wrong: Errors = {
    ...(type ? {} : { type: t('needType') }), ...(supplier ? {} : { supplier: t('needSupplier') }),
    ...Object.fromEntries(project.agreements.filter(({ id }) => !agreed[id]).map(({ id, title }) => [`agree-${id}`, t('needAgree', { title })])),
  };
  const errors = tries ? wrong : {};
  const start = async (event: Event) => {
    event.preventDefault();
    setTries((n) => n + 1);
    setProblem('');
    if (Object.keys(wrong).length || busy) return;
    setBusy(true);
    try {
      const { data } = await post<Order>('/orders', { project: project.project, certificate_type: type, years: Number(years), supplier_registered: true,
        agreements: project.agreements.map(({ id, version }) => ({ id, version })) }, { key: key.current });
      remember(kept, '');
      go(`/apply/order?no=${data.order_no}`);
    } catch (error) {
      setProblem(wordsOf(error));
      setTries((n) => n + 1);
      key.current = newKey();
    }
    setBusy(false);
  };
  const items = problem ? [{ id: 'next', text: problem }] : Object.entries(errors).map(([id, text]) => ({ id, text }));
  return (
    <form class="card work" noValidate onSubmit={start}>
      <ErrorSummary title={problem ? t('failed') : t('errors', { n: items.length })} items={items} shown={tries} />
      <section class="group" aria-labelledby="g-kind">
        <h2 id="g-kind">{t('gKind')}</h2>
        <div class="fields one">
          <RadioField id="type" label={t('certificateType')} required value={type} onValue={setType} error={errors.type} hint={type === 'natural_person' ? t('personHint') : t('organisationHint')}
            choices={project.certificate_types.map(({ certificate_type: value }) => ({ value, label: t(`t_${value}` as Word) }))} />
          <RadioField id="years" label={t('years')} required value={years} onValue={setYears} choices={kind.years.map((n) => ({ value: String(n), label: t('yearsFee', { n, fee: yuan(kind.fee_per_year_fen * n) }) }))} />
        </div>
      </section>
      <section class="group" aria-labelledby="g-condition">
        <h2 id="g-condition">{t('gCondition')}</h2>
        <Tick id="supplier" checked={supplier} onValue={setSupplier} error={errors.supplier}>{t('supplierDone')} <a href={project.supplier_url} target="_blank" rel="noopener noreferrer">{project.supplier_url}</a></Tick>
      </section>
      <section class="group" aria-labelledby="g-agree">
        <h2 id="g-agree">{t('gAgreements')}</h2>
        {project.agreements.map(({ id, title }) => (
          <Tick key={id} id={`agree-${id}`} checked={Boolean(agreed[id])} onValue={(on) => setAgreed({ ...agreed, [id]: on })} error={errors[`agree-${id}`]}>
            {t('iAgree')}<a href={`/agreement?id=${id}`} target="_blank">《{title}》</a>
          </Tick>
        ))}
      </section>
      <div class="bar"><a class="button second" href="/apply">{t('back')}</a><button type="submit" class="button" id="next" disabled={busy}>{t('next')}</button></div>
    </form>
  );
}

export function Start({ query }: { query: URLSearchParams }) {
  const { projects, problem } = useProjects();
  const project = projects.find((one) => one.project === query.get('project')) ?? (query.get('project') ? undefined : projects[0]);
  return (
    <Page title={project ? `${project.name} · ${t('applyNew')}` : t('applyNew')}>
      <Steps label={t('progress')} names={stepNames()} current={0} done={t('done')} />
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {project && <Begin project={project} wanted={query.get('type')} />}
    </Page>
  );
}

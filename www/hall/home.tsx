// The front page, in the manner of a public service: what can be done, how, for how much.
import { useEffect, useState } from 'preact/hooks';
import { get } from '../shared/api';
import { useStore } from '../shared/store';
import { account } from './session';
import { service } from './shell';
import { t, yuan, type Word } from './text';

const SERVICES: [string, Word, Word, string][] = [
  ['/apply/new?type=organisation', 'serviceOrg', 'serviceOrgText', 'M4 28V8l10-5v25M14 12h14v16M8 10h2M8 15h2M8 20h2M19 17h4M19 22h4M2 28h28'],
  ['/apply/new?type=natural_person', 'servicePerson', 'servicePersonText', 'M16 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM4 29c0-7 5-11 12-11s12 4 12 11z'],
  ['/orders', 'serviceProgress', 'serviceProgressText', 'M6 3h14l6 6v20H6zM20 3v6h6M11 15h10M11 20h10M11 25h6'],
  ['/orders?show=mine', 'serviceReturned', 'serviceReturnedText', 'm21 5 6 6L11 27l-8 2 2-8zM17 9l6 6'],
  ['/orders?show=mine', 'serviceBank', 'serviceBankText', 'm16 3 13 7H3zM6 13v11M13 13v11M19 13v11M26 13v11M3 28h26'],
  ['/guide', 'serviceGuide', 'serviceGuideText', 'M3 5c5 0 10 1 13 4 3-3 8-4 13-4v21c-5 0-10 1-13 3-3-2-8-3-13-3zM16 9v20'],
];
const FLOW: [Word, Word][] = [['flow1', 'flow1Text'], ['flow2', 'flow2Text'], ['flow3', 'flow3Text'], ['flow4', 'flow4Text'], ['flow5', 'flow5Text'], ['flow6', 'flow6Text'], ['flow7', 'flow7Text']];
const FACTS: [Word, Word][] = [['heroFact1', 'heroFact1Text'], ['heroFact2', 'heroFact2Text'], ['heroFact3', 'heroFact3Text']];
const NEEDS: [Word, Word][] = [['factWho', 'factWhoText'], ['factBefore', 'factBeforeText'], ['factPapers', 'factPapersText'], ['factFee', 'factFeeText'], ['factTime', 'factTimeText'], ['factResult', 'factResultText']];

interface Projects { items: { certificate_types: { fee_per_year_fen: number }[] }[] }

function Entry() {
  const who = useStore(account);
  return (
    <section class="entry" aria-labelledby="entry">
      <h2 id="entry">{who ? t('entryHello', { name: who.name }) : t('entry')}</h2>
      <p>{who ? t('entrySigned') : t('entryText')}</p>
      {who ? <><a class="button" href="/apply">{t('heroApply')}</a><a class="button second" href="/orders">{t('navOrders')}</a></>
        : <><a class="button" href="/login">{t('login')}</a><a class="button second" href="/register">{t('register')}</a></>}
    </section>
  );
}

export function Home() {
  const help = useStore(service);
  const [fee, setFee] = useState('');
  useEffect(() => { document.title = `${t('hall')} - ${t('brand')}`; }, []);
  useEffect(() => { get<Projects>('/projects').then(({ data }) => setFee(yuan(data.items[0].certificate_types[0].fee_per_year_fen)), () => undefined); }, []);
  return (
    <>
      <section class="hero">
        <div class="inner">
          <div class="words">
            <h1 tabIndex={-1}>{t('heroTitle')}</h1>
            <p>{t('heroText')}</p>
            <p class="go"><a class="button light" href="/apply">{t('heroApply')}</a><a class="button ghost" href="/orders">{t('heroOrders')}</a></p>
            <ul class="facts">{FACTS.map(([head, text]) => <li key={head}><b>{t(head)}</b><span>{t(text)}</span></li>)}</ul>
          </div>
          <Entry />
        </div>
      </section>
      <div class="page">
        <section aria-labelledby="services">
          <h2 class="section" id="services">{t('services')}</h2>
          <ul class="tiles">
            {SERVICES.map(([to, head, text, icon]) => (
              <li key={head}><a href={to}>
                <svg viewBox="0 0 32 32" aria-hidden="true"><path d={icon} /></svg>
                <span><b>{t(head)}</b><i>{t(text)}</i></span>
              </a></li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="flow">
          <h2 class="section" id="flow">{t('flow')}</h2>
          <ol class="flow">{FLOW.map(([head, text], i) => <li key={head}><span class="n" aria-hidden="true">{i + 1}</span><b>{t(head)}</b><span>{t(text)}</span></li>)}</ol>
        </section>
        <section aria-labelledby="needs">
          <h2 class="section" id="needs">{t('facts')}</h2>
          <dl class="needs">
            {NEEDS.map(([head, text]) => <div key={head}><dt>{t(head)}</dt><dd>{head !== 'factFee' ? t(text) : fee ? t(text, { fee }) : t('loading')}</dd></div>)}
            <div><dt>{t('factHelp')}</dt><dd>{help && <><a href={`tel:${help.phone}`}>{help.phone}</a>　{help.hours}</>}</dd></div>
          </dl>
        </section>
      </div>
    </>
  );
}

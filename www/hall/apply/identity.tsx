// 经办人/申请人在线认证: the code for the phone, and what the phone does while one looks.
import { useEffect, useRef, useState } from 'preact/hooks';
import { follow, post, Refusal } from '../../shared/api';
import { clock, Notice, useSeconds } from '../../shared/kit';
import { QrCode } from '../../shared/qrcode';
import { focusMain, unlessLost } from '../../shared/route';
import { pathOf, wordsOf, type OrderHandle } from '../order';
import { t, type Word } from '../text';

interface Check { state: string; reason?: string | null; expires_at: string }
interface Started { url: string; state: string; expires_at: string }

// Of each stage what it is called before and after it is done.
const STAGES: [string, Word, Word][] = [['scanned', 'idScan', 'idScanned'], ['id_card_done', 'idCardsNow', 'idCards'], ['passed', 'idFaceNow', 'idPassed']];
const ORDER = ['waiting', 'scanned', 'id_card_done', 'passed'];

export function IdentityStep({ handle, onDone }: { handle: OrderHandle; onDone: () => void }) {
  const { order } = handle;
  const path = pathOf(order.order_no);
  const [code, setCode] = useState<Started | null>(null);
  const [check, setCheck] = useState<Check | null>(order.identity_check);
  const [problem, setProblem] = useState('');
  const [round, setRound] = useState(0);
  const [other, setOther] = useState(false);
  const running = useRef(order.identity_check && ['scanned', 'id_card_done', 'manual_requested'].includes(order.identity_check.state) && (order.identity_check.state === 'manual_requested' || Date.parse(order.identity_check.expires_at) > Date.now()));
  const seconds = useSeconds(code ? Date.parse(code.expires_at) : 0);
  const person = order.certificate_type === 'organisation' ? order.form?.handler : order.form?.applicant;

  useEffect(() => {
    const stop = new AbortController();
    const watch = async () => {
      try {
        if (!running.current) {
          setCode((await post<Started>(`${path}/identity-checks`)).data);
          setCheck(null);
        }
        running.current = false;
        await follow<Check>(`${path}/identity-check`, stop.signal, (now) => {
          setCheck(now);
          if (now.state === 'passed') {
            stop.abort();
            void handle.reload();
          }
        });
      } catch (error) {
        if (stop.signal.aborted) return;
        if (error instanceof Refusal && error.problem.code === 'state_conflict') void handle.reload();
        else setProblem(wordsOf(error));
      }
    };
    void watch();
    return () => stop.abort();
  }, [round]);

  const again = () => {
    setProblem('');
    setCode(null);
    unlessLost(focusMain);
    setRound((n) => n + 1);
  };
  const byHand = async () => {
    try {
      setCheck((await post<Check>(`${path}/identity-check/manual-request`)).data);
      setOther(false);
      unlessLost(focusMain);
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  const state = check?.state ?? 'waiting';
  const reached = ORDER.indexOf(state);
  const over = state === 'failed' || state === 'expired' || (state === 'waiting' && code && seconds === 0);
  if (state === 'manual_requested') {
    return <div class="card work"><Notice live>{t('idManual')}</Notice><div class="bar"><a class="button second" href="/orders">{t('navOrders')}</a><button type="button" class="button" onClick={again}>{t('idScanAfterAll')}</button></div></div>;
  }
  return (
    <div class="card work">
      <p class="lead">{t(order.certificate_type === 'organisation' ? 'idLeadHandler' : 'idLeadApplicant', { name: String(person?.name ?? '') })}</p>
      <div class="scan">
        <div class="codebox">
          {code && !over && state === 'waiting' && <><QrCode text={code.url} label={t('idQr')} /><p>{t('idValid', { time: clock(seconds) })}</p></>}
          {state !== 'waiting' && !over && <p class="big" role="status">{t('idOnPhone')}</p>}
          {over && <div class="over"><p>{state === 'failed' ? t('idFailed') : t('idExpired')}</p><button type="button" class="button" onClick={again}>{t('idAgain')}</button></div>}
          {!code && state === 'waiting' && !problem && <p role="status">{t('loading')}</p>}
        </div>
        <div>
          <ol class="stages" aria-label={t('progress')}>
            {STAGES.map(([name, before, after], i) => <li key={name} class={reached > i ? 'done' : reached === i ? 'now' : ''}><span aria-hidden="true">{reached > i ? '✓' : i + 1}</span>{t(reached > i ? after : before)}{reached > i && <span class="unseen">{t('done')}</span>}</li>)}
          </ol>
          <p class="unseen" role="status">{reached > 0 ? t(STAGES[reached - 1][2]) : ''}</p>
          {check?.reason && <Notice tone="bad" live>{check.reason}</Notice>}
          <ul class="how"><li>{t('idHow1')}</li><li>{t('idHow2')}</li><li>{t('idHow3')}</li></ul>
        </div>
      </div>
      <div role="alert">{problem && <Notice tone="bad">{problem} <button type="button" class="quiet" onClick={again}>{t('retry')}</button></Notice>}</div>
      {order.allowed_actions.includes('request_manual_identity_check') && (
        <div class="otherway">
          <button type="button" class="quiet" aria-expanded={other} onClick={() => setOther(!other)}>{t('idOther')}</button>
          {other && <Notice>{t('idOtherText')}<p><button type="button" class="button second" onClick={byHand}>{t('idOtherAsk')}</button></p></Notice>}
        </div>
      )}
      <div class="bar"><p class="saved">{t('idThen')}</p><button type="button" class="button" disabled={order.state === 'awaiting_identity' && state !== 'passed'} onClick={onDone}>{t('next')}</button></div>
    </div>
  );
}

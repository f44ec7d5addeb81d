// The switch that stops all issuance: who turned it, when and why.
import { useState } from 'preact/hooks';
import { put } from '../../shared/api';
import { Notice } from '../../shared/kit';
import { Area, Ask, useSaid } from '../control/acts';
import { t as common } from '../control/text';
import { useData } from '../parts';
import { has } from '../session';
import { moment } from '../text';
import { t } from './text';

interface Turned { on: boolean; reason: string | null; changed_by: string | null; changed_at: string }

export function Switch() {
  const { data, problem, reload } = useData<{ turned: Turned }>('/issuance?limit=1');
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [said, say] = useSaid();
  const turned = data?.turned;
  const done = () => {
    setAsking(false);
    setReason('');
    say(t(turned?.on ? 'stopped' : 'started'));
    void reload();
  };
  return (
    <>
      {said}
      {problem && <Notice tone="bad" live>{problem}</Notice>}
      {turned && (
        <section class={`card switch ${turned.on ? 'on' : 'off'}`} aria-labelledby="switch">
          <div>
            <h2 id="switch">{t(turned.on ? 'isOn' : 'isOff')}</h2>
            <p class="soft">{turned.changed_by ? t('since', { at: moment(turned.changed_at), name: turned.changed_by }) : t('neverTurned')}{turned.reason && ` · ${t('because', { reason: turned.reason })}`}</p>
          </div>
          {has('production', 'administrator') && <button type="button" class={`button${turned.on ? ' danger' : ''}`} onClick={() => setAsking(true)}>{t(turned.on ? 'stop' : 'start')}</button>}
        </section>
      )}
      {asking && turned && (
        <Ask title={t(turned.on ? 'stopTitle' : 'startTitle')} confirm={t(turned.on ? 'stop' : 'start')} danger={turned.on} close={() => setAsking(false)} done={done}
          check={(): Record<string, string> => (reason.trim() ? {} : { '/reason': common('needText') })} act={() => put('/issuance/switch', { on: !turned.on, reason: reason.trim() })}>
          {(faults) => <><p>{t(turned.on ? 'stopText' : 'startText')}</p><Area id="reason" label={t('why')} hint={t('whyHint')} required max={200} value={reason} onValue={setReason} error={faults['/reason']} /></>}
        </Ask>
      )}
    </>
  );
}

// Work that stands still, with the one thing that is safe to do about it.
import { useState } from 'preact/hooks';
import { post } from '../../shared/api';
import type { Tone } from '../../shared/kit';
import { Ask, OrderLink, State, useSaid } from '../control/acts';
import { t as common } from '../control/text';
import { Table, useItems } from '../parts';
import { moment } from '../text';
import zh from './zh-CN';
import { t } from './text';

interface Work { id: string; kind: string; key: string; order_no: string | null; state: string; attempts: number; failure: string | null; due_at: string; created_at: string }

const TONES: Record<string, Tone> = { parked: 'bad', queued: 'warn' };
const kindOf = (kind: string) => (`j_${kind}` in zh ? t(`j_${kind}` as 'j_SMS') : kind);

export function Stuck() {
  const list = useItems<Work>('/work?kind=stuck');
  const [again, setAgain] = useState<Work | null>(null);
  const [said, say] = useSaid();
  return (
    <section class="card">
      {said}
      <Table<Work> label={t('tabStuck')} list={list} keyOf={(row) => row.id} empty={t('noStuck')} columns={[
        { name: t('kind'), show: (row) => kindOf(row.kind) },
        { name: common('order'), show: (row) => (row.order_no ? <OrderLink no={row.order_no} /> : '—') },
        { name: common('state'), show: (row) => <State code={row.state} tones={TONES} words={(code) => t(`w_${code}` as 'w_parked')} /> },
        { name: t('attempts'), right: true, show: (row) => row.attempts },
        { name: t('failure'), wide: true, show: (row) => row.failure || '—' },
        { name: t('due'), show: (row) => moment(row.due_at) },
        { name: common('action'), show: (row) => (row.state === 'parked' ? <button type="button" class="quiet" onClick={() => setAgain(row)}>{t('retryWork')}<span class="unseen"> {kindOf(row.kind)} {row.order_no}</span></button> : '—') },
      ]} />
      {again && <Ask title={t('retryWorkTitle')} confirm={t('retryWork')} close={() => setAgain(null)} done={() => { setAgain(null); say(t('retriedWork')); void list.reload(); }} act={(key) => post(`/work/${again.id}/retry`, undefined, { key })}>
        <p>{t('retryWorkText', { kind: kindOf(again.kind), no: again.order_no ?? again.key })}</p>
      </Ask>}
    </section>
  );
}

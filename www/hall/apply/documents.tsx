// 上传资料.
import { useEffect, useState } from 'preact/hooks';
import materials from 'defs:material';
import { call, post, upload } from '../../shared/api';
import { Notice } from '../../shared/kit';
import { unlessLost } from '../../shared/route';
import { pathOf, wordsOf, type Order, type OrderHandle, type Scan } from '../order';
import { moment, of, t } from '../text';

const MOST = 2 * 1024 * 1024;

const sizeOf = (bytes: number): string => (bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(Math.ceil(bytes / 104857.6) / 10).toFixed(1)} MB`);

/** What the bytes are, whatever the file is called. */
async function typeOf(file: Blob): Promise<string> {
  const head = new Uint8Array(await file.slice(0, 5).arrayBuffer());
  if (head[0] === 0xff && head[1] === 0xd8) return 'image/jpeg';
  return String.fromCharCode(...head) === '%PDF-' ? 'application/pdf' : '';
}

/** The scan in small, as a first look whether it is the right paper. */
function Thumb({ path, scan, name }: { path: string; scan: Scan; name: string }) {
  return (
    <a class="thumb" href={`/api/v1${path}`} target="_blank" rel="noopener" aria-label={`${t('look')} ${name}`}>
      {scan.content_type === 'application/pdf' ? <span aria-hidden="true">PDF</span> : <img key={scan.sha256} src={`/api/v1${path}`} alt="" loading="lazy" decoding="async" />}
    </a>
  );
}

/** Whether it was handed in after the order came back. */
const renewed = (order: Order, scan?: Scan): boolean => Boolean(scan && order.rejection?.at && Date.parse(scan.uploaded_at) >= Date.parse(order.rejection.at));

export function DropBox({ order, kind, scan, onChange, reason, onBusy }:
  { order: Order; kind: string; scan?: Scan; onChange: () => Promise<void>; reason?: string; onBusy?: (by: 1 | -1) => void }) {
  const [over, setOver] = useState(false);
  const [part, setPart] = useState<number | null>(null);
  const [problem, setProblem] = useState('');
  const path = `${pathOf(order.order_no)}/documents/${kind}`;
  const name = of(materials[kind]);
  const id = `file-${kind}`;
  const take = async (file?: File | null) => {
    setOver(false);
    if (!file || part !== null) return;
    setProblem('');
    const type = await typeOf(file);
    if (!type) return setProblem(t('onlyJpegPdf', { name: file.name }));
    if (file.size > MOST) return setProblem(t('tooLarge', { name: file.name, size: sizeOf(file.size) }));
    setPart(0);
    onBusy?.(1);
    try {
      await upload(path, file, type, setPart);
      await onChange();
    } catch (error) {
      setProblem(wordsOf(error));
    }
    setPart(null);
    onBusy?.(-1);
  };
  const remove = async () => {
    await call('DELETE', path).catch((error) => setProblem(wordsOf(error)));
    await onChange();
    unlessLost(() => document.getElementById(id)?.focus());
  };
  const former = Boolean(reason) && order.state === 'returned' && !renewed(order, scan);
  const failed = scan?.checks.filter((check) => !check.passed) ?? [];
  return (
    <section class={`drop${over ? ' over' : ''}${problem ? ' wrong' : ''}`} aria-labelledby={`${id}-name`} onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); void take(event.dataTransfer?.files[0]); }}>
      <div class="dropHead">
        <div><h2 id={`${id}-name`}>{name}</h2><p class="hint" id={`${id}-hint`}>{t('fileHint')}</p></div>
        <div class="buttons">
          {scan && <button type="button" class="quiet" onClick={remove}>{t('remove')}<span class="unseen"> {name}</span></button>}
          <label class="button second small file">
            <span>{scan ? t('replace') : t('chooseFile')}<span class="unseen"> {name}</span></span>
            <input id={id} type="file" accept="image/jpeg,application/pdf,.jpg,.jpeg,.pdf" aria-describedby={`${id}-hint`} aria-disabled={part !== null || undefined} onClick={(event) => { if (part !== null) event.preventDefault(); }}
              onChange={(event) => { void take(event.currentTarget.files?.[0]); event.currentTarget.value = ''; }} />
          </label>
        </div>
      </div>
      {reason && (renewed(order, scan) ? <Notice tone="good">{t('returnedBecause')}{reason}<b> {t('replaced')}</b></Notice> : <Notice tone="bad">{t('returnedBecause')}{reason}</Notice>)}
      {part !== null && <div class="sending"><progress max={1} value={part} aria-label={`${t('uploading')} ${name}`} /> {part < 1 ? `${Math.round(part * 100)}%` : t('checking')}</div>}
      <div role="status">
        {problem && <Notice tone="bad">{problem}</Notice>}
        {scan && part === null && (
          <div class="scanned">
            <Thumb path={path} scan={scan} name={name} />
            <div>
              <p class={`filed ${former ? '' : failed.length ? 'warn' : 'good'}`}>{former ? t('formerFile') : failed.length ? t('uploadedDoubtful') : t('uploaded')}　{scan.content_type === 'application/pdf' ? 'PDF' : 'JPG'} {sizeOf(scan.size)}　{moment(scan.uploaded_at)}</p>
              {!former && <ul class="checks">{scan.checks.map((check) => <li key={check.code} class={check.passed ? 'good' : 'bad'}><span aria-hidden="true">{check.passed ? '✓' : '✕'}</span><span class="unseen">{check.passed ? t('passed') : t('notPassed')}</span> {check.detail}</li>)}</ul>}
            </div>
          </div>
        )}
      </div>
    </section>
  );
}

export const kindsOf = (order: Order): string[] => Object.entries(materials)
  .filter(([, row]) => row.source === 'SCAN' && row.needed === 'DOCUMENTS' && (row.types === 'BOTH' || order.certificate_type === 'organisation')).map(([kind]) => kind);

export function DocumentsStep({ handle, onDone, onPrint }: { handle: OrderHandle; onDone: () => void; onPrint: () => void }) {
  const { order } = handle;
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const [sending, setSending] = useState(0);
  const [whole, setWhole] = useState(false);
  const reasons = order.rejection?.reasons ?? [];
  const kinds = kindsOf(order).concat(reasons.some(({ target }) => target === 'documents/supplement') ? ['supplement'] : []);
  const scanOf = (kind: string) => order.documents.find((scan) => scan.kind === kind);
  const reasonOf = (kind: string) => reasons.filter(({ target }) => target === `documents/${kind}`).map(({ text }) => text).join('；');
  const stale = kinds.filter((kind) => reasonOf(kind) && scanOf(kind) && !renewed(order, scanOf(kind)));
  const asked = (kind: string) => order.state !== 'returned' || whole || Boolean(reasonOf(kind)) || !scanOf(kind) || Boolean(scanOf(kind)?.blocking) || renewed(order, scanOf(kind)) || !reasons.some(({ target }) => target.startsWith('documents/'));
  const missing = kinds.filter((kind) => kind !== 'supplement' && !scanOf(kind));
  const blocked = kinds.filter((kind) => scanOf(kind)?.blocking);
  const doubtful = kinds.filter((kind) => scanOf(kind)?.checks.some((check) => !check.passed));
  useEffect(() => setProblem(''), [order.documents]); // what it said may be done
  const next = async () => {
    setProblem('');
    if (missing.length) return setProblem(t('missingFiles', { names: missing.map((kind) => of(materials[kind])).join('、') }));
    if (stale.length) return setProblem(t('staleFiles', { names: stale.map((kind) => of(materials[kind])).join('、') }));
    if (blocked.length) return setProblem(t('blockedFiles', { names: blocked.map((kind) => of(materials[kind])).join('、') }));
    setBusy(true);
    try {
      if (order.state === 'awaiting_documents') handle.set(await post<Order>(`${pathOf(order.order_no)}/documents/confirmation`));
      onDone();
    } catch (error) {
      setProblem(wordsOf(error));
    }
    setBusy(false);
  };
  return (
    <div class="card work">
      {order.state !== 'returned' && <Notice>{t('uploadLead')}</Notice>}
      {kinds.filter(asked).map((kind) => <DropBox key={kind} order={order} kind={kind} scan={scanOf(kind)} reason={reasonOf(kind)} onChange={handle.reload} onBusy={(by) => setSending((n) => n + by)} />)}
      {kinds.some((kind) => !asked(kind)) && <p class="below">{t('onlyNamedFiles')} <button type="button" class="quiet" onClick={() => setWhole(true)}>{t('openAllFiles')}</button></p>}
      {doubtful.length > 0 && !blocked.length && <Notice tone="warn">{t('doubtfulNote')}</Notice>}
      <div role="alert">{problem && <Notice tone="bad">{problem}</Notice>}</div>
      <div class="bar"><button type="button" class="button second" onClick={onPrint}>{t('printAgain')}</button><button type="button" class="button" disabled={busy || sending > 0} onClick={next}>{t('next')}</button></div>
    </div>
  );
}

// 打印申请表.
import { useState } from 'preact/hooks';
import { Notice } from '../../shared/kit';
import { pathOf, type OrderHandle } from '../order';
import { t, type Word } from '../text';

export function PrintStep({ handle, onDone, onBack }: { handle: OrderHandle; onDone: () => void; onBack?: () => void }) {
  const { order } = handle;
  const path = `/api/v1${pathOf(order.order_no)}`;
  const forms: [string, Word, Word][] = [['application-form.pdf', 'printApplication', order.certificate_type === 'organisation' ? 'printApplicationText' : 'printApplicationPersonText'], ['seal-collection-form.pdf', 'printSeal', 'printSealText']];
  const [shown, setShown] = useState('');
  return (
    <div class="card work">
      <Notice tone="good">{t('formConfirmed')}</Notice>
      <ol class="papers">
        {forms.map(([file, name, text]) => (
          <li key={file}><div><h2>{t(name)}</h2><p>{t(text)}</p></div>
            <div class="buttons">
              <button type="button" class="quiet wideOnly" aria-expanded={shown === file} aria-controls="preview" onClick={() => setShown(shown === file ? '' : file)}>{t(shown === file ? 'previewHide' : 'preview')}<span class="unseen"> {t(name)}</span></button>
              <a class="button second" href={`${path}/${file}`} target="_blank" rel="noopener">{t('openAndPrint')}<span class="unseen"> {t(name)}</span></a>
            </div>
          </li>
        ))}
      </ol>
      <div id="preview">{shown && <iframe class="preview" key={shown} src={`${path}/${shown}#navpanes=0&view=FitH`} title={t(forms.find(([file]) => file === shown)?.[1] ?? 'preview')} />}</div>
      <h2 class="sub">{t('printHow')}</h2>
      <ul class="how"><li>{t('printHow1')}</li><li>{t('printHow2')}</li><li>{t('printHow3')}</li></ul>
      <div class="bar">{onBack && <button type="button" class="button second" onClick={onBack}>{t('backToEdit')}</button>}<button type="button" class="button" onClick={onDone}>{t('printed')}</button></div>
    </div>
  );
}

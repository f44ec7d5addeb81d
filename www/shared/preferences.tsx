// The buttons for language, size of letters and contrast.
import { highContrast, language, setHighContrast, setLanguage, setSize, size, type Size } from './prefs';
import { Store } from './store';

/** Told when words or letters change, so that everything is drawn anew. */
export const redraw = new Store(0);

const SIZES: [Size, 'sizeStandard' | 'sizeLarge' | 'sizeLargest'][] = [['standard', 'sizeStandard'], ['large', 'sizeLarge'], ['largest', 'sizeLargest']];
type Words = (word: 'sizes' | 'sizeStandard' | 'sizeLarge' | 'sizeLargest' | 'contrastHigh' | 'otherLanguage') => string;

export function PreferenceButtons({ t, loadText }: { t: Words; loadText: () => Promise<void> }) {
  const again = () => redraw.set(redraw.get() + 1);
  const speak = async () => {
    setLanguage(language() === 'en' ? 'zh-CN' : 'en');
    await loadText();
    again();
  };
  return (
    <div class="prefs">
      <div role="group" aria-label={t('sizes')}>
        {SIZES.map(([name, word]) => (
          <button key={name} type="button" aria-pressed={size() === name} onClick={() => { setSize(name); again(); }}>{t(word)}</button>
        ))}
      </div>
      <button type="button" aria-pressed={highContrast()} onClick={() => { setHighContrast(!highContrast()); again(); }}>{t('contrastHigh')}</button>
      <button type="button" lang={language() === 'en' ? 'zh-CN' : 'en'} onClick={speak}>{t('otherLanguage')}</button>
    </div>
  );
}

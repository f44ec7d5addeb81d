// What a visitor likes: language, size of letters, contrast. Kept in this browser alone.
export type Language = 'zh-CN' | 'en';
export type Size = 'standard' | 'large' | 'largest';

function read(name: string): string | null {
  try {
    return localStorage.getItem(`hall-${name}`);
  } catch {
    return null; // storage may be switched off
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(`hall-${name}`, value);
  } catch {
    // it lasts for this page then
  }
}

export const remember = write;
export const recall = read;

let lang: Language = read('language') === 'en' ? 'en' : 'zh-CN';
export const language = (): Language => lang;
export function setLanguage(to: Language): void {
  lang = to;
  write('language', to);
  document.documentElement.lang = to;
}

export const size = (): Size => (document.documentElement.dataset.size as Size) || 'standard';
export function setSize(to: Size): void {
  document.documentElement.dataset.size = to;
  write('size', to);
}

export const highContrast = (): boolean => document.documentElement.dataset.contrast === 'high';
export function setHighContrast(on: boolean): void {
  document.documentElement.dataset.contrast = on ? 'high' : 'normal';
  write('contrast', on ? 'high' : 'normal');
}

export function applyPreferences(): void {
  document.documentElement.lang = lang;
  document.documentElement.dataset.size = read('size') || 'standard';
  document.documentElement.dataset.contrast = read('contrast') || 'normal';
}

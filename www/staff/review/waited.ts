// How long something has waited.
import { language } from '../../shared/prefs';

const UNITS = { 'zh-CN': [' 分钟', ' 小时', ' 天'], en: [' min', ' h', ' d'] };

/** In the largest unit that says enough. */
export function waited(since: string | null | undefined): string {
  if (!since) return '—';
  const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 60_000));
  const [short, middle, long] = UNITS[language()];
  if (minutes < 60) return `${minutes}${short}`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)}${middle}` : `${Math.floor(minutes / 1440)}${long}`;
}

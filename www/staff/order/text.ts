// Words of an order, for every page that shows one.
import { catalogue } from '../text';
import zh from './zh-CN';

export const t = catalogue(zh, () => import('./en'));
export type OrderWord = keyof typeof zh;
/** A word whose name ends in a code of the API; the code itself where it has none. */
export const code = (prefix: string, value: string): string => (`${prefix}${value}` in zh ? t(`${prefix}${value}` as OrderWord) : value);

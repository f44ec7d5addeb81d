import { catalogue } from './text';
import zh from './desk.zh-CN';

export const t = catalogue(zh, () => import('./desk.en'));
export type DeskWord = keyof typeof zh;

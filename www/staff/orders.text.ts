import { catalogue } from './text';
import zh from './orders.zh-CN';

export const t = catalogue(zh, () => import('./orders.en'));

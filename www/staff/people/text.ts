import { catalogue } from '../text';
import zh from './zh-CN';

export const t = catalogue(zh, () => import('./en'));

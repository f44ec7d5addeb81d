// The words of an order that came back.
import { words } from '../text';
import zh from './correction.zh-CN';

words(zh, () => import('./correction.en'));

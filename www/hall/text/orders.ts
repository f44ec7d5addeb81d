// The words of one’s orders.
import { words } from '../text';
import zh from './orders.zh-CN';

words(zh, () => import('./orders.en'));

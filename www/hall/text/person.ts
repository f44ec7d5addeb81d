// The words of one’s account.
import { words } from '../text';
import zh from './person.zh-CN';

words(zh, () => import('./person.en'));

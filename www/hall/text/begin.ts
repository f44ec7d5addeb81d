// The words of choosing what to apply for.
import { words } from '../text';
import zh from './begin.zh-CN';

words(zh, () => import('./begin.en'));

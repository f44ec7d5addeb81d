// The words of what is for reading.
import { words } from '../text';
import zh from './reading.zh-CN';

words(zh, () => import('./reading.en'));

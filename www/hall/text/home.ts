// The words of the front page.
import { words } from '../text';
import zh from './home.zh-CN';

words(zh, () => import('./home.en'));

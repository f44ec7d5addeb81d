// The words of the steps after the form.
import { words } from '../text';
import zh from './papers.zh-CN';

words(zh, () => import('./papers.en'));

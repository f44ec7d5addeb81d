// What is wrong with a field, in English; the Chinese stands with the rules.
import { words } from '../text';

words({}, () => import('./faults.en'));

// The part for the front page.
import './common';
import './text/home';
export { Home } from './home';

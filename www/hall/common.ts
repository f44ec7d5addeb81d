// What more than one part of the hall needs. Every part imports this, so that the build makes one
// file of it and one of each part: a page is there with few requests.
import '../shared/api';
import '../shared/kit';
import '../shared/preferences';
import '../shared/route';
import '../shared/store';
import 'defs:material';
import './bill';
import './order';
import './session';
import './shell';
import './text';

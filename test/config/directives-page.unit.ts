import test from 'ava';
import { readFileSync } from 'node:fs';

import { DIRECTIVES_PAGE, directivesPage } from './directives-page.js';

test('docs/directives.md says of each directive whether it is obeyed, accepted or refused', (t) => {
  const written = readFileSync(DIRECTIVES_PAGE, 'utf8');
  t.is(written, directivesPage(), 'node dist/test/config/directives-page.js writes it anew');
});

import test from 'ava';
import { readFileSync } from 'node:fs';

import { COMMANDS_PAGE, commandsPage } from './commands-page.js';

test('docs/commands.md says of each command since when it is there, where it runs, and what differs', (t) => {
  const written = readFileSync(COMMANDS_PAGE, 'utf8');
  t.is(written, commandsPage(), 'node dist/test/commands/commands-page.js writes it anew');
});

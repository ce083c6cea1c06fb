/** `EVALSHA_RO`: run a script that is known and only reads. */
import type { CommandSpec } from '../spec.js';

/** `EVALSHA_RO sha1 numkeys [key …] [arg …]` — EVALSHA whose commands may not write. */
export const evalshaRo = {
  name: 'evalsha_ro',
  group: 'scripting',
  since: '7.0.0',
  summary: 'Run a Lua script that only reads, by its SHA-1',
  complexity: 'Depends on the script that is run',
  arity: -3,
  flags: ['noscript', 'skip_monitor', 'no_mandatory_keys', 'stale', 'readonly'],
  acl: ['scripting'],
  keys: [
    {
      flags: ['RO', 'access'],
      count: 2,
    },
  ],
  syntax: 'sha1 numkeys:integer [key...] [arg...]',
  run: ({ scripting, client }, args) =>
    scripting.evaluate(client, args, { isSha: true, isReadOnly: true }),
} as const satisfies CommandSpec;

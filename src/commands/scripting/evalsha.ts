/** `EVALSHA`: run a script that is known. */
import type { CommandSpec } from '../spec.js';

/** `EVALSHA sha1 numkeys [key …] [arg …]` — run a script that EVAL or SCRIPT LOAD has kept. */
export const evalsha = {
  name: 'evalsha',
  group: 'scripting',
  since: '2.6.0',
  summary: 'Run a Lua script by its SHA-1',
  complexity: 'Depends on the script that is run',
  arity: -3,
  flags: ['noscript', 'skip_monitor', 'may_replicate', 'no_mandatory_keys', 'stale'],
  acl: ['scripting'],
  keys: [
    {
      flags: ['RW', 'access', 'update'],
      count: 2,
    },
  ],
  syntax: 'sha1 numkeys:integer [key...] [arg...]',
  run: ({ scripting, client }, args) =>
    scripting.evaluate(client, args, { isSha: true, isReadOnly: false }),
} as const satisfies CommandSpec;

/** `EVAL`: run a script. */
import type { CommandSpec } from '../spec.js';

/** `EVAL script numkeys [key …] [arg …]` — run a script, which is kept under its SHA-1. */
export const evalScript = {
  name: 'eval',
  group: 'scripting',
  since: '2.6.0',
  summary: 'Run a Lua script',
  complexity: 'Depends on the script that is run',
  arity: -3,
  flags: ['noscript', 'skip_monitor', 'may_replicate', 'no_mandatory_keys', 'stale'],
  acl: ['scripting'],
  keys: [
    {
      flags: ['RW', 'access', 'update'],
      notes: 'We cannot tell how the keys will be used so we assume the worst, RW and UPDATE',
      count: 2,
    },
  ],
  syntax: 'script numkeys:integer [key...] [arg...]',
  run: ({ scripting, client }, args) =>
    scripting.evaluate(client, args, { isSha: false, isReadOnly: false }),
} as const satisfies CommandSpec;

/** `EVAL_RO`: run a script that only reads. */
import type { CommandSpec } from '../spec.js';

/** `EVAL_RO script numkeys [key …] [arg …]` — EVAL whose commands may not write. */
export const evalRo = {
  name: 'eval_ro',
  group: 'scripting',
  since: '7.0.0',
  summary: 'Run a Lua script that only reads',
  complexity: 'Depends on the script that is run',
  arity: -3,
  flags: ['noscript', 'skip_monitor', 'no_mandatory_keys', 'stale', 'readonly'],
  acl: ['scripting'],
  keys: [
    {
      flags: ['RO', 'access'],
      notes: 'We cannot tell how the keys will be used so we assume the worst, RO and ACCESS',
      count: 2,
    },
  ],
  syntax: 'script numkeys:integer [key...] [arg...]',
  run: ({ scripting, client }, args) =>
    scripting.evaluate(client, args, { isSha: false, isReadOnly: true }),
} as const satisfies CommandSpec;

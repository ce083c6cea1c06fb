/** `FCALL_RO`: call a function that only reads. */
import type { CommandSpec } from '../spec.js';

/** `FCALL_RO function numkeys [key …] [arg …]` — FCALL whose commands may not write. */
export const fcallRo = {
  name: 'fcall_ro',
  group: 'scripting',
  since: '7.0.0',
  summary: 'Call a function that only reads',
  complexity: 'Depends on the function that is called',
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
  syntax: 'function numkeys:integer [key...] [arg...]',
  run: ({ scripting, client }, args) => scripting.callFunction(client, args, { isReadOnly: true }),
} as const satisfies CommandSpec;

/** `FCALL`: call a function of a library. */
import type { CommandSpec } from '../spec.js';

/** `FCALL function numkeys [key …] [arg …]` — call a function that FUNCTION LOAD has registered. */
export const fcall = {
  name: 'fcall',
  group: 'scripting',
  since: '7.0.0',
  summary: 'Call a function',
  complexity: 'Depends on the function that is called',
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
  syntax: 'function numkeys:integer [key...] [arg...]',
  run: ({ scripting, client }, args) => scripting.callFunction(client, args, { isReadOnly: false }),
} as const satisfies CommandSpec;

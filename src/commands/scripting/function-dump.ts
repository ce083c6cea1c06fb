/** `FUNCTION DUMP`: all libraries as one payload. */
import { dumpLibraries } from '../../rdb/libraries.js';
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `FUNCTION DUMP` — all libraries as one payload, for FUNCTION RESTORE. */
export const functionDump = {
  name: 'dump',
  group: 'scripting',
  since: '7.0.0',
  summary: 'Give all libraries as one payload',
  complexity: 'O(N), N functions',
  arity: 2,
  flags: ['noscript'],
  acl: ['scripting'],
  run({ scripting }) {
    return reply.bulk(dumpLibraries(scripting.libraries().map(({ code }) => code)));
  },
} as const satisfies CommandSpec;

/** `LASTSAVE`: tell when the data was last saved, in Unix seconds. */
import { reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `LASTSAVE` — when the data was last known safe: at the start it is. */
export const lastsave = {
  name: 'lastsave',
  group: 'server',
  since: '1.0.0',
  summary: 'Tell when the data was last saved, in Unix seconds',
  complexity: 'O(1)',
  arity: 1,
  flags: ['loading', 'stale', 'fast'],
  acl: ['admin', 'dangerous'],
  tips: ['nondeterministic_output'],
  run: ({ saved }) => reply.integer(saved.lastSaveSeconds),
} as const satisfies CommandSpec;

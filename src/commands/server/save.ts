/** `SAVE`: save the data to disk, and let all else wait. */
import { ReplyError, reply } from '../../resp/reply.js';
import type { CommandSpec } from '../spec.js';

/** `SAVE` — save the data to disk before anything else is done. */
export const save = {
  name: 'save',
  group: 'server',
  since: '1.0.0',
  summary: 'Save the data to disk, and let all else wait',
  complexity: 'O(N) where N is the total number of keys in all databases',
  arity: 1,
  flags: ['admin', 'noscript', 'no_async_loading', 'no_multi'],
  acl: [],
  run({ saved }) {
    const answer = saved.save();
    if (answer.state === 'refused') throw new ReplyError(answer.text);
    return reply.simple(answer.text);
  },
} as const satisfies CommandSpec;

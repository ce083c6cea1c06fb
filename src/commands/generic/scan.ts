/** `SCAN`: walk over the keys step by step. */
import { Glob } from '../../base/glob.js';
import { reply } from '../../resp/reply.js';
import { readCursor, scanOptions } from '../scan-options.js';
import type { CommandSpec } from '../spec.js';

/**
 * `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]` — walk over the keys in small steps.
 *
 * A key that is there from the first call to the last is found, at least once.
 */
export const scan = {
  name: 'scan',
  group: 'generic',
  since: '2.8.0',
  history: [['6.0.0', 'Added the `TYPE` subcommand.']],
  summary: 'Walk over the keys step by step',
  complexity: 'O(1) for a call, O(N) for a whole walk, N being the number of keys',
  arity: -2,
  flags: ['readonly', 'touches_arbitrary_keys'],
  acl: ['keyspace'],
  tips: ['nondeterministic_output', 'request_policy:special'],
  syntax: 'cursor:integer [MATCH pattern:pattern] [COUNT count:integer] [TYPE type]',
  run({ db }, [, cursorArg, ...options]) {
    let cursor = readCursor(cursorArg);
    const { pattern, count, type } = scanOptions(options, true);
    const found: Buffer[] = [];
    // Sparse tables take more steps, but not without an end: the caller may come again.
    for (let steps = count * 10; steps > 0 && found.length < count; steps--) {
      cursor = db.keys.scan(cursor, count - found.length, (key) => found.push(key));
      if (cursor === 0n) break;
    }
    const glob = pattern === null ? null : new Glob(pattern);
    const keys = found
      .filter((key) => glob === null || glob.matches(key))
      .filter((key) => type === null || db.typeOf(key) === type);
    return reply.array([reply.bulk(String(cursor)), reply.bulks(keys)]);
  },
} as const satisfies CommandSpec;

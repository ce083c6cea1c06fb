/** `BITFIELD_RO`: read integers of any width in the string at a key. */
import { ReplyError, reply } from '../../resp/reply.js';
import { readField } from './bit-field.js';
import { readOperations } from './bitfield-operations.js';
import { oneKey } from '../facts.js';
import type { CommandSpec } from '../spec.js';
import { maxStringBytes } from '../string/string-limit.js';

/** `BITFIELD_RO key [GET type offset …]` — BITFIELD for replicas: it only reads. */
export const bitfieldRo = {
  name: 'bitfield_ro',
  group: 'bitmap',
  since: '6.0.0',
  summary: 'Read integers of any width in the string at a key',
  complexity: 'O(1) for each operation',
  arity: -2,
  flags: ['readonly', 'fast'],
  acl: ['bitmap'],
  keys: oneKey('RO', 'access'),
  syntax: 'key [GET (encoding_offset: encoding offset:integer)]...*',
  run(context, [, key = NONE, ...rest]) {
    const operations = readOperations(rest, maxStringBytes(context));
    if (operations.some(({ type }) => type !== 'get')) {
      throw new ReplyError('ERR BITFIELD_RO only supports the GET subcommand');
    }
    const held = context.db.viewString(key) ?? NONE;
    return reply.array(operations.map(({ field }) => reply.integer(readField(held, field))));
  },
} as const satisfies CommandSpec;

const NONE = Buffer.alloc(0);

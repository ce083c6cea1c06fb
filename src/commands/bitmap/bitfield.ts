/** `BITFIELD`: read and write integers of any width in the string at a key. */
import { type Reply, reply } from '../../resp/reply.js';
import { addToField, fitField, readField, writeField } from './bit-field.js';
import { type BitFieldOperation, onlyReads, readOperations } from './bitfield-operations.js';
import { maxStringBytes } from '../string/string-limit.js';
import { stored } from '../facts.js';
import type { CommandSpec } from '../spec.js';

/**
 * `BITFIELD key [operation …]` — read and write integers of any width. A number that an operation
 * with OVERFLOW FAIL cannot store is answered with a null, and nothing of it is stored.
 */
export const bitfield = {
  name: 'bitfield',
  group: 'bitmap',
  since: '3.2.0',
  summary: 'Read and write integers of any width in the string at a key',
  complexity: 'O(1) for each operation',
  arity: -2,
  flags: ['write', 'denyoom'],
  acl: ['bitmap'],
  differs: 'One that only makes a string longer goes to replicas too.',
  keys: [
    {
      flags: ['RW', 'access', 'update', 'variable_flags'],
      notes: 'This command allows both access and modification of the key',
      first: 1,
      last: 0,
      step: 1,
    },
  ],
  syntax:
    'key [operation: GET (encoding_offset: encoding offset:integer) | (write: [OVERFLOW (wrap_sat_fail: WRAP | SAT | FAIL)] (write_operation: SET (encoding_offset_value: encoding offset:integer value:integer) | INCRBY (encoding_offset_increment: encoding offset:integer increment:integer)))]...',
  findKeys: (args) => {
    return [{ at: 1, flags: onlyReads(args) ? ['RO', 'access'] : ['RW', 'access', 'update'] }];
  },
  events: stored('setbit'),
  run(context, [, key = NONE, ...rest]) {
    const { db, propagateVerbatim } = context;
    const operations = readOperations(rest, maxStringBytes(context));
    let end = 0;
    for (const { type, field } of operations) {
      if (type !== 'get') end = Math.max(end, field.offset + field.bits);
    }
    if (end === 0) {
      const held = db.viewString(key) ?? NONE;
      return reply.array(operations.map(({ field }) => reply.integer(readField(held, field))));
    }
    const { bytes, grew } = db.openString(key, Math.ceil(end / 8));
    let changes = 0;
    const replies = operations.map((operation) => {
      const { answer, hasChanged } = perform(operation, bytes);
      if (hasChanged) changes++;
      return answer;
    });
    db.closeString();
    // A string that was only made longer has changed as well. Redis does not tell its replicas of
    // that if every operation failed, and they are not the same from then on.
    if (grew || changes > 0) propagateVerbatim(Math.max(changes, 1));
    return reply.array(replies);
  },
} as const satisfies CommandSpec;

function perform(
  operation: BitFieldOperation,
  bytes: Uint8Array,
): { readonly answer: Reply; readonly hasChanged: boolean } {
  const { type, field } = operation;
  const old = readField(bytes, field);
  if (type === 'get') return { answer: reply.integer(old), hasChanged: false };
  const { operand, overflow } = operation;
  const number =
    type === 'set' ? fitField(operand, field, overflow) : addToField(old, operand, field, overflow);
  if (number === null) return { answer: reply.null, hasChanged: false };
  writeField(bytes, field, number);
  return { answer: reply.integer(type === 'set' ? old : number), hasChanged: number !== old };
}

const NONE = Buffer.alloc(0);

/** Replies as the values that a user of the client works with. */
import { assertNever } from '../../base/assert.js';
import { type Reply, ReplyError } from '../../resp/reply.js';

/** Strings for bulk strings; an error inside an array stays an error object, as in EXEC's reply. */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | ReplyError
  | Value[]
  | Map<Value, Value>;

/** @returns the value; the caller has dealt with an error at the top. */
export function toValue(reply: Reply): Value {
  switch (reply.type) {
    case 'simple':
      return reply.text;
    case 'error':
      return new ReplyError(reply.text);
    case 'integer':
    case 'double':
    case 'boolean':
      return reply.value;
    case 'bulk':
    case 'verbatim':
      return text(reply.value);
    case 'null':
    case 'null-array':
      return null;
    case 'array':
    case 'set':
    case 'push':
      return reply.items.map(toValue);
    case 'map':
      return new Map(reply.entries.map(([key, value]) => [toValue(key), toValue(value)]));
    default:
      return assertNever(reply);
  }
}

/** UTF-8. */
export function text(value: Uint8Array | string): string {
  return typeof value === 'string' ? value : Buffer.from(value).toString();
}

/**
 * What COMMAND INFO says of where a command's keys are: its key specs, and the one range that old
 * clients know.
 *
 * @see redis/redis 7.0.15 src/server.c, addReplyCommandKeySpecs() and
 * populateCommandLegacyRangeSpec()
 */
import { type Reply, reply } from '../../resp/reply.js';
import type { IndexedKeys, KeySpec } from '../key-specs.js';

interface LegacyRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  /** The range does not cover all keys: `movablekeys`. */
  readonly isMovable: boolean;
}

/** Old clients know one range of keys only: the one that covers those next to each other. */
export function legacyRange(keys: readonly KeySpec[]): LegacyRange {
  const [only] = keys;
  if (only === undefined) return { first: 0, last: 0, step: 0, isMovable: false };
  if (keys.length === 1 && 'first' in only) {
    const { first, step, flags } = only;
    return { first, last: lastOf(only), step, isMovable: flags.includes('incomplete') };
  }
  let first = 0;
  let last = 0;
  let isMovable = false;
  for (const spec of keys) {
    if (!('first' in spec) || spec.step !== 1 || (last !== 0 && last !== spec.first - 1)) {
      isMovable = true;
      continue;
    }
    if (spec.flags.includes('incomplete')) isMovable = true;
    if (first === 0) ({ first } = spec);
    last = lastOf(spec);
  }
  return { first, last, step: first === 0 ? 0 : 1, isMovable };
}

function lastOf({ first, last }: IndexedKeys): number {
  return last < 0 ? last : first + last;
}

export function keySpecReply(spec: KeySpec): Reply {
  return reply.map([
    ...(spec.notes === undefined ? [] : [entry('notes', reply.bulk(spec.notes))]),
    entry('flags', reply.set(spec.flags.map(reply.simple))),
    entry('begin_search', beginSearch(spec)),
    entry('find_keys', findKeys(spec)),
  ]);
}

function beginSearch(spec: KeySpec): Reply {
  if ('isUnknown' in spec) return typed('unknown', {});
  if ('keyword' in spec) {
    return typed('keyword', {
      keyword: reply.bulk(spec.keyword),
      startfrom: reply.integer(spec.from),
    });
  }
  return typed('index', { index: reply.integer('count' in spec ? spec.count : spec.first) });
}

function findKeys(spec: KeySpec): Reply {
  if ('isUnknown' in spec) return typed('unknown', {});
  if ('count' in spec) {
    return typed('keynum', {
      keynumidx: reply.integer(0),
      firstkey: reply.integer(1),
      keystep: reply.integer(1),
    });
  }
  return typed('range', {
    lastkey: reply.integer(spec.last),
    keystep: reply.integer(spec.step),
    limit: reply.integer('limit' in spec ? spec.limit : 0),
  });
}

function typed(type: string, spec: Readonly<Record<string, Reply>>): Reply {
  const entries = Object.entries(spec).map(([name, value]) => entry(name, value));
  return reply.map([entry('type', reply.bulk(type)), entry('spec', reply.map(entries))]);
}

function entry(name: string, value: Reply): [Reply, Reply] {
  return [reply.bulk(name), value];
}

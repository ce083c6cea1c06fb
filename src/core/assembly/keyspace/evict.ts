/**
 * Keeping to `maxmemory`: delete keys by the policy until enough is free.
 *
 * Rule: while used memory is over the limit, keys go before the next command runs, any command;
 * each goes to the replicas as a deletion in front of that command. The work in front of one
 * command is bounded: what is left is EVICTION_PENDING, the host goes on with it, and commands run
 * meanwhile. Only when nothing may go are commands refused, those that take memory.
 *
 * What counts is all live blocks (the backlog's ring and the areas of requests and replies among
 * them) and what the host holds for clients. A snapshot's output does not count: it is what a
 * replica's output buffer is to Redis, and evicting would make it grow.
 *
 * @see redis/redis 7.0.15 src/evict.c, performEvictions(), getMaxmemoryState()
 */
import {
  EVENT_EVICTED,
  EVICTION_BUDGET,
  EVICTION_PENDING,
  EXCEEDED_SINCE,
  EXCEEDED_TOTAL,
  HOST_MEMORY,
  LAZY_EVICTION,
  MAXMEMORY,
  MAXMEMORY_POLICY,
  MAXMEMORY_SAMPLES,
  NO_ROOM,
  POLICY_ALLKEYS,
  POLICY_LFU,
  POLICY_RANDOM,
  POLICY_TTL,
  ROOM,
  ROOM_PENDING,
  STAT_EVICTED_KEYS,
  USED_MEMORY,
} from '../layout';
import { outputBytes } from '../snapshot/output';
import { bump, database, databases, now, table, tableOf, useDatabase } from '../state';
import { appendRemoval } from '../stream/propagate';
import { frequencyOf, idleSecondsOf } from './access';
import { deleteEntry } from './database';
import { freeDiscardedValues } from '../collections/discarded-values';
import { freeDiscarded } from './discarded';
import { expireAt, hasExpiry, keyLength, keyOf } from './entry';
import { noteEvent, notedBytes } from './events';
import { bestDatabase, bestHash, emptyPool, offer, takeBest } from './evict-pool';
import { drawOne, drawSome, drawSomeVolatile, drawVolatile, sampleAt } from './sample';
import { findHashed, placeOf, Table } from './table';

/** The policy whose candidates are in the pool. */
let poolPolicy: u32 = 0;
/** The database that the random policies took a key from last. */
let lastDatabase: i32 = 0;

/** @returns ROOM, ROOM_PENDING or NO_ROOM. For calls that state.isLimited is set for. */
export function evictToLimit(): i32 {
  const limit = load<i64>(MAXMEMORY);
  let outcome = ROOM;
  if (counted() > limit) outcome = evict(limit);
  store<u32>(EVICTION_PENDING, <u32>(outcome === ROOM_PENDING));
  const since = load<i64>(EXCEEDED_SINCE);
  if (outcome !== ROOM) {
    if (since === 0) store<i64>(EXCEEDED_SINCE, now);
  } else if (since !== 0) {
    store<i64>(EXCEEDED_TOTAL, load<i64>(EXCEEDED_TOTAL) + now - since);
    store<i64>(EXCEEDED_SINCE, 0);
  }
  return outcome;
}

/** Used memory as the limit counts it. */
function counted(): i64 {
  const used = load<i64>(USED_MEMORY) + load<i64>(HOST_MEMORY);
  return used - <i64>outputBytes() - <i64>notedBytes();
}

function evict(limit: i64): i32 {
  let budget = load<u32>(EVICTION_BUDGET);
  // What was flushed and waits to be freed goes first: it costs no key.
  budget = freeDiscarded(budget);
  const policy = load<u32>(MAXMEMORY_POLICY);
  if (counted() <= limit) return ROOM;
  if (budget === 0) return ROOM_PENDING;
  if (policy === 0) return NO_ROOM;
  if (policy !== poolPolicy) emptyPool();
  poolPolicy = policy;
  const selected = database;
  let outcome = ROOM;
  do {
    if (budget === 0) {
      outcome = ROOM_PENDING;
      break;
    }
    budget--;
    const entry = choose(policy);
    if (entry === 0) {
      outcome = NO_ROOM;
      break;
    }
    noteEvent(EVENT_EVICTED, keyOf(entry), keyLength(entry));
    appendRemoval(keyOf(entry), keyLength(entry), LAZY_EVICTION);
    deleteEntry(entry, placeOf(table, entry));
    bump(STAT_EVICTED_KEYS);
    // Of a large one what it held is needed now, before another key has to go for it.
    budget = freeDiscardedValues(budget);
  } while (counted() > limit);
  useDatabase(selected);
  return outcome;
}

/** @returns the key to go, its database the current one; 0: none may. */
function choose(policy: u32): usize {
  return (policy & POLICY_RANDOM) !== 0 ? chooseAny(policy) : chooseBest(policy);
}

/** The databases give one key in turn. */
function chooseAny(policy: u32): usize {
  for (let i = 0; i < databases; i++) {
    lastDatabase = lastDatabase + 1 === databases ? 0 : lastDatabase + 1;
    useDatabase(lastDatabase);
    if ((policy & POLICY_ALLKEYS) !== 0) {
      if (table.count !== 0) return drawOne(table);
    } else if (table.volatileCount !== 0) return drawVolatile(table);
  }
  return 0;
}

function chooseBest(policy: u32): usize {
  const needsExpiry = (policy & POLICY_ALLKEYS) === 0;
  while (offerSome(policy)) {
    while (takeBest()) {
      useDatabase(bestDatabase);
      const entry = findHashed(table, bestHash);
      if (entry !== 0 && (!needsExpiry || hasExpiry(entry))) return entry;
    }
  }
  return 0;
}

/** Draw keys from every database. @returns false: none has any. */
function offerSome(policy: u32): bool {
  const wanted = load<u32>(MAXMEMORY_SAMPLES);
  let hasKeys = false;
  for (let id = 0; id < databases; id++) {
    const source = tableOf(id);
    const count = (policy & POLICY_ALLKEYS) !== 0 ? source.count : source.volatileCount;
    if (count === 0) continue;
    hasKeys = true;
    const drawn = draw(source, policy, wanted);
    for (let i: u32 = 0; i < drawn; i++) offer(sampleAt(i), id, scoreOf(sampleAt(i), policy));
  }
  return hasKeys;
}

function draw(source: Table, policy: u32, wanted: u32): u32 {
  return (policy & POLICY_ALLKEYS) !== 0
    ? drawSome(source, wanted)
    : drawSomeVolatile(source, wanted);
}

function scoreOf(entry: usize, policy: u32): u64 {
  if ((policy & POLICY_TTL) !== 0) return u64.MAX_VALUE - <u64>expireAt(entry);
  if ((policy & POLICY_LFU) !== 0) return 255 - frequencyOf(entry);
  return idleSecondsOf(entry);
}

/**
 * The active cycle: delete keys whose time has come although no command names them.
 *
 * Rule: each database's list of volatile keys is swept from its end to its beginning, over and
 * over; one sweep misses nothing that had expired when it began. How long to go on is the host's
 * matter (src/server/upkeep/expire-cycle.ts), by what EXPIRE_LOOKED says was looked at for what was
 * found. Work is counted in units, one for a slot looked at and 32 for a deletion, so that the host
 * can keep a slice short.
 *
 * A replica waits for its master's DEL, but for keys whose expiry a client of its own has given,
 * which it deletes without telling its replicas.
 *
 * @see redis/redis 7.0.15 src/expire.c, activeExpireCycle(), expireSlaveKeys()
 */
import { EXPIRE_LOOKED } from '../layout';
import { begin, databases, followsMaster, now, table, useDatabase } from '../state';
import { flushRun } from '../stream/propagate';
import { expireNow, isExpired } from './database';
import { isOwn } from './entry';
import { unitOf, volatileEntry, volatileUnit } from './volatile';

const DELETION_COST: u32 = 32;

/** Where the last slice stopped. */
let current: i32 = 0;

/**
 * @param budget - units of work.
 * @returns the units left; 0: there may be more to do now.
 */
export function activeExpire(flags: u32, budget: u32): u32 {
  begin(flags, current);
  store<u32>(EXPIRE_LOOKED, 0);
  let left = budget;
  // The first sweep may be the rest of one begun earlier, so that database comes last once more.
  for (let swept = 0; swept <= databases && left !== 0; swept++) {
    left = sweep(left);
    if (left === 0) break;
    current = current + 1 === databases ? 0 : current + 1;
    useDatabase(current);
  }
  flushRun();
  return left;
}

/** Sweep the rest of the current database's list. @returns the units left. */
function sweep(budget: u32): u32 {
  if (followsMaster() && table.ownCount === 0) return budget;
  const unit = unitOf(now);
  let looked: u32 = 0;
  let place = table.expireCursor;
  if (place === 0 || place > table.volatileCount) place = table.volatileCount;
  while (place !== 0 && budget !== 0) {
    place--;
    budget--;
    looked++;
    if (volatileUnit(table, place) > unit) continue;
    const entry = volatileEntry(table, place);
    if (!isExpired(entry) || (followsMaster() && !isOwn(entry))) continue;
    // The list's last entry takes the place; a sweep downwards has seen it already.
    expireNow(entry);
    budget = budget > DELETION_COST ? budget - DELETION_COST : 0;
  }
  table.expireCursor = place;
  store<u32>(EXPIRE_LOOKED, load<u32>(EXPIRE_LOOKED) + looked);
  return budget;
}

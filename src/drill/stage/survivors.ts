/** What is left after a drill, read from the surviving master. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  hasSweepingWrites,
  type HistoryVerdict,
  judgeHistory,
  writtenKeys,
} from '../judge/history.js';
import { isUserCommand, type Operation } from '../judge/operations.js';
import type { WireCommand } from '../judge/wire-log.js';
import type { Reply } from '../../resp/reply.js';
import { Asker } from '../../io/asker.js';
import type { Cluster } from '../../cluster/cluster.js';

const POLL_MS = 10;
/** ms for a master that answers; then nothing can be judged. */
const WAIT_FOR_MASTER_MS = 10_000;

/**
 * Compare what clients were told with what is left.
 *
 * @param traced - what the client was asked for, if its library tells: to know how often it should
 * have counted.
 */
export async function judgeSurvivors(
  cluster: Cluster,
  commands: readonly WireCommand[],
  traced: readonly Operation[],
): Promise<HistoryVerdict> {
  const keys = writtenKeys(commands).toSorted((a, b) => a.db - b.db);
  if (keys.length === 0) return judgeHistory([], []);
  const isSwept = hasSweepingWrites(commands);
  const asker = isSwept ? null : await openMaster(cluster);
  if (asker === null) return judgeHistory(keys, []);
  try {
    const replies: Promise<Reply>[] = [];
    let db = -1;
    for (const written of keys) {
      if (written.db !== db) {
        db = written.db;
        void asker.ask('SELECT', String(db)).catch(() => {});
      }
      replies.push(asker.ask('GET', written.key));
    }
    const final = (await Promise.all(replies)).map(stringOf);
    return judgeHistory(keys, final, countsAskedFor(traced));
  } finally {
    asker.close();
  }
}

/** A connection to the master, once it calls itself so; null: there is none. */
async function openMaster(cluster: Cluster): Promise<Asker | null> {
  const password = cluster.topology.config['requirepass'];
  const giveUpAt = performance.now() + WAIT_FOR_MASTER_MS;
  while (performance.now() < giveUpAt) {
    const master = cluster.nodes().find(({ id }) => id === cluster.masterId);
    if (master?.state === 'up' && master.role === 'master') {
      const asker = new Asker(master.host, master.port);
      try {
        if (password) await asker.ask('AUTH', password);
        await asker.ask('PING');
        return asker;
      } catch {
        asker.close(); // It has just died: the next one is looked for.
      }
    }
    await sleep(POLL_MS);
  }
  return null;
}

/** Key → increments and decrements that the library was asked for. */
function countsAskedFor(traced: readonly Operation[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { command } of traced) {
    if (command === null || !isUserCommand(command.name)) continue;
    if (!/^(incr|decr)(by)?$/.test(command.name)) continue;
    counts.set(command.key, (counts.get(command.key) ?? 0) + 1);
  }
  return counts;
}

/** @returns one character per byte; null: no key; undefined: not a string. */
function stringOf(reply: Reply): string | null | undefined {
  if (reply.type === 'null') return null;
  if (reply.type !== 'bulk') return undefined;
  return Buffer.from(reply.value).toString('latin1');
}

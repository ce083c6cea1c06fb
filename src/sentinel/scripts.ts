/**
 * Scripts that tell others of events: started when it is their turn, killed when they take too
 * long, run again when they ask for it.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelRunPendingScripts(), sentinelKillTimedoutScripts(),
 * sentinelCollectTerminatedScripts(), sentinelCallClientReconfScript()
 */
import type { Address } from '../base/address.js';
import { reply } from '../resp/reply.js';
import type { Reply } from '../resp/reply.js';
import { afterEnd, MOST_RUNNING, type ScriptEnd, type ScriptJob } from './script-queue.js';
import type { Master } from './state.js';
import type { Turn } from './turn.js';

/** Start what may start and kill what has run for too long; asked at the end of each turn. */
export function tendScripts(turn: Turn): void {
  if (turn.scripts.length === 0) return;
  const maxMs = turn.profile.scriptMaxRuntimeMs;
  let busy = turn.scripts.filter(({ running }) => running !== null).length;
  turn.scripts = turn.scripts.map((job) => {
    const { running, notBefore } = job;
    if (running !== null) {
      if (running.isKilled) return job;
      const limitAt = running.since + maxMs;
      if (turn.now <= limitAt) {
        turn.wakeBy(limitAt + 1);
        return job;
      }
      turn.event('-script-timeout', `${job.argv[0]} ${running.pid}`);
      turn.effect({ type: 'kill-script', job: job.id });
      return { ...job, running: { ...running, isKilled: true } };
    }
    if (notBefore !== null && turn.now < notBefore) {
      turn.wakeBy(notBefore);
      return job;
    }
    if (busy >= MOST_RUNNING) return job;
    busy++;
    turn.effect({ type: 'run-script', job: job.id, argv: job.argv });
    turn.wakeBy(turn.now + maxMs + 1);
    const since = turn.now;
    return { ...job, running: { since, pid: 0, isKilled: false }, tries: job.tries + 1 };
  });
}

/** @param pid - null: the system had no room for one more process; it stays in the queue. */
export function onScriptStarted(turn: Turn, id: number, pid: number | null): void {
  const job = turn.scripts.find((each) => each.id === id);
  if (job?.running == null) return;
  if (pid === null) {
    turn.event('-script-error', `${job.argv[0]} 99 0`);
    replace(turn, { ...job, running: null, notBefore: turn.now + turn.profile.scriptRetryDelayMs });
    return;
  }
  turn.event('+script-child', String(pid));
  replace(turn, { ...job, running: { ...job.running, pid } });
}

export function onScriptEnded(turn: Turn, id: number, end: ScriptEnd): void {
  const job = turn.scripts.find((each) => each.id === id);
  if (job?.running == null) return;
  const { exitCode, signal } = end;
  turn.event('-script-child', `${job.running.pid} ${exitCode} ${signal}`);
  const again = afterEnd(job, end, turn.profile.scriptRetryDelayMs, turn.now);
  if (again !== null) return replace(turn, again);
  if (signal !== 0 || exitCode !== 0) {
    turn.event('-script-error', `${job.argv[0]} ${signal} ${exitCode}`);
  }
  turn.scripts = turn.scripts.filter((each) => each.id !== id);
}

function replace(turn: Turn, job: ScriptJob): void {
  turn.scripts = turn.scripts.map((each) => (each.id === job.id ? job : each));
}

/** Tell the master's clients, by its script, where the master is. */
export function callClientReconfig(
  turn: Turn,
  master: Master,
  role: 'leader' | 'observer',
  to: Address,
): void {
  const { clientReconfigScript: path, name, address: from } = master;
  if (path === null) return;
  const places = [from, to].flatMap((address) => {
    const { host, port } = turn.shown(address);
    return [host, String(port)];
  });
  turn.schedule([path, name, role, 'start', ...places]);
}

/** SENTINEL PENDING-SCRIPTS. */
export function pendingScripts(turn: Turn): Reply {
  return reply.array(
    turn.scripts.map(({ argv, running, notBefore, tries }) => {
      const delayMs = notBefore === null ? 0 : Math.max(0, Math.round(notBefore - turn.now));
      const time: [Reply, Reply] =
        running === null
          ? [reply.bulk('run-delay'), reply.bulk(String(delayMs))]
          : [reply.bulk('run-time'), reply.bulk(String(Math.round(turn.now - running.since)))];
      return reply.map([
        [reply.bulk('argv'), reply.bulks(argv)],
        [reply.bulk('flags'), reply.bulk(running === null ? 'scheduled' : 'running')],
        [reply.bulk('pid'), reply.bulk(String(running?.pid ?? 0))],
        time,
        [reply.bulk('retry-num'), reply.bulk(String(tries))],
      ]);
    }),
  );
}

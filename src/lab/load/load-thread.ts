/**
 * The thread that makes a load: sends batches, counts answers, and watches the replicas apply them.
 *
 * As fast as possible, a client sends its next batch when the last one is answered. At a fixed rate
 * a batch has a moment at which it is to start, whether or not a client is free then; latency
 * counts from that moment, so that a stall shows in every batch it held up, not only in those that
 * happened to be under way ("coordinated omission").
 */
import { parentPort, workerData } from 'node:worker_threads';

import { replicationOffset } from '../../cluster/client/offset.js';
import { assert } from '../../base/assert.js';
import { AppliedWatch } from './applied.js';
import { portLink, tcpLink } from './links.js';
import { LoadClient } from './load-client.js';
import type { FromLoad, LoadJob, Target, ToLoad } from './messages.js';

/** ms after which a lost connection is tried again, unless another master is named before. */
const RECONNECT_MS = 100;
/** ms for which the thread sleeps at a time while it waits for a moment, or for the replicas. */
const LOOK_EVERY_MS = 0.05;
/** ms before a batch is due from which the thread watches the clock instead of a timer. */
const TIMER_MS = 1.5;
/** ms for what is under way at the end to be answered. */
const GRACE_MS = 2_000;

const port = parentPort;
assert(port !== null, 'runs as a thread');
const job: LoadJob = workerData;
const { batches, rate, response, applied } = job;
const intervalMs = rate === null ? 0 : (1000 * batches.commands) / rate;
const watch = new AppliedWatch();
const waitWord = new Int32Array(new SharedArrayBuffer(4));

let target: Target | null = null;
let phase: 'idle' | 'running' | 'stopping' | 'done' = 'idle';
let startedAt = 0;
let lastAnswerAt = 0;
let stoppedAt = 0;
/** Batches started so far; the next one is taken in their order. */
let issued = 0;
let timer: NodeJS.Timeout | null = null;
let isLooking = false;
let isSpinning = false;
const totals = { answered: 0, refused: 0, lost: 0 };
let sampled = { ...totals };
let slowestMs: number | null = null;

const idle: LoadClient[] = [];
const clients = Array.from(
  { length: job.clients },
  (_, i) =>
    new LoadClient(i, batches.commands, {
      onIdle(client) {
        if (!idle.includes(client)) idle.push(client);
        if (phase === 'idle' && idle.length === clients.length) tell({ type: 'ready' });
        else pump();
      },
      onAnswered(_client, issuedAt, refused) {
        const now = performance.now();
        const tookMs = now - issuedAt;
        response.record(Math.max(1, Math.round(tookMs * 1e6)));
        slowestMs = Math.max(slowestMs ?? 0, tookMs);
        totals.answered += batches.commands - refused;
        totals.refused += refused;
        lastAnswerAt = now;
        watch.settle(now);
        watch.answered(issuedAt);
        look();
      },
      onLost(client, lost) {
        totals.lost += lost;
        const at = idle.indexOf(client);
        if (at >= 0) idle.splice(at, 1);
        if (phase === 'stopping') finishIfQuiet();
        else if (phase !== 'done') setTimeout(() => connect(client), RECONNECT_MS);
      },
    }),
);

function tell(message: FromLoad): void {
  port!.postMessage(message);
}

function connect(client: LoadClient): void {
  if (target === null || client.isLinked || phase === 'stopping' || phase === 'done') return;
  const { via, host, port: tcpPort } = target;
  if (via === 'tcp') client.use((events) => tcpLink(host, tcpPort, events));
  else tell({ type: 'need-port', client: client.index });
}

/** Start what is due, as far as clients are free. */
function pump(): void {
  if (phase !== 'running') return;
  while (idle.length > 0) {
    const now = performance.now();
    const dueAt = rate === null ? now : startedAt + issued * intervalMs;
    if (dueAt > now) {
      wakeAt(dueAt - now);
      return;
    }
    const client = idle.shift()!;
    const i = issued % (batches.starts.length - 1);
    issued += 1;
    client.send(batches.bytes.subarray(batches.starts[i], batches.starts[i + 1]), dueAt);
  }
}

/** Timers are late by a millisecond: the last bit is waited for without one. */
function wakeAt(inMs: number): void {
  if (timer !== null || isSpinning) return;
  if (inMs < TIMER_MS) {
    isSpinning = true;
    setImmediate(() => {
      isSpinning = false;
      // A little at a time, so that other threads get the core meanwhile.
      Atomics.wait(waitWord, 0, 0, Math.min(inMs, LOOK_EVERY_MS));
      pump();
    });
    return;
  }
  timer = setTimeout(() => {
    timer = null;
    pump();
  }, inMs - 1);
}

/**
 * Follow the replicas until they have applied all that was answered. As fast as possible, the next
 * answer is when they are looked at again: a thread that spins takes their core.
 */
function look(): void {
  if (isLooking || !watch.isPending || phase === 'done') return;
  isLooking = true;
  setImmediate(() => {
    isLooking = false;
    watch.settle(performance.now());
    const isAnswerDue = rate === null && idle.length < clients.length;
    if (!watch.isPending || isAnswerDue) return;
    Atomics.wait(waitWord, 0, 0, LOOK_EVERY_MS);
    look();
  });
}

function finishIfQuiet(): void {
  if (phase !== 'stopping') return;
  const isLate = performance.now() - stoppedAt > GRACE_MS;
  if (clients.some(({ isBusy }) => isBusy) && !isLate) return;
  phase = 'done';
  for (const client of clients) client.leave();
  clearInterval(sampler);
  clearInterval(finisher);
  sample();
  const { timeOrigin } = performance;
  const span = { from: timeOrigin + startedAt, to: timeOrigin + lastAnswerAt };
  tell({ type: 'done', totals: { ...span, ...totals } });
  port!.close();
}

function sample(): void {
  tell({
    type: 'sample',
    sample: {
      at: performance.timeOrigin + performance.now(),
      answered: totals.answered - sampled.answered,
      refused: totals.refused - sampled.refused,
      lost: totals.lost - sampled.lost,
      slowestMs,
      offsets: target?.nodes.map(replicationOffset) ?? [],
    },
  });
  sampled = { ...totals };
  slowestMs = null;
}

let sampler: NodeJS.Timeout | undefined;
let finisher: NodeJS.Timeout | undefined;

port.on('message', (message: ToLoad) => {
  switch (message.type) {
    case 'target': {
      const isSame = target?.masterId === message.target.masterId;
      ({ target } = message);
      const replicas = target.replicas.map(({ histogram, memory }) => ({
        memory,
        record: (micros: number) =>
          applied[histogram]!.record(Math.max(1, Math.round(micros * 1000))),
      }));
      watch.watch(target.master, replicas);
      for (const client of clients) {
        if (!isSame) client.leave();
        connect(client);
      }
      break;
    }
    case 'port': {
      const client = clients[message.client]!;
      const { connection } = message;
      if (connection === null) setTimeout(() => connect(client), RECONNECT_MS);
      else if (client.isLinked) connection.port.close();
      else {
        const counters = new Int32Array(connection.counters);
        client.use((events) => portLink(connection.port, counters, events));
      }
      break;
    }
    case 'start':
      phase = 'running';
      startedAt = performance.now();
      lastAnswerAt = startedAt;
      sampler = setInterval(sample, job.sampleEveryMs);
      pump();
      break;
    default:
      phase = 'stopping';
      stoppedAt = performance.now();
      finisher = setInterval(finishIfQuiet, 2);
      finishIfQuiet();
  }
});

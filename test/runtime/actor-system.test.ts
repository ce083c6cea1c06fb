import test from 'ava';

import { Core } from '../../src/core/core.js';
import { until } from '../support/until.js';
import { parrotSpec, startFlock } from './fixtures/flock.js';

test('every pair of actors can talk without the main thread', async (t) => {
  const flock = await startFlock(t, { size: 3 });
  await flock.order('node-1', 'ask-all');
  await until(async () => (await flock.report('node-1')).log.includes('answer from node-2'));
  const { log } = await flock.report('node-1');
  t.true(log.includes('ask node-0: sent'));
  t.true(log.includes('up node-0'));
  t.true(log.includes('up node-2'));
});

for (const [fault, reason] of [
  ['throw', 'error'],
  ['exit', 'exit'],
  ['out-of-memory', 'oom'],
] as const) {
  test(`an actor that suffers ${fault} is down once, with reason ${reason}, for all`, async (t) => {
    // Not back so soon that its new wire is there before a busy peer has seen the old one close.
    const child = { backoff: { initialMs: 200, maxMs: 200 } };
    // V8 looks for memory to the last, and a busy machine is long about it.
    const flock = await startFlock(t, { size: 3, child, heartbeatTimeoutMs: 60_000 });
    flock.system.inject('node-2', fault);
    await flock.event((event) => event.type === 'up' && event.id === 'node-2');
    await until(() => flock.events.filter((event) => event.type === 'up').length === 4);
    const downs = flock.events.filter((event) => event.type === 'down');
    t.is(downs.length, 1);
    t.like(downs[0], { id: 'node-2', reason });
    for (const watcher of ['node-0', 'node-1']) {
      await until(async () => (await flock.report(watcher)).log.at(-1) === 'up node-2');
      const { log } = await flock.report(watcher);
      t.deepEqual(
        log.filter((line) => line.startsWith('down')),
        [`down node-2 ${reason}`],
      );
      t.true(log.includes('closed node-2'));
    }
  });
}

test('a frozen actor is unresponsive, and up again when it goes on', async (t) => {
  const flock = await startFlock(t, { size: 2, heartbeatTimeoutMs: 400 });
  flock.system.pause('node-1');
  await until(() => flock.system.isFrozen('node-1'));
  await until(() => flock.system.record('node-1').state === 'unresponsive');
  await until(async () => (await flock.report('node-0')).log.at(-1) === 'down node-1 unresponsive');
  flock.system.resume('node-1');
  await until(async () => (await flock.report('node-0')).log.at(-1) === 'up node-1');
  t.is(flock.system.record('node-1').lives, 1);
});

test('an actor that hangs can be killed, and comes back', async (t) => {
  const flock = await startFlock(t, { size: 2, heartbeatTimeoutMs: 1_000 });
  flock.system.inject('node-1', 'hang');
  await flock.event((event) => event.type === 'down' && event.reason === 'unresponsive');
  await flock.system.kill('node-1');
  await until(() => flock.system.record('node-1').state === 'up');
  t.is(flock.system.record('node-1').lives, 2);
});

test('a frozen actor can be killed', async (t) => {
  const flock = await startFlock(t, { size: 2 });
  flock.system.pause('node-1');
  await until(() => flock.system.isFrozen('node-1'));
  await flock.system.kill('node-1');
  await until(() => flock.system.record('node-1').state === 'up');
  t.false(flock.system.isFrozen('node-1'));
});

test('a replica comes back as replica of the master, on its address', async (t) => {
  const flock = await startFlock(t, { size: 2 });
  const { address } = flock.system.record('node-1');
  await flock.system.kill('node-1');
  await until(() => flock.system.record('node-1').lives === 2);
  await until(() => flock.system.record('node-1').state === 'up');
  t.is((await flock.report('node-1')).replicaOf, 1);
  t.deepEqual(flock.system.record('node-1').address, address);
});

test('a dead master waits for the failover, then comes back as a replica', async (t) => {
  const flock = await startFlock(t, { size: 3 });
  await flock.system.kill('node-0');
  await flock.event((event) => event.type === 'waiting-for-failover');
  t.is(flock.system.record('node-0').state, 'down');
  t.is(flock.system.masterId, 'node-0');
  await flock.order('node-2', 'promote');
  await until(() => flock.system.record('node-0').state === 'up');
  t.is(flock.system.masterId, 'node-2');
  t.is((await flock.report('node-0')).replicaOf, 3);
});

test('a master on its own is restarted in place: there is nothing to wipe', async (t) => {
  const flock = await startFlock(t, { size: 1 });
  await flock.system.kill('node-0');
  await until(() => flock.system.record('node-0').state === 'up');
  t.is((await flock.report('node-0')).replicaOf, null);
});

test('an actor that dies again and again is given up', async (t) => {
  const intensity = { maxRestarts: 2, withinMs: 60_000 };
  const flock = await startFlock(t, { size: 2, child: { intensity } });
  for (const life of [1, 2, 3]) {
    await until(() => flock.system.record('node-1').lives === life);
    await until(() => flock.system.record('node-1').state === 'up');
    await flock.system.kill('node-1');
  }
  const event = await flock.event(({ type }) => type === 'given-up');
  t.like(event, { id: 'node-1', why: '2 restarts within 60000 ms' });
  t.is(flock.system.record('node-1').state, 'gone');
  t.throws(() => flock.system.pause('node-1'), { code: 'ACTOR_DOWN' });
});

test('what an actor saves, it finds in its next life', async (t) => {
  const flock = await startFlock(t, { size: 2 });
  t.is((await flock.report('node-1')).saved, null);
  await flock.order('node-1', 'save');
  await flock.system.kill('node-1');
  await until(() => flock.system.record('node-1').lives === 2);
  await until(() => flock.system.record('node-1').state === 'up');
  t.is((await flock.report('node-1')).saved, 'vote 7');
});

test("peers look into a node's memory, and into its new one after a restart", async (t) => {
  // Time enough to look at the dead one's memory before the next life.
  const child = { backoff: { initialMs: 1_000, maxMs: 2_000 } };
  const flock = await startFlock(t, { size: 2, module: await Core.compile(), child });
  await flock.order('node-1', 'mark-memory');
  await flock.order('node-0', 'read-memories');
  t.is((await flock.report('node-0')).log.at(-1), 'memory of node-1: 4711');
  await flock.system.kill('node-1');
  await flock.order('node-0', 'read-memories'); // It outlives its thread…
  t.is((await flock.report('node-0')).log.at(-1), 'memory of node-1: 4711');
  await until(() => flock.system.record('node-1').lives === 2);
  await until(() => flock.system.record('node-1').state === 'up');
  await until(async () => (await flock.report('node-0')).log.at(-1) === 'up node-1');
  await flock.order('node-0', 'read-memories'); // …but the next life begins with a fresh one.
  t.is((await flock.report('node-0')).log.at(-1), 'memory of node-1: 0');
});

test('a partition swallows frames and news, until it is healed', async (t) => {
  const flock = await startFlock(t, { size: 3 });
  flock.system.cut('node-1', 'node-2');
  await flock.order('node-1', 'ask-all');
  await until(async () => (await flock.report('node-0')).log.includes('question from node-1'));
  await flock.system.kill('node-2');
  await until(() => flock.system.record('node-2').lives === 2);
  await until(() => flock.system.record('node-2').state === 'up');
  const { log } = await flock.report('node-1');
  t.true(log.includes('ask node-0: sent'));
  t.true(log.includes('ask node-2: cut'));
  t.false(log.some((line) => line.startsWith('down node-2')));
  t.false((await flock.report('node-2')).log.some((line) => line.includes('node-1')));

  flock.system.heal();
  await until(async () => (await flock.report('node-1')).log.at(-1) === 'up node-2');
  await flock.order('node-1', 'ask-all');
  await until(async () => (await flock.report('node-1')).log.includes('answer from node-2'));
  t.false(flock.system.isCut('node-1', 'node-2'));
});

test('an actor that cannot start says why, and is not tried again', async (t) => {
  const flock = await startFlock(t, { size: 1 });
  await t.throwsAsync(flock.system.start(parrotSpec(1, { 'port-taken': 'yes' })), {
    code: 'ADDRESS_IN_USE',
    message: /127\.0\.0\.1:0 is taken/,
  });
  await t.throwsAsync(flock.system.start(parrotSpec(2, { 'dies-at-start': 'yes' })), {
    code: 'ACTOR_DOWN',
    message: /dies at start/,
  });
  t.is(flock.system.record('node-2').lives, 1);
});

test('an operator can look at an actor and pause it', async (t) => {
  const flock = await startFlock(t, { size: 1 });
  const operator = flock.system.operator('node-0');
  const vitals = await operator.vitals();
  t.true(vitals.heapUsed > 0 && vitals.heapUsed < vitals.heapLimit);
  await operator.pause();
  await until(() => flock.system.isFrozen('node-0'));
  flock.system.resume('node-0');
  await until(() => !flock.system.isFrozen('node-0'));
  t.true((await operator.vitals()).uptimeSeconds > 0);
});

test('after stop nothing runs, whatever state the actors were in', async (t) => {
  const flock = await startFlock(t, { size: 3 });
  flock.system.pause('node-1');
  await until(() => flock.system.isFrozen('node-1'));
  await flock.system.kill('node-0');
  await flock.system.stop();
  for (const record of flock.system.records()) t.is(record.thread, null);
  t.throws(() => flock.system.inject('node-1', 'throw'), { code: 'ACTOR_DOWN' });
  t.throws(() => flock.system.pause('node-9'), { code: 'NO_SUCH_ACTOR', message: /node-2/ });
});

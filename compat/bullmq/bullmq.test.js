// BullMQ, unchanged, against a node and Redis: its queues are Lua scripts over every type there is.
import { FlowProducer, Queue, QueueEvents, Worker } from 'bullmq';
import { describe, expect, test } from 'vitest';

import { SERVERS } from '../applications/servers.js';

/** What a worker does of the jobs below. */
async function work(job) {
  await job.updateProgress(50);
  await job.log('working');
  if (job.name === 'fails') throw new Error('always');
  if (job.name === 'fails once' && job.attemptsMade === 0) throw new Error('once');
  return job.data.n * 2;
}

describe.each(SERVERS)('on %s', (_, start) => {
  test('jobs are done, delayed, tried again, repeated and nested', async () => {
    const server = await start();
    await workThrough({ host: '127.0.0.1', port: server.port, maxRetriesPerRequest: null });
    await server.stop();
  }, 60_000);
});

async function workThrough(connection) {
  const name = 'jobs';
  const queue = new Queue(name, { connection });
  const events = new QueueEvents(name, { connection });
  const flow = new FlowProducer({ connection });
  const worker = new Worker(name, work, { connection, concurrency: 4 });
  for (const each of [queue, events, worker]) each.setMaxListeners(100);
  await events.waitUntilReady();
  const result = (job) => job.waitUntilFinished(events, 20_000);

  const numbers = Array.from({ length: 30 }, (_, n) => n);
  const jobs = await queue.addBulk(numbers.map((n) => ({ name: 'double', data: { n } })));
  expect(await Promise.all(jobs.map(result))).toEqual(numbers.map((n) => 2 * n));
  expect(await queue.getJobLogs(jobs[0].id)).toEqual({ logs: ['working'], count: 1 });

  expect(await result(await queue.add('double', { n: 4 }, { delay: 100 }))).toBe(8);
  const backoff = { type: 'fixed', delay: 50 };
  expect(await result(await queue.add('fails once', { n: 5 }, { attempts: 2, backoff }))).toBe(10);
  await expect(result(await queue.add('fails', { n: 6 }))).rejects.toThrow('always');
  expect(await result(await queue.add('double', { n: 7 }, { priority: 3 }))).toBe(14);

  const child = (n) => ({ name: 'double', queueName: name, data: { n } });
  const { job } = await flow.add({ ...child(10), children: [child(11), child(12)] });
  expect(await result(job)).toBe(20);
  expect(Object.values(await job.getChildrenValues()).toSorted((a, b) => a - b)).toEqual([22, 24]);

  await queue.upsertJobScheduler('tick', { every: 50 }, { name: 'double', data: { n: 1 } });
  await expect.poll(() => queue.getCompletedCount(), { timeout: 10_000 }).toBeGreaterThan(40);
  await queue.removeJobScheduler('tick');
  const options = { deduplication: { id: 'same', ttl: 5000 } };
  const [one, other] = [
    await queue.add('double', { n: 1 }, options),
    await queue.add('double', { n: 1 }, options),
  ];
  expect(one.id).toBe(other.id);

  await queue.pause();
  expect(await queue.isPaused()).toBe(true);
  await queue.resume();
  expect(await queue.getFailedCount()).toBe(1);
  await queue.clean(0, 1000, 'completed');
  await worker.close();
  await queue.obliterate({ force: true });
  for (const each of [events, flow, queue]) await each.close();
}

// Four workers want the same value at once; one computes it. Run: node examples/worker-threads.mjs
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, threadId, workerData } from 'node:worker_threads';
import { Cluster, attach } from 'ringleader';

if (isMainThread) {
  const cluster = await Cluster.start({ replicas: 1, sentinels: 3 });
  const workers = Array.from(
    { length: 4 },
    () => new Worker(fileURLToPath(import.meta.url), { workerData: cluster.handle() }),
  );
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.on('exit', resolve))));
  await cluster.stop();
} else {
  const cache = await attach(workerData, { codec: 'json' });
  const report = await cache.wrap('report', '5m', async () => {
    console.log(`worker ${threadId} computes`); // Once.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { by: threadId };
  });
  console.log(`worker ${threadId} has the report of ${report.by}`);
  cache.close();
}

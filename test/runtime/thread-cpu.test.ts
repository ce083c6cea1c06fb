import test from 'ava';
import { threadCpuSeconds } from '../../src/runtime/thread-cpu.js';

test('work counts, waiting does not', async (t) => {
  const before = threadCpuSeconds();
  if (before === null) {
    t.not(process.platform, 'linux');
    return;
  }
  await new Promise((resolve) => {
    setTimeout(resolve, 100);
  });
  const afterWait = threadCpuSeconds() ?? 0;
  t.true(afterWait - before < 0.09);
  // Kernels update the account at a tick or a switch, so work for several of them.
  while ((threadCpuSeconds() ?? 0) - afterWait < 0.02);
  t.pass();
});

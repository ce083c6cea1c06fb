/** What is measured is watched meanwhile, however long it takes. */
import test from 'ava';
import { until } from '../../support/until.js';
import { type System, whileThere } from '../../../src/lab/bench/system.js';

test.serial('many looks at a system leave no listeners behind', async (t) => {
  let looks = 0;
  const system: System = {
    name: 'a double',
    host: '127.0.0.1',
    port: 1,
    replicas: [],
    async offsets() {
      looks++;
      return [0];
    },
    cpuSeconds: async () => null,
    async clear() {},
    async [Symbol.asyncDispose]() {},
  };
  const warnings: string[] = [];
  const onWarning = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  await whileThere(system, () => until(() => looks >= 30), 1);
  t.deepEqual(warnings, []);
});

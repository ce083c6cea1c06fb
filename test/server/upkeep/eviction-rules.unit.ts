import test from 'ava';
import { evictionRules } from '../../../src/server/upkeep/eviction-rules.js';
import { Config } from '../../../src/config/config.js';
import { loadConfig } from '../../../src/config/load.js';

function budget(tenacity: number): number {
  const config = new Config();
  loadConfig(config, `maxmemory-eviction-tenacity ${tenacity}`);
  return evictionRules(config).budget;
}

test('tenacity: linear to 10, then geometric, without end at 100', (t) => {
  t.deepEqual([0, 1, 10, 11, 99].map(budget), [16, 50, 500, 575, Math.floor(500 * 1.15 ** 89)]);
  t.is(budget(100), Infinity);
});

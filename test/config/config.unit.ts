import test from 'ava';
import { Config } from '../../src/config/config.js';

test('every spelling of every directive is found, and no two directives share one', (t) => {
  const config = new Config();
  const names = config.settings.flatMap((setting) => [setting.name, ...setting.aliases]);
  t.is(new Set(names).size, names.length);
  for (const name of names) t.truthy(config.find(name.toUpperCase()));
});

test('a name without wildcards is answered as it was spelt', (t) => {
  t.deepEqual(new Config().match(['MaxMemory', 'maxmemory']), [['MaxMemory', '0']]);
});

test('a pattern finds each spelling, but no hidden directive', (t) => {
  const config = new Config();
  const names = config.match(['*flow*', '*priority']).map(([name]) => name);
  t.deepEqual(names, ['replica-priority', 'slave-priority']);
  t.deepEqual(config.match(['repl-flow-control']), [['repl-flow-control', 'auto']]);
});

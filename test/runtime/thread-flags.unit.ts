import test from 'ava';

import { threadFlags } from '../../src/runtime/thread-flags.js';

test("a thread gets none of the flags that are about the user's program", (t) => {
  const given = ['--input-type=module', '--import', 'tsx', '-r', './x.cjs', '--import=./y.mjs'];
  t.deepEqual(threadFlags([...given, '--unhandled-rejections=none', '--loader', 'l.mjs'], {}), {
    execArgv: [],
    env: {},
  });
});

test('it gets what helps to see into it, and no flag that a worker refuses', (t) => {
  const given = ['--cpu-prof', '--cpu-prof-dir', 'a b', '--title=x', '--max-old-space-size=99'];
  t.deepEqual(threadFlags([...given, '--enable-source-maps', '--inspect=0'], {}).execArgv, [
    '--cpu-prof',
    '--cpu-prof-dir=a b',
    '--enable-source-maps',
  ]);
});

test('NODE_OPTIONS are read as flags, and the rest of the environment is kept', (t) => {
  const NODE_OPTIONS = '--import tsx --cpu-prof-dir="a b\\"c" --no-warnings';
  t.deepEqual(threadFlags(['--trace-exit'], { NODE_OPTIONS, TZ: 'UTC' }), {
    execArgv: ['--cpu-prof-dir=a b"c', '--no-warnings', '--trace-exit'],
    env: { TZ: 'UTC' },
  });
});

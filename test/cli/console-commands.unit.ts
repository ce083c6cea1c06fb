import test from 'ava';

import { completeLine, type Operated, runLine } from '../../src/cli/console-commands.js';

/** A cluster that notes what is asked of it. */
function operated(): { readonly cluster: Operated; readonly asked: string[] } {
  const asked: string[] = [];
  const note =
    (name: string) =>
    (...words: unknown[]): void =>
      void asked.push([name, ...words].join(' '));
  const node = { host: '127.0.0.1', port: 1, offset: 0 };
  const cluster: Operated = {
    masterId: 'node-1',
    nodes: () => [
      { ...node, id: 'node-0', role: 'replica', state: 'frozen' },
      { ...node, id: 'node-1', role: 'master', state: 'up' },
    ],
    sentinels: () => [{ id: 'sentinel-0', host: '127.0.0.1', port: 2, state: 'up' }],
    kill: async (id) => note('kill')(id),
    pause: async (id) => note('pause')(id),
    resume: note('resume'),
    partition: note('partition'),
    heal: note('heal'),
    inject: note('inject'),
    failover: async () => {
      note('failover')();
      return { ...node, id: 'node-0', role: 'master', state: 'up' };
    },
  };
  return { cluster, asked };
}

test('what is typed is done, to the master where none is named', async (t) => {
  const { cluster, asked } = operated();
  const lines = ['kill node-0', ' freeze ', 'kill master', 'cut node-0 sentinel-0', 'heal'];
  for (const line of [...lines, 'failover', 'inject sentinel-0 hang', '']) {
    t.is(await runLine(cluster, line), '', line);
  }
  t.deepEqual(asked, [
    'kill node-0',
    'pause node-1',
    'kill node-1',
    'partition node-0 sentinel-0',
    'resume node-0',
    'heal',
    'failover',
    'inject sentinel-0 hang',
  ]);
  t.is(await runLine(cluster, 'quit'), null);
  t.regex((await runLine(cluster, 'nodes'))!, /node-1 .*master/);
  t.regex((await runLine(cluster, 'help'))!, /^ {2}kill \[id\] +\S/m);
});

test('what makes no sense is answered with what does, and nothing is done', async (t) => {
  const { cluster, asked } = operated();
  t.is(await runLine(cluster, 'explode'), 'there is no explode here; help lists what there is');
  t.is(await runLine(cluster, 'cut node-0'), 'it is typed so: cut <id> <id>');
  t.is(await runLine(cluster, 'failover now'), 'it is typed so: failover');
  t.is(
    await runLine(cluster, 'kill node-9'),
    'there is no node-9; there are master, node-0, node-1, sentinel-0',
  );
  t.deepEqual(asked, []);
});

test('the tab key completes commands, ids and faults', (t) => {
  const { cluster } = operated();
  t.deepEqual(completeLine(cluster, 'fr'), [['freeze '], 'fr']);
  t.deepEqual(completeLine(cluster, 'kill no'), [['node-0', 'node-1'], 'no']);
  t.deepEqual(completeLine(cluster, 'kill s'), [['sentinel-0 '], 's']);
  t.deepEqual(completeLine(cluster, 'inject node-0 h'), [['hang '], 'h']);
  t.deepEqual(completeLine(cluster, 'failover '), [[], '']);
  t.true(completeLine(cluster, '')[0].includes('heal'));
});

/** A candidate of a strict cluster that takes what a joiner has more. */
import ava from 'ava';
import { SimulatedNodes } from '../simulated-nodes.js';

const test = ava.serial;

test('while it follows the joiner it serves no data, as before and after', async (t) => {
  const cluster = await SimulatedNodes.start(2, { strict: true, nodes: 3 });
  const [master, ahead, behind] = [cluster.node(0), cluster.node(1), cluster.node(2)];
  master.ask('SET', 'a', '1');
  await cluster.settle();
  cluster.cut(master, behind);
  const asked = master.ask('SET', 'a', '2');
  await cluster.settle();
  t.is(asked.replies, '+OK\r\n');
  master.kill();
  behind.promote({ fence: false });

  const refused = /^-NOREPLICAS strict: /;
  t.regex(behind.ask('GET', 'a').replies, refused);
  ahead.follow(behind);
  await cluster.until(() => behind.replicator.role() === 'replica');
  t.regex(behind.ask('GET', 'a').replies, refused);
  t.regex(behind.ask('SET', 'a', '3').replies, /^-(NOREPLICAS|READONLY) /);
  t.true(ahead.ask('GET', 'a').replies.endsWith('2\r\n')); // A replica's are as fresh as it is.
  await cluster.until(() => behind.info('strict_established') === '1');
  await cluster.settle();
  const read = behind.ask('GET', 'a');
  await cluster.settle();
  t.is(read.replies, '$1\r\n2\r\n');
});

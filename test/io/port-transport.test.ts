import test from 'ava';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { ReplyParser } from '../../src/resp/parse.js';
import type { Reply } from '../../src/resp/reply.js';
import { LoneNode } from '../support/lone-node.js';
import { plain } from '../support/resp-client.js';
import { until } from '../support/until.js';

function listenTo(port: MessagePort): Reply[] {
  const replies: Reply[] = [];
  const parser = new ReplyParser();
  port.on('message', (bytes: Uint8Array) => replies.push(...parser.feed(bytes)));
  return replies;
}

test('a client in the process is served as one on TCP is', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const { port1, port2 } = new MessageChannel();
  node.attach(port1, 'sentinel-0');
  const replies = listenTo(port2);
  port2.postMessage(encodeCommand(['SET', 'a', 'b']));
  port2.postMessage(Buffer.from('GET a\r\nCLIENT INFO\r\n'));
  await until(() => replies.length === 3);
  t.is(plain(replies[0] ?? null), '+OK');
  t.is(plain(replies[1] ?? null), 'b');
  t.regex(String(plain(replies[2] ?? null)), /addr=in-process:sentinel-0 /);
  port2.close();
  await until(() => node.services.clients.size === 0);
});

test('what arrives while a client is blocked is run in order afterwards', async (t) => {
  const waits: ((count: number) => void)[] = [];
  const node = await LoneNode.start({
    replication: {
      wait: () =>
        new Promise((resolve) => {
          waits.push(resolve);
        }),
    },
  });
  t.teardown(() => node.stop());
  const { port1, port2 } = new MessageChannel();
  node.attach(port1, 'client');
  const replies = listenTo(port2);
  for (const line of ['WAIT 1 0', 'SET a 1', 'INCR a', 'ECHO last']) {
    port2.postMessage(Buffer.from(`${line}\r\n`));
  }
  await until(() => node.services.clients.blockedCount === 1);
  t.is(replies.length, 0);
  waits[0]?.(1);
  await until(() => replies.length === 4);
  t.deepEqual(replies.map(plain), [1, '+OK', 2, 'last']);
  port2.close();
});

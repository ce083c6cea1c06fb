/** What is learnt from a sentinel, in whatever order its two connections bring it. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';

import { idOf } from '../../src/cluster/remote/remote-source.js';
import { SentinelFinder } from '../../src/cluster/remote/sentinel-finder.js';
import { encodeCommand } from '../../src/resp/encode-command.js';
import { until } from '../support/until.js';

/** A sentinel that answers when it is told to. */
interface ScriptedSentinel {
  readonly port: number;
  /** Whether somebody waits to be told the master. */
  readonly isAsked: boolean;
  /** Tell all that wait. */
  answer(master: number): void;
  /** Tell all that listen. */
  publish(channel: string, payload: string): void;
}

async function startSentinel(t: ExecutionContext): Promise<ScriptedSentinel> {
  const waiting = new Set<Socket>();
  const listeners = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('close', () => listeners.delete(socket));
    socket.on('data', (bytes) => {
      const asked = bytes.toString();
      if (asked.includes('PSUBSCRIBE')) listeners.add(socket);
      else if (asked.includes('GET-MASTER-ADDR-BY-NAME')) waiting.add(socket);
      else socket.write('*0\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return {
    port: Object(server.address()).port,
    get isAsked() {
      return waiting.size > 0;
    },
    answer(master) {
      for (const socket of waiting) socket.write(encodeCommand(['127.0.0.1', String(master)]));
      waiting.clear();
    },
    publish(channel, payload) {
      const message = encodeCommand(['pmessage', '*', channel, payload]);
      for (const socket of listeners) socket.write(message);
    },
  };
}

test('an answer that is older than the news of a switch is not believed', async (t) => {
  const sentinel = await startSentinel(t);
  const masters: string[] = [];
  const heard: string[] = [];
  const finder = new SentinelFinder({
    sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
    name: 'm',
    auth: [],
    tls: null,
    onMaster: (address) => masters.push(idOf(address)),
    onMessage: (_sentinel, channel) => heard.push(channel),
  });
  t.teardown(() => finder.close());
  const begun = finder.begin(20_000);
  await until(() => sentinel.isAsked);
  sentinel.answer(1);
  await begun;

  await until(() => sentinel.isAsked);
  sentinel.publish('+switch-master', 'm 127.0.0.1 1 127.0.0.1 2');
  await until(() => heard.length === 1);
  sentinel.answer(1);
  await until(() => sentinel.isAsked);
  t.deepEqual(masters, ['127.0.0.1:1', '127.0.0.1:2']);

  sentinel.publish('+switch-master', 'other 127.0.0.1 1 127.0.0.1 9');
  await until(() => heard.length === 2);
  sentinel.answer(3);
  await until(() => sentinel.isAsked);
  t.deepEqual(masters, ['127.0.0.1:1', '127.0.0.1:2', '127.0.0.1:3']);
  sentinel.answer(3);
});

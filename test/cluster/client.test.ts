import test from 'ava';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

import { Client, type ClientOptions } from '../../src/cluster/client.js';
import { replyBytes } from '../../src/resp/encode.js';
import { reply, type Reply } from '../../src/resp/reply.js';
import { RequestParser } from '../../src/resp/request.js';
import { realClock } from '../../src/io/clock.js';
import { until } from '../runtime/fixtures/flock.js';

type Answer = (args: string[], port: MessagePort) => Reply | null;

const echo: Answer = (args) => reply.bulk(args.join());

/** A master in the test's hands: what reaches it, and how it answers. */
function setUp(options: ClientOptions = {}) {
  const messages: string[][] = [];
  let answer: Answer = echo;
  let id: string | null = 'a';
  const listeners = new Set<(to: string) => void>();
  const ports: MessagePort[] = [];
  const source = {
    connect: () => {
      if (id === null) return null;
      const { port1, port2 } = new MessageChannel();
      ports.push(port2);
      const parser = new RequestParser();
      port2.on('message', (bytes: Uint8Array) => {
        const commands = parser.feed(bytes).commands.map((args) => args.map(String));
        messages.push(commands.map((args) => args.join(' ')));
        for (const args of commands) {
          const value = answer(args, port2);
          if (value !== null) port2.postMessage(new Uint8Array(replyBytes(value, 2)));
        }
      });
      return { id, port: port1 };
    },
    onChange: (callback: (to: string) => void) => {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
  };
  const client = new Client(source, realClock, options);
  return {
    client,
    messages,
    answer: (how: Answer) => (answer = how),
    /** Another node is master, or none. */
    master: (to: string | null) => {
      id = to;
      if (to !== null) for (const listener of listeners) listener(to);
    },
    close: () => {
      client.close();
      for (const port of ports) port.close();
    },
  };
}

test('what is issued in one turn leaves as one message, and is answered in order', async (t) => {
  const { client, messages, close } = setUp();
  t.deepEqual(await Promise.all([client.call('A'), client.call('B', 2), client.call('C', 3n)]), [
    'A',
    'B,2',
    'C,3',
  ]);
  await client.call('D');
  t.deepEqual(messages, [['A', 'B 2', 'C 3'], ['D']]);
  close();
});

test('the everyday commands', async (t) => {
  const { client, messages, answer, close } = setUp({ password: 'secret' });
  const replies: Record<string, Reply> = {
    AUTH: reply.ok,
    SET: reply.ok,
    GET: reply.bulk(Buffer.from('wörld')),
    DEL: reply.integer(2),
    INCR: reply.integer(8),
    MIXED: reply.array([
      reply.null,
      reply.integer(1),
      reply.error('ERR in it'),
      reply.bulks(['x']),
    ]),
  };
  answer(([name]) => replies[name ?? ''] ?? reply.null);
  await client.set('k', 'wörld', { ttl: 1_500 });
  t.is(await client.get('k'), 'wörld');
  t.is(await client.del('k', 'l'), 2);
  t.is(await client.incr('n'), 8);
  t.like(await client.call('MIXED'), { 0: null, 1: 1, 2: { message: 'ERR in it' }, 3: ['x'] });
  t.deepEqual(messages[0], ['AUTH secret', 'SET k wörld PX 1500']);
  close();
});

test('a refusal is rejected with the text of the node', async (t) => {
  const { client, answer, close } = setUp();
  answer(() => reply.error('WRONGTYPE Operation against…'));
  await t.throwsAsync(client.incr('list'), { name: 'ReplyError', message: /^WRONGTYPE/ });
  close();
});

test('READONLY: not executed, so it goes to the next master', async (t) => {
  const { client, messages, answer, master, close } = setUp();
  answer(() => reply.error("READONLY You can't write against a read only replica."));
  const value = client.call('SET', 'a', '1');
  await until(() => messages.length >= 2); // Asked again while nothing has changed…
  answer(() => reply.ok);
  master('b'); // …and of the new master at once.
  t.is(await value, 'OK');
  close();
});

test('no master: kept until there is one, in order', async (t) => {
  const { client, messages, master, close } = setUp();
  master(null);
  const values = Promise.all([client.call('A'), client.call('B')]);
  const later = client.call('C');
  master('b');
  t.deepEqual([await values, await later], [['A', 'B'], 'C']);
  t.deepEqual(messages.flat(), ['A', 'B', 'C']);
  close();
});

test('no master for too long: NO_MASTER', async (t) => {
  const { client, master, close } = setUp({ retryForMs: 20 });
  master(null);
  await t.throwsAsync(client.call('A'), { code: 'NO_MASTER', message: /^no node has taken A/ });
  close();
});

test('lost after it left: it may have been executed, so it is not repeated', async (t) => {
  const { client, messages, answer, close } = setUp();
  answer((_args, port) => {
    port.close();
    return null;
  });
  await t.throwsAsync(client.call('INCR', 'n'), { code: 'CONNECTION_LOST', message: /^INCR/ });
  answer(() => reply.integer(1));
  t.is(await client.incr('n'), 1);
  // The node that the connection was lost to has to show that it lives first.
  t.deepEqual(messages, [['INCR n'], ['PING'], ['INCR n']]);
  close();
});

test('after a loss, what comes next waits a moment rather than be lost as well', async (t) => {
  const { client, messages, answer, master, close } = setUp();
  answer((_args, port) => {
    port.close(); // As a thread that is ending: every connection to it closes.
    return null;
  });
  await t.throwsAsync(client.call('A'), { code: 'CONNECTION_LOST' });
  const value = client.call('B');
  answer(() => reply.ok);
  master('b'); // Announced: no reason to wait any longer.
  t.is(await value, 'OK');
  t.deepEqual(messages, [['A'], ['B']]);
  close();
});

test('a frozen master: what it owes is given up when another takes over', async (t) => {
  const { client, answer, master, close } = setUp();
  let asked = false;
  answer(() => {
    asked = true;
    return null;
  });
  const owed = client.call('INCR', 'n');
  await until(() => asked);
  answer(() => reply.integer(7));
  master('b');
  await t.throwsAsync(owed, { code: 'CONNECTION_LOST' });
  t.is(await client.incr('n'), 7);
  close();
});

test('bytes that are not RESP end the connection, not the client', async (t) => {
  const { client, answer, close } = setUp();
  answer((_args, port) => {
    port.postMessage(Buffer.from('?!\r\n'));
    return null;
  });
  await t.throwsAsync(client.call('A'), { code: 'CONNECTION_LOST' });
  answer(() => reply.ok);
  t.is(await client.call('B'), 'OK');
  close();
});

test('closing rejects what is under way and what comes after', async (t) => {
  const { client, answer, close } = setUp();
  answer(() => null);
  const underWay = client.call('A');
  close();
  await t.throwsAsync(underWay, { code: 'CLOSED' });
  await t.throwsAsync(client.call('B'), { code: 'CLOSED' });
});

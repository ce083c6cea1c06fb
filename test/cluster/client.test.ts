import test from 'ava';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

import { Client } from '../../src/cluster/client/client.js';
import type { ClientOptions } from '../../src/cluster/client/client-options.js';
import { replyBytes } from '../../src/resp/encode.js';
import { reply, type Reply } from '../../src/resp/reply.js';
import { RequestParser } from '../../src/resp/request.js';
import { realClock } from '../../src/io/clock.js';
import { until } from '../support/until.js';

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
  t.deepEqual(messages.slice(0, 2), [['AUTH secret', 'PING'], ['SET k wörld PX 1500']]);
  close();
});

test('a refusal is rejected with the text of the node', async (t) => {
  const { client, answer, close } = setUp();
  answer(() => reply.error('WRONGTYPE Operation against…'));
  await t.throwsAsync(client.incr('list'), { name: 'ReplyError', message: /^WRONGTYPE/ });
  close();
});

test('nothing is executed by a node that does not let us in; one that is loading is asked again', async (t) => {
  const { client, messages, answer, close } = setUp({ password: 'wrong' });
  answer(([name]) => (name === 'AUTH' ? reply.error('WRONGPASS no') : reply.ok));
  const refused = { name: 'ReplyError', message: 'WRONGPASS no' };
  const both = [client.call('A'), client.call('B')];
  for (const one of both) await t.throwsAsync(one, refused);
  answer(([name]) => (name === 'AUTH' ? reply.error('LOADING wait') : reply.ok));
  const later = client.call('C');
  await until(() => messages.length >= 3);
  answer(() => reply.ok);
  t.is(await later, 'OK');
  t.deepEqual(
    messages.flat().filter((text) => text.length === 1),
    ['C'],
  );
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

test("what is sent and not answered has a deadline; a late reply is nobody else's", async (t) => {
  const { client, messages, answer, close } = setUp({ retryForMs: 500 });
  answer(() => null);
  const calls: [string, () => Promise<unknown>][] = [
    ['GET was sent', () => client.get('a')],
    ['SET was sent', () => client.set('a', 1)],
    ['DEL was sent', () => client.del('a')],
    ['INCR was sent', () => client.incr('a')],
    ['A was sent', () => client.call('A')],
    ['a transaction of 1 commands was sent', () => client.multi([['A']])],
  ];
  await Promise.all(
    calls.map(([text, call]) =>
      t.throwsAsync(call(), { code: 'TIMEOUT', message: new RegExp(`^${text}`) }, text),
    ),
  );
  // All that was owed is paid before the next one's reply.
  const owed = messages.flat();
  answer((args, port) => {
    for (const late of owed.splice(0)) {
      port.postMessage(new Uint8Array(replyBytes(reply.bulk(late), 2)));
    }
    return reply.bulk(args.join());
  });
  t.is(await client.call('B'), 'B');
  answer(() => null);
  await Promise.all([
    t.throwsAsync(client.session(), { code: 'NO_MASTER' }),
    t.throwsAsync(
      client.subscribe('a', () => {}),
      { code: 'NO_MASTER' },
    ),
  ]);
  close();
});

test('many keys are deleted in several steps, as an array or as arguments', async (t) => {
  const { client, messages, answer, close } = setUp();
  answer((args) => reply.integer(args.length - 1));
  const keys = Array.from({ length: 50_000 }, (_, i) => `${i}`);
  t.is(await client.del(keys), 50_000);
  t.is(await client.del(...keys), 50_000);
  t.is(await client.del('a', ['b', 'c'], Buffer.from('d')), 4);
  t.is(await client.del([]), 0);
  t.is(await client.call('A', ...keys), 50_000);
  const sent = new Set(messages.flat().flatMap((command) => command.split(' ')));
  t.is(sent.size, keys.length + 6); // DEL, A, a, b, c and d.
  const longest = messages.flat().filter((command) => command.startsWith('DEL'));
  t.true(longest.every((command) => command.split(' ').length <= 10_001));
  close();
});

test('a transaction leaves as one message, and goes to the next master if it was refused', async (t) => {
  const { client, messages, answer, master, close } = setUp();
  answer(([name]) =>
    name === 'EXEC'
      ? reply.error('EXECABORT Transaction discarded because of previous errors.')
      : name === 'MULTI'
        ? reply.ok
        : reply.error("READONLY You can't write against a read only replica."),
  );
  const value = client.multi([
    ['SET', 'a', 1],
    ['INCR', 'a'],
  ]);
  const between = client.call('A').catch(() => {});
  await until(() => messages.length >= 2);
  answer(([name]) => {
    if (name === 'EXEC') return reply.array([reply.ok, reply.integer(2)]);
    return name === 'MULTI' ? reply.ok : reply.simple('QUEUED');
  });
  master('b');
  t.deepEqual(await value, ['OK', 2]);
  await between;
  for (const message of messages.filter((each) => each[0] === 'MULTI')) {
    t.deepEqual(message.slice(0, 4), ['MULTI', 'SET a 1', 'INCR a', 'EXEC']);
  }
  close();
});

test('what a transaction was refused for is said, not that EXEC was', async (t) => {
  const { client, answer, close } = setUp();
  answer(([name]) => {
    if (name === 'EXEC') return reply.error('EXECABORT Transaction discarded');
    return name === 'NOPE' ? reply.error('ERR unknown command') : reply.ok;
  });
  await t.throwsAsync(client.multi([['A'], ['NOPE']]), { message: 'ERR unknown command' });
  close();
});

test('what is no command, argument or option is refused before it is sent', async (t) => {
  const { client, messages, close } = setUp();
  const refused: [() => Promise<unknown>, RegExp][] = [
    // @ts-expect-error -- nothing to send
    [() => client.call(), /a command: its name; got nothing/],
    [() => client.request(), /cannot send nothing/],
    // @ts-expect-error -- an array is no name
    [() => client.call(['GET', 'a']), /a command: its name; got an array/],
    // @ts-expect-error -- no key
    [() => client.get(), /argument 1 of GET: .*got undefined/],
    // @ts-expect-error -- null is no key
    [() => client.incr(null), /argument 1 of INCR: .*got null/],
    // @ts-expect-error -- an object is no value
    [() => client.set('k', { x: 1 }), /argument 2 of SET: .*got an object/],
    // @ts-expect-error -- nothing is no value
    [() => client.set('k', undefined), /argument 2 of SET: .*got undefined/],
    // @ts-expect-error -- a boolean is no value
    [() => client.call('SET', 'k', true), /argument 2 of SET: .*got a boolean/],
    [() => client.set('k', Number.NaN), /argument 2 of SET: .*got NaN/],
    [() => client.set('k', new Uint8Array(2 ** 29 + 1)), /argument 2 of SET: .*; got 513 MB/],
    // @ts-expect-error -- no such option
    [() => client.set('k', 'v', { EX: 5 }), /no option EX of set\(\); there are ttl/],
    // @ts-expect-error -- ms alone are no options
    [() => client.set('k', 'v', 5000), /the options of set\(\): an object \{ ttl \}; got 5000/],
    [() => client.set('k', 'v', { ttl: 1.5 }), /ttl: a whole number of ms/],
    [() => client.set('k', 'v', { ttl: 0 }), /ttl: a whole number of ms/],
    [() => client.del(), /at least one key/],
    // @ts-expect-error -- a number is no key
    [() => client.del(5), /a key: a string, bytes/],
    // @ts-expect-error -- a command is an array
    [() => client.multi(['SET']), /command 0 of a transaction: an array/],
    // @ts-expect-error -- commands are an array
    [() => client.multi('SET'), /a transaction: an array of commands/],
    // @ts-expect-error -- nothing is read before it
    [() => client.multi([['A']], { watch: ['k'] }), /watch: with a function/],
    // @ts-expect-error -- nothing is watched
    [() => client.multi(() => []), /watch: an array of the keys/],
    // @ts-expect-error -- no listener
    [() => client.subscribe('a'), /the listener of subscribe\(\): a function/],
    [() => client.subscribe([], () => {}), /at least one channel or pattern/],
    // @ts-expect-error -- no such field
    [() => client.subscribe({ pattern: 'a*' }, () => {}), /no option pattern of subscribe\(\)/],
  ];
  for (const [call, message] of refused) {
    await t.throwsAsync(async () => call(), { code: 'CONFIG_INVALID', message }, String(message));
  }
  t.deepEqual(messages, []);
  close();
});

test('what would make all callers wait is refused, but in a transaction, where nothing waits', async (t) => {
  const { client, messages, close } = setUp();
  const waiting = [
    ...'BLPOP brpop BLMOVE BRPOPLPUSH BLMPOP BZPOPMIN BZPOPMAX bzmpop'
      .split(' ')
      .map((name) => [name, 'k', '0'] as const),
    ['XREAD', 'COUNT', 1, 'block', 0, 'STREAMS', 's', '$'],
    ['xreadgroup', 'GROUP', 'g', 'me', 'BLOCK', 5, 'STREAMS', 's', '>'],
  ] as const;
  for (const [name, ...args] of waiting) {
    await t.throwsAsync(client.call(name, ...args), {
      code: 'CONFIG_INVALID',
      message: /all of its callers would wait; client\.session\(\)/,
    });
  }
  t.deepEqual(messages, []);
  await client.call('XREAD', 'STREAMS', 'BLOCK', 0); // A key of that name.
  await client.multi([['BLPOP', 'k', 0]]);
  t.deepEqual(messages, [['XREAD STREAMS BLOCK 0'], ['MULTI', 'BLPOP k 0', 'EXEC']]);
  close();
});

test('what would change a shared connection is refused, in any case, with what to use', async (t) => {
  const { client, messages, close } = setUp();
  const elsewhere: [string, RegExp][] = [
    ['MULTI EXEC DISCARD WATCH UNWATCH', /client\.multi\(.*client\.session\(\)/],
    ['SELECT AUTH HELLO RESET WAIT READONLY READWRITE ASKING', /client\.session\(\)/],
    ['SUBSCRIBE PSUBSCRIBE SSUBSCRIBE', /client\.subscribe\(\)/],
    ['UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE', /client\.subscribe\(\)/],
    ['MONITOR SYNC PSYNC REPLCONF', /socket of a node/],
    ['QUIT', /close\(\)/],
  ];
  for (const [names, message] of elsewhere) {
    for (const name of names.split(' ')) {
      for (const spelt of [name, name.toLowerCase()]) {
        await t.throwsAsync(client.call(spelt, 'x'), { code: 'CONFIG_INVALID', message }, spelt);
        await t.throwsAsync(client.multi([['A'], [spelt, 'x']]), { code: 'CONFIG_INVALID' }, spelt);
      }
    }
  }
  for (const sub of 'reply SETNAME setinfo NO-EVICT NO-TOUCH TRACKING CACHING'.split(' ')) {
    await t.throwsAsync(client.call('client', sub, 'x'), { code: 'CONFIG_INVALID' }, sub);
  }
  t.is(await client.call('CLIENT', 'LIST'), 'CLIENT,LIST');
  t.deepEqual(messages, [['CLIENT LIST']]);
  close();
});

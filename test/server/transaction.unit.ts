/** What other nodes see of a transaction: all of it, or nothing. */
import test from 'ava';
import { Client, NO_OUTPUT } from '../../src/server/client.js';
import { FencedSignal } from '../../src/server/dispatch.js';
import { ownFlags } from '../../src/server/gate.js';
import { Transaction } from '../../src/server/queued.js';
import type { CommandSpec } from '../../src/commands/spec.js';
import { RING_BASE } from '../../src/core/assembly/layout.js';
import { RequestParser } from '../../src/resp/request.js';
import { reply } from '../../src/resp/reply.js';
import { LoneNode } from '../support/lone-node.js';
import { fence } from '../../src/backlog/fence.js';

/** A client in the middle of `MULTI`. Each step is a command, or what is done in its place. */
function begin(
  node: LoneNode,
  steps: readonly (string | (() => void))[],
  send: (bytes: Uint8Array) => void = () => {},
): Client {
  const client = new Client(9, { ...NO_OUTPUT, send }, 0, true);
  client.transaction = new Transaction();
  for (const step of steps) {
    if (typeof step === 'string') {
      const args = step.split(' ').map((word) => Buffer.from(word));
      const resolved = node.services.commands.resolve(args);
      client.transaction.add(resolved, args, ownFlags(resolved.spec));
    } else {
      const spec: CommandSpec = { ...probe, run: () => (step(), reply.ok) };
      client.transaction.add({ spec }, [Buffer.from('probe')], ownFlags(spec));
    }
  }
  return client;
}

const probe = {
  name: 'probe',
  group: 'server',
  since: '1.0.0',
  summary: 'A step of a test',
  complexity: 'O(1)',
  arity: 1,
  flags: ['readonly'],
  acl: [],
} as const satisfies CommandSpec;

function stream({ core }: LoneNode): string[] {
  const bytes = core.copyOut(core.readU32(RING_BASE), core.head());
  return new RequestParser().feed(bytes).commands.map((command) => command.join(' '));
}

test('nothing of a transaction is published before all of it is', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const heads: number[] = [];
  const look = (): void => void heads.push(node.core.head());
  const steps = ['SET a 1', look, 'RENAME a b', look, 'INCR n', look];
  node.services.transactions.exec(begin(node, steps));
  t.deepEqual(heads, [0, 0, 0]);
  t.deepEqual(stream(node), ['SELECT 0', 'MULTI', 'SET a 1', 'RENAME a b', 'INCR n', 'EXEC']);
  node.services.transactions.exec(begin(node, ['GET a', 'SET a 2']));
  t.is(stream(node).at(-1), 'SET a 2');
});

test('a fence that comes in the middle voids all of it', async (t) => {
  for (const fenceAt of [1, 2, 3]) {
    const node = await LoneNode.start();
    t.teardown(() => node.stop());
    const { memory } = node.core;
    const steps: (string | (() => void))[] = ['SET a 1', 'RENAME a b', 'INCR n'];
    steps.splice(fenceAt, 0, () => void fence(memory, 3));
    t.throws(() => node.services.transactions.exec(begin(node, steps)), {
      instanceOf: FencedSignal,
    });
    t.is(node.core.head(), 0);
    t.true(node.core.diverged);
    node.core.unfence();
    t.true(node.core.publish());
    t.is(node.core.head(), 0, 'nothing that was void is published later');
  }
});

test('what stands before a change of role is published before it', async (t) => {
  let role: 'master' | 'replica' = 'master';
  const node: LoneNode = await LoneNode.start({
    replication: {
      role: () => role,
      appends: () => role === 'master',
    },
    roles: {
      replicaOf() {
        role = 'replica';
        heads.push(node.core.head());
      },
    },
  });
  t.teardown(() => node.stop());
  const heads: number[] = [];
  const steps = ['SET a 1', 'SET b 2', 'REPLICAOF localhost 1', 'PUBLISH a b', 'PUBLISH c d'];
  node.services.transactions.exec(begin(node, steps));
  t.deepEqual(heads, [node.core.head()]);
  t.deepEqual(stream(node), ['SELECT 0', 'MULTI', 'SET a 1', 'SET b 2', 'EXEC']);
});

test('SELECT stands before MULTI, in the database of the first write', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const steps = ['SELECT 3', 'GET a', 'SET a 1', 'SELECT 5', 'SET b 2', 'SELECT 7'];
  node.services.transactions.exec(begin(node, steps));
  const expected = ['SELECT 3', 'MULTI', 'SET a 1', 'SELECT 5', 'SET b 2', 'EXEC'];
  t.deepEqual(stream(node), expected);
  node.services.transactions.exec(begin(node, ['SELECT 99', 'SET c 1', 'SET d 2']));
  t.deepEqual(stream(node).slice(6), ['SELECT 0', 'MULTI', 'SET c 1', 'SET d 2', 'EXEC']);
});

test('commands of the core between others run in order, short or long, each answered', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const long = 'x'.repeat(50_000);
  const steps = [
    ...Array.from({ length: 40 }, (_, index) => `APPEND a ${index},`),
    'PING between',
    `SET long ${long}`,
    'STRLEN long',
    `SET longer ${long}${long}`,
    'INCR a',
    'STRLEN longer',
    'GET a',
  ];
  let text = '';
  const client = begin(node, steps, (bytes) => (text += Buffer.from(bytes).toString()));
  t.is(node.services.transactions.exec(client), null);
  let appended = '';
  const lengths = Array.from({ length: 40 }, (_, index) => (appended += `${index},`).length);
  t.is(
    text,
    `*47\r\n${lengths.map((length) => `:${length}\r\n`).join('')}$7\r\nbetween\r\n+OK\r\n:50000\r\n+OK\r\n` +
      `-ERR value is not an integer or out of range\r\n:100000\r\n$${appended.length}\r\n${appended}\r\n`,
  );
});

/** What other nodes see of a transaction: all of it, or nothing. */
import test from 'ava';
import { Client } from '../../src/commands/client.js';
import { FencedSignal } from '../../src/commands/dispatch.js';
import type { CommandSpec } from '../../src/commands/spec.js';
import { runTransaction } from '../../src/commands/transaction.js';
import { RING_BASE } from '../../src/core/assembly/layout.js';
import { Core } from '../../src/core/core.js';
import { RequestParser } from '../../src/resp/request.js';
import { reply } from '../../src/resp/reply.js';
import { LoneNode } from '../support/lone-node.js';

/** A client in the middle of `MULTI`. Each step is a command, or what is done in its place. */
function begin(node: LoneNode, steps: readonly (string | (() => void))[]): Client {
  const output = {
    remoteAddress: '',
    localAddress: '',
    outputBytes: 0,
    inputBytes: 0,
    argumentBytes: 0,
  };
  const client = new Client(9, { ...output, send() {}, kill() {}, cron() {} }, 0, true);
  const queue = steps.map((step) => {
    if (typeof step === 'string') {
      const args = step.split(' ').map((word) => Buffer.from(word));
      return { ...node.services.commands.resolve(args), args };
    }
    const spec: CommandSpec = { ...probe, run: () => (step(), reply.ok) };
    return { spec, args: [Buffer.from('probe')] };
  });
  client.transaction = { queue, failed: false };
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
  runTransaction(node.services, begin(node, steps));
  t.deepEqual(heads, [0, 0, 0]);
  t.deepEqual(stream(node), ['SELECT 0', 'MULTI', 'SET a 1', 'RENAME a b', 'INCR n', 'EXEC']);
  runTransaction(node.services, begin(node, ['GET a', 'SET a 2']));
  t.is(stream(node).at(-1), 'SET a 2');
});

test('a fence that comes in the middle voids all of it', async (t) => {
  for (const fenceAt of [1, 2, 3]) {
    const node = await LoneNode.start();
    t.teardown(() => node.stop());
    const { memory } = node.core;
    const steps: (string | (() => void))[] = ['SET a 1', 'RENAME a b', 'INCR n'];
    steps.splice(fenceAt, 0, () => void Core.fence(memory, 3));
    t.throws(() => runTransaction(node.services, begin(node, steps)), { instanceOf: FencedSignal });
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
      replicaOf() {
        role = 'replica';
        heads.push(node.core.head());
      },
    },
  });
  t.teardown(() => node.stop());
  const heads: number[] = [];
  const steps = ['SET a 1', 'SET b 2', 'REPLICAOF localhost 1', 'PUBLISH a b', 'PUBLISH c d'];
  runTransaction(node.services, begin(node, steps));
  t.deepEqual(heads, [node.core.head()]);
  t.deepEqual(stream(node), ['SELECT 0', 'MULTI', 'SET a 1', 'SET b 2', 'EXEC']);
});

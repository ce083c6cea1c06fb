import test from 'ava';
import type { BlockedOnKeys, CommandSpec, RawReply } from '../../src/commands/spec.js';
import { type Reply, ReplyError, reply } from '../../src/resp/reply.js';
import { BlockedClients } from '../../src/server/blocked-clients.js';
import { Client, NO_OUTPUT } from '../../src/server/client.js';
import type { Execution } from '../../src/server/dispatch.js';
import type { Waiter } from '../../src/server/waiter.js';

/** A node with one database of lists, in which only lengths matter. */
class Stage {
  readonly lists = new Map<string, number>();
  readonly types = new Map<string, string>();
  readonly appended: string[] = [];
  readonly answers: string[] = [];
  readonly timers: { ms: number; task: () => void; off: boolean }[] = [];
  awaited = 0;
  #ready: { db: number; key: Buffer }[] = [];
  lost = false;
  readonly blocked: BlockedClients;
  #clients = 0;

  constructor() {
    const typeOf = (key: Buffer): string => {
      const name = key.toString();
      return (this.lists.get(name) ?? 0) > 0 ? 'list' : (this.types.get(name) ?? 'none');
    };
    // Of an execution, what serving uses.
    const node = {
      core: {
        awaited: {
          add: () => ++this.awaited,
          remove: () => void this.awaited--,
          hasReady: false,
          takeReady: () => {
            const ready = this.lost ? null : this.#ready;
            this.#ready = [];
            this.lost = false;
            return ready;
          },
        },
        append: (_db: number, args: readonly string[]) => void this.appended.push(args.join(' ')),
        publish: () => true,
        addDirty() {},
        setNow() {},
      },
      keyspace: { db: () => ({ typeOf, isStored: (key: Buffer) => typeOf(key) !== 'none' }) },
      clock: {
        wallMicros: () => 0,
        later: (ms: number, task: () => void) => {
          const timer = { ms, task, off: false };
          this.timers.push(timer);
          return () => {
            timer.off = true;
          };
        },
      },
      replication: { role: () => 'master', appends: () => true, offset: () => 7 },
      scripting: { isBusy: false },
      events: { drain() {} },
      commandStats: { of: () => ({ micros: 0 }) },
      tracking: { begin() {}, settle() {} },
    };
    Object.defineProperty(node.core.awaited, 'hasReady', {
      get: () => this.lost || this.#ready.length > 0,
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- All that serving looks at.
    this.blocked = new BlockedClients(() => node as unknown as Execution);
  }

  /** A client blocks, as BLPOP's does. */
  block(name: string, keys: string[], more: Partial<BlockedOnKeys> = {}): Waiter {
    const client = new Client(++this.#clients, NO_OUTPUT, 0, true);
    const wish: BlockedOnKeys = {
      type: 'blocked-on-keys',
      keys: keys.map((key) => Buffer.from(key)),
      awaits: 'list',
      timeoutMs: 0,
      serve: ({ propagate }, key) => {
        const text = key.toString();
        this.lists.set(text, (this.lists.get(text) ?? 0) - 1);
        propagate('LPOP', key.toString());
        return reply.simple(text);
      },
      ...more,
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The same.
    const spec = { name: 'blpop', flags: ['write'] } as unknown as CommandSpec;
    const waiter: Waiter = {
      client,
      resolved: { spec },
      wish,
      settle: (result: Reply | RawReply) => {
        this.answers.push(`${name}:${'text' in result ? result.text : result.type}`);
        this.blocked.remove(waiter);
      },
    };
    this.blocked.add(waiter);
    return waiter;
  }

  push(key: string, count: number): void {
    this.lists.set(key, (this.lists.get(key) ?? 0) + count);
    this.ready(key);
  }

  ready(key: string): void {
    this.#ready.push({ db: 0, key: Buffer.from(key) });
  }
}

test('clients are served in the order they came, as far as it goes', (t) => {
  const stage = new Stage();
  for (const name of ['a', 'b', 'c']) stage.block(name, ['k']);
  stage.push('k', 2);
  stage.blocked.serve();
  t.deepEqual(stage.answers, ['a:k', 'b:k']);
  t.deepEqual(stage.appended, ['LPOP k', 'LPOP k']);
  t.is(stage.awaited, 1);
  t.true(stage.blocked.active);
});

test('keys are served in the order they became ready, each client by one', (t) => {
  const stage = new Stage();
  stage.block('a', ['x', 'y', 'x']);
  stage.block('b', ['y']);
  t.is(stage.awaited, 3, 'a key named twice counts once');
  stage.push('y', 1);
  stage.push('x', 1);
  stage.push('y', 1);
  stage.blocked.serve();
  t.deepEqual(stage.answers, ['a:y', 'b:y']);
  t.is(stage.lists.get('x'), 1);
  t.is(stage.awaited, 0);
  t.false(stage.blocked.active);
});

test('what serving makes ready is served too', (t) => {
  const stage = new Stage();
  stage.block('mover', ['from'], {
    serve: () => {
      stage.lists.set('from', 0);
      stage.push('to', 1);
      return reply.simple('moved');
    },
  });
  stage.block('taker', ['to']);
  stage.push('from', 1);
  stage.blocked.serve();
  t.deepEqual(stage.answers, ['mover:moved', 'taker:to']);
});

test('a key of another type wakes only who asks what became of it', (t) => {
  const stage = new Stage();
  stage.block('a', ['k']);
  stage.block('reader', ['k'], { awaits: 'stream', gone: () => reply.error('UNBLOCKED gone') });
  stage.types.set('k', 'zset');
  stage.ready('k');
  stage.blocked.serve();
  t.deepEqual(stage.answers, ['reader:UNBLOCKED gone']);
  stage.block('reader', ['k'], { awaits: 'stream', gone: () => reply.error('UNBLOCKED gone') });
  stage.types.delete('k');
  stage.blocked.recheck(1);
  stage.blocked.serve();
  t.is(stage.answers.length, 1, 'another database');
  stage.blocked.recheck(0);
  stage.blocked.serve();
  t.is(stage.answers.length, 2);
});

test('one that there is nothing for waits on, one that is refused is answered', (t) => {
  const stage = new Stage();
  stage.block('patient', ['k'], { serve: () => null });
  stage.block('refused', ['k'], {
    serve() {
      throw new ReplyError('WRONGTYPE');
    },
  });
  stage.block('last', ['k']);
  stage.push('k', 1);
  stage.blocked.serve();
  t.deepEqual(stage.answers, ['refused:WRONGTYPE', 'last:k']);
  t.true(stage.blocked.active);
});

test('a key that could not be noted is found all the same', (t) => {
  const stage = new Stage();
  stage.block('a', ['k']);
  stage.lists.set('k', 1);
  stage.lost = true;
  stage.blocked.serve();
  t.deepEqual(stage.answers, ['a:k']);
});

test('time-outs: in parts, if no timer takes so long; called off by an answer', (t) => {
  const stage = new Stage();
  stage.block('a', ['k'], { timeoutMs: 2 ** 31 + 5 });
  t.is(stage.timers[0]?.ms, 2 ** 31 - 1);
  stage.timers[0]?.task();
  t.is(stage.timers[1]?.ms, 6);
  stage.timers[1]?.task();
  t.deepEqual(stage.answers, ['a:null-array']);
  stage.block('b', ['k'], { timeoutMs: 10 });
  stage.push('k', 1);
  stage.blocked.serve();
  t.true(stage.timers[2]?.off);
});

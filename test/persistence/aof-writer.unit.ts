/** When an append-only file is written and synced, and what becomes of it when the disk says no. */
import test, { type ExecutionContext } from 'ava';
import type { AofFile, AppendOutcome } from '../../src/persistence/aof-disk.js';
import { AofWriter, type AofWriterParts } from '../../src/persistence/aof-writer.js';

const SELECT = '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n';

/** A ring, a file and a clock that the test moves. */
class Bench {
  readonly ring = {
    u8: new Uint8Array(64),
    ringBase: 0,
    ringSize: 64,
    streamDb: 0,
    end: 0,
    head: () => this.ring.end,
    firstOffset: () => Math.max(0, this.ring.end - this.ring.ringSize),
    resizeRing: () => false,
  };
  written = '';
  history: ReturnType<AofWriterParts['history']> = null;
  nowMs = 0;
  policy: 'always' | 'everysec' | 'no' = 'everysec';
  refusal: AppendOutcome | null = null;
  syncs = 0;
  overtaken = 0;
  readonly logs: string[] = [];
  finishSync: () => void = () => {};
  /** Of a write beside commands that the disk takes its time for. */
  isSlow = false;
  finishAppend: () => void = () => {};
  timers: (() => void)[] = [];
  readonly writer: AofWriter;

  /** @param fewBytes - 0: all is written beside commands. */
  constructor(fewBytes = 0) {
    const file = fileOf(this);
    const parts: AofWriterParts = {
      ring: this.ring,
      clock: { monotonicMs: () => this.nowMs, wallMs: () => this.nowMs },
      fsync: () => this.policy,
      hasTimestamps: () => false,
      history: () => this.history,
      later: (_delayMs, task) => {
        this.timers.push(task);
        return () => void (this.timers = this.timers.filter((each) => each !== task));
      },
      sparesDisk: () => false,
      log: (_level, text) => void this.logs.push(text),
      onFatal: () => {
        throw new Error('fatal');
      },
      mustNotFail: () => false,
      onOvertaken: () => void (this.overtaken += 1),
      onLatency: () => {},
    };
    this.writer = new AofWriter(parts, file, fewBytes);
  }

  publish(text: string): void {
    for (const byte of Buffer.from(text)) {
      this.ring.u8[this.ring.end % this.ring.ringSize] = byte;
      this.ring.end += 1;
    }
  }

  /** Write what there is, and let what is beside commands come to its end. */
  async flush(): Promise<void> {
    this.writer.flush(false);
    for (const task of this.timers.splice(0)) task();
    await new Promise((resolve) => setImmediate(resolve));
  }

  async endSync(): Promise<void> {
    this.finishSync();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function fileOf(bench: Bench): AofFile {
  return {
    get length() {
      return bench.written.length;
    },
    append(parts) {
      if (bench.refusal !== null) return bench.refusal;
      bench.written += Buffer.concat(parts).toString();
      return { state: 'written' };
    },
    appendBeside(bytes) {
      return new Promise((resolve) => {
        let outcome: AppendOutcome | null = null;
        bench.finishAppend = () => {
          outcome ??= this.append([bytes]);
          resolve(outcome);
        };
        if (!bench.isSlow) bench.finishAppend();
      });
    },
    awaitAppend() {
      bench.finishAppend();
      return true;
    },
    syncNow: () => void (bench.syncs += 1),
    sync() {
      bench.syncs += 1;
      return new Promise((resolve) => {
        bench.finishSync = resolve;
      });
    },
    close() {},
  };
}

test('everysec: each flush is one write, an fsync begins once a second', async (t) => {
  const bench = new Bench();
  bench.publish('one');
  await bench.flush();
  t.is(bench.written, `${SELECT}one`);
  t.is(bench.syncs, 0);
  bench.nowMs = 1000;
  bench.publish('two');
  await bench.flush();
  t.is(bench.written, `${SELECT}onetwo`);
  t.is(bench.syncs, 1);
  await bench.endSync();
  t.true(bench.writer.isSettled);
});

test('one write at a time: what comes meanwhile waits in the ring, or is copied out of it', async (t) => {
  const bench = new Bench();
  bench.isSlow = true;
  bench.publish('a');
  await bench.flush();
  bench.publish('b');
  await bench.flush();
  t.is(bench.written, '');
  t.is(bench.writer.pendingBytes, SELECT.length + 2);
  t.false(bench.writer.isDue, 'it follows by itself');
  bench.writer.makeRoom(64);
  bench.publish('c'.repeat(64));
  bench.isSlow = false;
  bench.finishAppend();
  await bench.flush();
  await bench.flush();
  t.is(bench.written, `${SELECT}ab${'c'.repeat(64)}`);
  t.is(bench.overtaken, 0);
});

test('a write that an fsync holds up for 2 s is counted, once', async (t) => {
  const bench = new Bench();
  bench.nowMs = 1000;
  bench.publish('a');
  await bench.flush();
  t.is(bench.syncs, 1);
  bench.isSlow = true;
  bench.publish('b');
  await bench.flush();
  for (const nowMs of [2999, 3000, 4000]) {
    bench.nowMs = nowMs;
    bench.publish('c');
    await bench.flush();
    t.is(bench.writer.delayedSyncs, nowMs < 3000 ? 0 : 1);
  }
  bench.writer.flush(true);
  t.is(bench.written, `${SELECT}abccc`, 'forced: it waits for the one under way');
});

test('what cannot be written is kept, in order, and clients may not write meanwhile', async (t) => {
  const bench = new Bench();
  bench.refusal = { state: 'failed', reason: 'No space left on device', keptBytes: 0 };
  bench.publish('first');
  await bench.flush();
  bench.publish('second');
  await bench.flush();
  t.is(bench.writer.error, 'No space left on device');
  t.is(bench.logs.length, 1, 'once in 30 s');
  bench.refusal = null;
  await bench.flush();
  t.is(bench.written, `${SELECT}firstsecond`);
  t.is(bench.writer.error, null);
  t.regex(bench.logs.at(-1) ?? '', /AOF write error looks solved/);
});

test('always: nothing is owed after a flush, and an error ends the node', (t) => {
  const bench = new Bench();
  bench.policy = 'always';
  bench.publish('a');
  t.true(bench.writer.owesSync);
  bench.writer.flush(false);
  t.is(bench.syncs, 1);
  t.false(bench.writer.owesSync);
  bench.refusal = { state: 'failed', reason: 'Input/output error', keptBytes: 0 };
  bench.publish('b');
  t.throws(() => bench.writer.flush(false), { message: 'fatal' });
});

test('what is for replicas alone is left out', async (t) => {
  const bench = new Bench();
  bench.publish('a');
  bench.publish('PING');
  bench.writer.skip(1);
  bench.publish('b');
  await bench.flush();
  t.is(bench.written, `${SELECT}ab`);
});

test('a cursor that was overtaken is told, once', async (t: ExecutionContext) => {
  const bench = new Bench();
  bench.publish('x'.repeat(65));
  await bench.flush();
  bench.publish('y');
  await bench.flush();
  t.is(bench.overtaken, 1);
  t.true(bench.written.endsWith('y'));
});

test('notes say where in the history the bytes after them stand, where that does not follow', async (t) => {
  const bench = new Bench();
  const [one, two] = ['1', '2'].map((digit) => ({
    replid: digit.repeat(40),
    offset: 0,
    streamDb: 0,
  }));
  bench.history = one!;
  bench.publish('a');
  await bench.flush();
  bench.publish('b');
  bench.publish('PING');
  bench.writer.skip(2);
  await bench.flush();
  bench.publish('c');
  await bench.flush();
  bench.history = { ...two!, previous: { replid: one!.replid, before: 8 } };
  bench.publish('d');
  await bench.flush();
  t.is(
    bench.written,
    `${SELECT}#REPL:${one!.replid} 0\r\nab#REPL:${one!.replid} 6\r\nc#REPL:${two!.replid} 7 ${one!.replid} 8\r\nd`,
  );
});

test('what is little is written at once, unless an fsync would hold it up', (t) => {
  const bench = new Bench(100);
  bench.isSlow = true;
  bench.nowMs = 1000;
  bench.publish('a');
  bench.writer.flush(false);
  t.is(bench.written, `${SELECT}a`);
  t.is(bench.syncs, 1);
  bench.nowMs = 1002;
  bench.publish('b');
  bench.writer.flush(false);
  t.is(bench.written, `${SELECT}a`);
  t.is(bench.writer.pendingBytes, 1);
});

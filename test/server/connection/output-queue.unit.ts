import test from 'ava';
import { ALLOWANCE_BYTES, OutputQueue } from '../../../src/server/connection/output-queue.js';

const none = { hardBytes: 0, softBytes: 0, softSeconds: 0 };
const NO_CREDIT_LIMIT = 2 ** 30;

/** A queue whose client has so many bytes still to take. */
function behind(bytes: number) {
  const written: Uint8Array[] = [];
  const transport = {
    remoteAddress: '',
    localAddress: '',
    bufferedBytes: bytes,
    write: (part: Uint8Array) => void written.push(part),
    whenDrained: () => {},
    pause: () => {},
    resume: () => {},
    end: () => {},
    destroy: () => {},
  };
  return { transport, written, queue: new OutputQueue(transport) };
}

test('a client may be behind by the allowance, not by a byte more', (t) => {
  t.false(behind(ALLOWANCE_BYTES).queue.isFull(none, NO_CREDIT_LIMIT));
  t.true(behind(ALLOWANCE_BYTES + 1).queue.isFull(none, NO_CREDIT_LIMIT));
});

test('what it has sent itself is credit, up to a limit, until it has taken everything', (t) => {
  const { transport, queue } = behind(ALLOWANCE_BYTES + 500);
  queue.addCredit(500);
  t.false(queue.isFull(none, NO_CREDIT_LIMIT));
  t.true(queue.isFull(none, 499));
  transport.bufferedBytes = 0;
  t.false(queue.isFull(none, NO_CREDIT_LIMIT));
  transport.bufferedBytes = ALLOWANCE_BYTES + 1;
  t.true(queue.isFull(none, NO_CREDIT_LIMIT));
});

test('where a limit is set, output grows up to it', (t) => {
  const hard = { ...none, hardBytes: 2 * ALLOWANCE_BYTES };
  t.false(behind(2 * ALLOWANCE_BYTES).queue.isFull(hard, NO_CREDIT_LIMIT));
  t.true(behind(2 * ALLOWANCE_BYTES + 1).queue.isFull(hard, NO_CREDIT_LIMIT));
  const soft = { ...none, softBytes: 3 * ALLOWANCE_BYTES, softSeconds: 1 };
  t.false(behind(3 * ALLOWANCE_BYTES).queue.isFull(soft, NO_CREDIT_LIMIT));
});

test('replies are joined up to 64 KiB for a write, and a longer one is written as it is', (t) => {
  const { queue, written } = behind(0);
  queue.flush();
  t.deepEqual(written, []);
  const small = Buffer.alloc(30_000, 's');
  const long = Buffer.alloc(70_000, 'l');
  for (const part of [small, small, small, long, small, Buffer.alloc(0)]) queue.push(part);
  t.true(queue.isLong);
  queue.flush();
  t.deepEqual(
    written.map((bytes) => bytes.length),
    [60_000, 30_000, 70_000, 30_000],
  );
  t.is(written[2], long);
  t.deepEqual(Buffer.concat(written), Buffer.concat([small, small, small, long, small]));
  t.is(queue.unwritten, 0);
});

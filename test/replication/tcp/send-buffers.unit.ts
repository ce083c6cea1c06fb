import test from 'ava';
import { SendBuffers } from '../../../src/replication/tcp/send-buffers.js';

/** A socket that takes nothing until it is told to. */
function user(): { givenBytes: number; leftBytes: number } {
  return { givenBytes: 0, leftBytes: 0 };
}

test('a buffer is used again once all that were given it have passed it on', (t) => {
  const buffers = new SendBuffers(64);
  const [quick, slow] = [user(), user()];
  const first = buffers.copyOf(Buffer.from('first'), [quick, slow]);
  quick.givenBytes = 5;
  slow.givenBytes = 5;
  quick.leftBytes = 5;
  slow.leftBytes = 4;
  const second = buffers.copyOf(Buffer.from('second'), [quick]);
  t.not(second.buffer, first.buffer);
  t.is(first.toString(), 'first');
  slow.leftBytes = 5;
  t.is(buffers.copyOf(Buffer.from('third'), [quick]).buffer, first.buffer);
});

test('who is given the last one as well is waited for', (t) => {
  const buffers = new SendBuffers(64);
  const [quick, slow] = [user(), user()];
  const shared = buffers.copyOf(Buffer.from('shared'), [quick]);
  quick.givenBytes = 6;
  quick.leftBytes = 6;
  buffers.share(6, slow);
  slow.givenBytes = 6;
  t.not(buffers.copyOf(Buffer.from('next'), [quick]).buffer, shared.buffer);
  t.is(shared.toString(), 'shared');
});

test('a copy begins where it was within a word, and may be longer than most', (t) => {
  const buffers = new SendBuffers(64);
  const from = Buffer.alloc(1000, 'abcdefg').subarray(3);
  const copy = buffers.copyOf(from, [user()]);
  t.is(copy.byteOffset & 7, from.byteOffset & 7);
  t.true(copy.equals(from));
});

test('a socket that takes nothing does not change what others were given', (t) => {
  const buffers = new SendBuffers(8);
  const stuck = user();
  const copies = Array.from({ length: 40 }, (_, i) => {
    const copy = buffers.copyOf(Buffer.from(`copy ${i}`), [stuck]);
    stuck.givenBytes += copy.length;
    return copy;
  });
  t.deepEqual(
    copies.map(String),
    copies.map((_, i) => `copy ${i}`),
  );
});

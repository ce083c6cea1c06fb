import test from 'ava';

import { ReplyCounter } from '../../src/cluster/client/reply-counter.js';

const STREAM = Buffer.from(
  '+OK\r\n:-17\r\n$5\r\na\r\nbc\r\n$-1\r\n$0\r\n\r\n*0\r\n*-1\r\n' +
    '*3\r\n:1\r\n*2\r\n+a\r\n$1\r\nx\r\n-ERR inside\r\n-ERR no\r\n',
);

test('each whole reply counts once, an array with all it holds too', (t) => {
  const counter = new ReplyCounter();
  counter.feed(STREAM);
  t.is(counter.replies, 9);
  t.is(counter.errors, 1);
});

test('it makes no difference where the stream is split', (t) => {
  for (let cut = 0; cut <= STREAM.length; cut += 1) {
    const counter = new ReplyCounter();
    counter.feed(STREAM.subarray(0, cut));
    counter.feed(STREAM.subarray(cut));
    t.is(counter.replies, 9);
  }
  const byteByByte = new ReplyCounter();
  for (const byte of STREAM) byteByByte.feed(Uint8Array.of(byte));
  t.is(byteByByte.replies, 9);
});

test('short replies in a row are each counted, wherever they end', (t) => {
  const replies = [
    '+OK',
    ':0',
    ':-1',
    ':1234567',
    '$0\r\n',
    '$3\r\na\r\n',
    `$12\r\n${'x'.repeat(12)}`,
  ];
  const stream = Buffer.from(
    replies
      .map((reply) => `${reply}\r\n`)
      .join('')
      .repeat(3),
  );
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const counter = new ReplyCounter();
    counter.feed(stream.subarray(0, cut));
    counter.feed(stream.subarray(cut));
    t.is(counter.replies, 3 * replies.length);
    t.is(counter.errors, 0);
  }
});

test('what is no RESP2 is refused', (t) => {
  t.throws(() => new ReplyCounter().feed(Buffer.from('%1\r\n')), { code: 'PROTOCOL_ERROR' });
});

import * as fc from 'fast-check';
import test from 'ava';

import { Mailbox } from '../../src/runtime/mailbox.js';

test('a mailbox takes as many messages as it holds, and says when it is full', (t) => {
  const mailbox = new Mailbox<number>(2);
  t.is(mailbox.offer(1), 'accepted');
  t.is(mailbox.offer(2), 'accepted');
  t.is(mailbox.offer(3), 'full');
  t.is(mailbox.take(), 1);
  t.is(mailbox.offer(4), 'accepted');
  t.deepEqual([mailbox.take(), mailbox.take(), mailbox.take()], [2, 4, undefined]);
});

test('a mailbox behaves as a bounded list', (t) => {
  const operations = fc.array(fc.option(fc.integer(), { nil: undefined }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), operations, (capacity, script) => {
      const mailbox = new Mailbox<number>(capacity);
      const model: number[] = [];
      for (const message of script) {
        if (message === undefined) t.is(mailbox.take(), model.shift());
        else if (mailbox.offer(message) === 'accepted') model.push(message);
        else t.is(model.length, capacity);
        t.is(mailbox.size, model.length);
      }
    }),
  );
});

test('a mailbox holds at least one message', (t) => {
  t.throws(() => new Mailbox(0), { message: /at least one/ });
});

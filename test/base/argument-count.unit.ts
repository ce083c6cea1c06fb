import test from 'ava';

import { limitArguments } from '../../src/base/argument-count.js';

class Counter {
  #count = 0;

  add(): number {
    this.#count += 1;
    return this.#count;
  }

  async later(by = 1): Promise<number> {
    this.#count += by;
    return this.#count;
  }

  close(): void {
    this.#count = 0;
  }
}
limitArguments(Counter, { add: 0, later: 1 });

/** As a caller without a compiler does. */
const call = (counter: Counter, name: keyof Counter, ...args: unknown[]): unknown =>
  Reflect.apply(counter[name], counter, args);

test('what a method does not take is refused, and nothing is done', async (t) => {
  const counter = new Counter();
  t.throws(() => call(counter, 'add', 2), {
    code: 'CONFIG_INVALID',
    message: 'add() takes no argument; got 1',
  });
  const later = call(counter, 'later', 1, 2);
  t.true(later instanceof Promise);
  await t.throwsAsync(Promise.resolve(later), { message: 'later() takes one argument; got 2' });
  t.is(counter.add(), 1);
  t.is(await counter.later(2), 3);
  t.notThrows(() => call(counter, 'close', 'SIGTERM'));
});

test('a method that there is not is a mistake in the table', (t) => {
  t.throws(
    () => limitArguments({ name: 'Counter', prototype: new Counter() }, { nope: 1 } as object),
    {
      message: 'Counter has no method nope',
    },
  );
});

/** Hellos: eight fields, and nothing else is one. */
import test from 'ava';
import * as fc from 'fast-check';
import { formatHello, parseHello } from '../../src/sentinel/hello-text.js';

const text = `127.0.0.1,26379,${'a'.repeat(40)},7,mymaster,127.0.0.1,6380,5`;

test('read and written as Redis does', (t) => {
  const hello = parseHello(text);
  t.like(hello, { currentEpoch: 7, configEpoch: 5, masterName: 'mymaster' });
  t.deepEqual(hello?.masterAddress, { host: '127.0.0.1', port: 6380 });
  t.is(formatHello(hello!), text);
});

test('anything else is refused, and nothing throws', (t) => {
  for (const bad of [
    '',
    'a,b',
    `${text},x`,
    text.replace('26379', '99999'),
    text.replace(',7,', ',-7,'),
  ]) {
    t.is(parseHello(bad), null);
  }
  fc.assert(
    fc.property(fc.string(), (junk) => {
      const hello = parseHello(junk);
      if (hello !== null) t.is(junk.split(',').length, 8);
    }),
  );
});

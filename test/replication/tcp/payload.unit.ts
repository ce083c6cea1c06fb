import test from 'ava';
import { PayloadReader } from '../../../src/replication/tcp/payload.js';

/** What a reader makes of pieces: `header N`, the bytes joined, `end REST`, `failed`. */
function read(pieces: readonly string[]): { text: string; events: string[] } {
  const reader = new PayloadReader();
  let text = '';
  const events: string[] = [];
  for (const piece of pieces) {
    for (const event of reader.feed(Buffer.from(piece, 'latin1'))) {
      if (event.state === 'bytes') text += event.bytes.toString('latin1');
      else if (event.state === 'header') events.push(`header ${event.total}`);
      else if (event.state === 'end') events.push(`end ${event.rest.toString('latin1')}`);
      else events.push('failed');
    }
  }
  return { text, events };
}

/** Every way to cut a text in two, and all single bytes. */
function cuts(text: string): string[][] {
  const halves = Array.from({ length: text.length - 1 }, (_, at) => [
    text.slice(0, at + 1),
    text.slice(at + 1),
  ]);
  return [[text], text.split(''), ...halves];
}

const MARK = 'm'.repeat(39) + '!';

test('a counted payload ends at its count, the stream right behind it', (t) => {
  for (const pieces of cuts('$5\r\nhello*1\r\n')) {
    const { text, events } = read(pieces);
    t.is(text, 'hello');
    t.is(events[0], 'header 5');
    t.true('end *1\r\n'.startsWith(events[1]!.trimEnd()));
  }
});

test('a marked payload ends at its mark, however it is cut', (t) => {
  for (const pieces of cuts(`$EOF:${MARK}\r\nREDIS${MARK}`)) {
    const { text, events } = read(pieces);
    t.is(text.slice(0, 5), 'REDIS');
    t.deepEqual(events, ['header null', 'end ']);
  }
});

test('half a mark within the payload ends nothing', (t) => {
  const inside = MARK.slice(0, 20);
  const { events } = read([`$EOF:${MARK}\r\n`, inside, 'more', MARK.slice(0, 30), MARK.slice(30)]);
  t.deepEqual(events, ['header null', 'end ']);
});

test('empty lines before it are signs of life', (t) => {
  t.deepEqual(read(['\n', '\n\n', '$0\r\n']).events, ['header 0', 'end ']);
});

test('an error, another protocol and a line without end are failures', (t) => {
  t.deepEqual(read(['-ERR no\r\n']).events, ['failed']);
  t.deepEqual(read(['HTTP/1.1 400\r\n']).events, ['failed']);
  t.deepEqual(read(['$-1\r\n']).events, ['failed']);
  t.deepEqual(read(['$12x\r\n']).events, ['failed']);
  t.deepEqual(read(['$EOF:short\r\n']).events, ['failed']);
  t.deepEqual(read(['$' + '1'.repeat(2000)]).events, ['failed']);
});

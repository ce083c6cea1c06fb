import test from 'ava';
import * as fc from 'fast-check';

import { type WireCommand, WireLog } from '../../../src/drill/judge/wire-log.js';
import { encodeCommand } from '../../../src/resp/encode-command.js';

const bytes = (text: string): Buffer => Buffer.from(text.replaceAll('|', '\r\n'), 'latin1');
const shown = ({ commands }: WireLog): string[] =>
  commands.map(({ args, state }: WireCommand) => `${args.join(' ')}: ${state}`);

function link(): {
  log: WireLog;
  ask: (...args: string[]) => void;
  answer: (text: string) => void;
} {
  const log = new WireLog();
  const id = log.open('node-0');
  let now = 0;
  return {
    log,
    ask: (...args) => log.request(id, encodeCommand(args), (now += 1)),
    answer: (text) => log.reply(id, bytes(text), (now += 1)),
  };
}

test('commands are matched with replies in order; an error is a refusal', (t) => {
  const { log, ask, answer } = link();
  ask('SET', 'a', '1');
  ask('INCR', 'a');
  answer('+OK|-ERR no|');
  ask('GET', 'a');
  t.deepEqual(shown(log), ['SET a 1: ok', 'INCR a: error', 'GET a: open']);
  t.deepEqual(
    log.commands.map(({ sentAt, settledAt }) => [sentAt, settledAt]),
    [
      [1, 3],
      [2, 3],
      [4, null],
    ],
  );
});

test('bytes may come in pieces of any size', (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 }), (sizes) => {
      const log = new WireLog();
      const id = log.open('n');
      const feed = (all: Buffer, to: (piece: Buffer) => void): void => {
        let at = 0;
        for (const size of [...sizes, all.length]) {
          to(all.subarray(at, at + size));
          at += size;
        }
      };
      const requests = Buffer.concat([encodeCommand(['SET', 'k', 'v\r\n']), bytes('GET k|')]);
      feed(requests, (piece) => log.request(id, piece, 1));
      feed(bytes('+OK|$4|v|x|'), (piece) => log.reply(id, piece, 2));
      return shown(log).join() === 'SET k v\r\n: ok,GET k: ok';
    }),
  );
  t.pass();
});

test('a connection that ends leaves what it owes unanswered', (t) => {
  const log = new WireLog();
  const id = log.open('node-0');
  log.request(id, encodeCommand(['SET', 'a', '1']), 1);
  log.close(id, 5);
  log.close(id, 6);
  log.reply(id, bytes('+OK|'), 7);
  t.deepEqual(shown(log), ['SET a 1: unanswered']);
  t.is(log.commands[0]?.settledAt, 5);
});

test('a transaction is acknowledged by EXEC, refused by a null, an error or DISCARD', (t) => {
  const { log, ask, answer } = link();
  ask('MULTI');
  ask('SET', 'a', '1');
  ask('INCR', 'a');
  ask('EXEC');
  answer('+OK|+QUEUED|+QUEUED|*2|+OK|-ERR not|');
  for (const outcome of ['*-1|', '-EXECABORT no|']) {
    ask('MULTI');
    ask('SET', 'b', '1');
    ask('EXEC');
    answer(`+OK|+QUEUED|${outcome}`);
  }
  const sets = shown(log).filter((line) => /SET|INCR/.test(line));
  t.deepEqual(sets, ['SET a 1: ok', 'INCR a: error', 'SET b 1: error', 'SET b 1: error']);
});

test('a database is the one that was selected when the command was sent', (t) => {
  const { log, ask, answer } = link();
  ask('SELECT', '3');
  answer('+OK|');
  ask('SELECT', '99');
  answer('-ERR DB index is out of range|');
  ask('SET', 'a', '1');
  t.is(log.commands.at(-1)?.db, 3);
});

test('pushes answer nothing; after SUBSCRIBE and its kin nothing is read', (t) => {
  const { log, ask, answer } = link();
  ask('GET', 'a');
  answer('>2|+invalidate|*0|');
  t.deepEqual(shown(log), ['GET a: open']);
  ask('SUBSCRIBE', 'news');
  ask('GET', 'b');
  answer('$1|1|');
  t.deepEqual(shown(log), ['GET a: unanswered']);
});

test('what is not RESP is not read on', (t) => {
  const { log, ask, answer } = link();
  ask('GET', 'a');
  answer('HTTP/1.1 200 OK|');
  answer('$1|1|');
  t.deepEqual(shown(log), ['GET a: open']);
});

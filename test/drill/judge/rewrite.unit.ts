import test from 'ava';

import { type AddressMap, rewriteReply } from '../../../src/drill/judge/rewrite.js';
import { reply, type Reply } from '../../../src/resp/reply.js';

const map: AddressMap = new Map([
  ['127.0.0.1:6379', { host: '127.0.0.1', port: 7001 }],
  ['127.0.0.1:6380', { host: '127.0.0.1', port: 7002 }],
  ['::1:6379', { host: '::1', port: 7003 }],
]);
const words = (value: Reply): unknown =>
  value.type === 'array' || value.type === 'push'
    ? value.items.map(words)
    : value.type === 'map'
      ? Object.fromEntries(value.entries.map((entry) => entry.map(words)))
      : value.type === 'bulk'
        ? String(value.value)
        : value;

test('get-master-addr-by-name leads to the proxy', (t) => {
  const rewritten = rewriteReply(reply.bulks(['127.0.0.1', '6379']), map);
  t.deepEqual(words(rewritten), ['127.0.0.1', '7001']);
  t.deepEqual(words(rewriteReply(reply.bulks(['127.0.0.1', '9']), map)), ['127.0.0.1', '9']);
});

test('fields are translated by name, in RESP2 and RESP3; equal numbers elsewhere stay', (t) => {
  const flat =
    'name 127.0.0.1:6380 ip 127.0.0.1 port 6380 last-ping-sent 6379 master-host 127.0.0.1 master-port 6379';
  const expected =
    'name 127.0.0.1:7002 ip 127.0.0.1 port 7002 last-ping-sent 6379 master-host 127.0.0.1 master-port 7001';
  const items = flat.split(' ').map(reply.bulk);
  t.deepEqual(words(rewriteReply(reply.array([reply.array(items)]), map)), [expected.split(' ')]);
  const pairs = Array.from({ length: 6 }, (_, i) => [items[2 * i]!, items[2 * i + 1]!] as const);
  const resp3 = words(rewriteReply(reply.map(pairs), map));
  t.deepEqual(Object.entries(Object(resp3)).flat(), expected.split(' '));
});

const message = (text: string): Reply => reply.bulks(['message', '+switch-master', text]);

test('events are translated word by word', (t) => {
  const cases: [string, string][] = [
    ['mymaster 127.0.0.1 6379 127.0.0.1 6380', 'mymaster 127.0.0.1 7001 127.0.0.1 7002'],
    [
      'slave 127.0.0.1:6380 127.0.0.1 6380 @ mymaster 127.0.0.1 6379',
      'slave 127.0.0.1:7002 127.0.0.1 7002 @ mymaster 127.0.0.1 7001',
    ],
    ['status=ok,address=127.0.0.1:6379,slaves=2', 'status=ok,address=127.0.0.1:7001,slaves=2'],
    ['127.0.0.1:63790 1127.0.0.1:6379', '127.0.0.1:63790 1127.0.0.1:6379'],
    [
      'slave [::1]:6379 ::1 6379 @ mymaster ::1 6379',
      'slave [::1]:7003 ::1 7003 @ mymaster ::1 7003',
    ],
    ['slave ::1:6379 [::1]:63790', 'slave ::1:7003 [::1]:63790'],
    ['fe80::1:6379 fe80:::1 6379', 'fe80::1:6379 fe80:::1 6379'],
  ];
  for (const [text, expected] of cases) {
    t.deepEqual(words(rewriteReply(message(text), map)), ['message', '+switch-master', expected]);
  }
});

test('what is no text passes as it is', (t) => {
  for (const value of [reply.ok, reply.null, reply.integer(6379), reply.error('ERR 127.0.0.1 x')]) {
    t.is(rewriteReply(value, map), value);
  }
  const binary = reply.bulk(Buffer.from([0xff, 0x00, 0xfe]));
  t.is(rewriteReply(binary, map), binary);
});

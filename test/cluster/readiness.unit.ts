import test from 'ava';

import { nodeLacks, sentinelLacks } from '../../src/cluster/readiness.js';
import { reply } from '../../src/resp/reply.js';

const expected = { replicas: 2, sentinels: 3, masterPort: 6379 };
const online = (n: number): string =>
  `slave${n}:ip=127.0.0.1,port=638${n},state=online,offset=1,lag=0`;

const masterInfo = (lines: string[]) =>
  reply.bulk(['# Replication', 'role:master', ...lines].join('\r\n'));
const replicaInfo = (port: number, link: string) =>
  reply.bulk(`role:slave\r\nmaster_port:${port}\r\nmaster_link_status:${link}\r\n`);
const sentinelMaster = (fields: Record<string, string> = {}) =>
  reply.bulks(
    Object.entries({
      port: '6379',
      flags: 'master',
      'num-slaves': '2',
      'num-other-sentinels': '2',
      ...fields,
    }).flat(),
  );

test('a master is ready when its replicas are online', (t) => {
  t.is(nodeLacks(true, masterInfo([online(0), online(1)]), expected), null);
  t.is(nodeLacks(true, masterInfo([online(0)]), expected), 'has 1 of 2 replicas online');
  const loading = online(1).replace('online', 'wait_bgsave');
  t.is(nodeLacks(true, masterInfo([online(0), loading]), expected), 'has 1 of 2 replicas online');
  t.is(nodeLacks(true, reply.bulk('role:slave'), expected), 'is slave, not master');
  t.is(nodeLacks(true, null, expected), 'does not answer INFO');
});

test('a replica is ready when its link to this master is up', (t) => {
  t.is(nodeLacks(false, replicaInfo(6379, 'up'), expected), null);
  t.is(nodeLacks(false, replicaInfo(6379, 'down'), expected), 'has no link to its master');
  t.is(nodeLacks(false, replicaInfo(6380, 'up'), expected), 'follows another master');
  t.is(nodeLacks(false, reply.bulk('role:master'), expected), 'is master, not replica');
});

test('a sentinel is ready when it knows all and has its quorum', (t) => {
  const ok = reply.simple('OK 3 usable Sentinels.');
  t.is(sentinelLacks(sentinelMaster(), ok, expected), null);
  t.is(sentinelLacks(sentinelMaster({ port: '1' }), ok, expected), 'watches another master');
  t.is(
    sentinelLacks(sentinelMaster({ flags: 's_down,master' }), ok, expected),
    'sees the master as s_down,master',
  );
  t.is(sentinelLacks(sentinelMaster({ 'num-slaves': '1' }), ok, expected), 'knows 1 of 2 replicas');
  t.is(
    sentinelLacks(sentinelMaster({ 'num-other-sentinels': '0' }), ok, expected),
    'knows 0 of 2 other sentinels',
  );
  t.is(sentinelLacks(sentinelMaster(), reply.error('NOQUORUM'), expected), 'has no quorum');
  t.is(sentinelLacks(null, ok, expected), 'does not answer SENTINEL MASTER');
});

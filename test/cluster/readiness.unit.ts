import test from 'ava';

import { expectedOf, nodeLacks, sentinelLacks } from '../../src/cluster/readiness.js';
import { reply } from '../../src/resp/reply.js';

const expected = { replicas: 2, sentinels: 3, masterPort: 6379 };
const asMaster = { follows: null, replicas: 2 };
const asReplica = { follows: 6379, replicas: 0 };
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
  t.is(nodeLacks(masterInfo([online(0), online(1)]), asMaster), null);
  t.is(nodeLacks(masterInfo([online(0)]), asMaster), 'has 1 of 2 replicas online');
  const loading = online(1).replace('online', 'wait_bgsave');
  t.is(nodeLacks(masterInfo([online(0), loading]), asMaster), 'has 1 of 2 replicas online');
  t.is(nodeLacks(reply.bulk('role:slave'), asMaster), 'is slave, not master');
  t.is(nodeLacks(null, asMaster), 'does not answer INFO');
});

test('a strict master is ready when all its replicas count', (t) => {
  const both = [online(0), online(1)];
  const strict = (established: number, counted: number): string[] => [
    ...both,
    `strict_established:${established}`,
    'strict_replicas_needed:1',
    `strict_replicas_counted:${counted}`,
  ];
  t.is(nodeLacks(masterInfo(strict(1, 2)), asMaster), null);
  t.is(nodeLacks(masterInfo(strict(1, 1)), asMaster), 'counts 1 of 2 replicas');
  t.is(nodeLacks(masterInfo(strict(0, 0)), asMaster), 'has no majority behind it');
});

test('a replica is ready when its link to this master is up', (t) => {
  t.is(nodeLacks(replicaInfo(6379, 'up'), asReplica), null);
  t.is(nodeLacks(replicaInfo(6379, 'down'), asReplica), 'has no link to its master');
  const why = 'Unable to AUTH to MASTER: -WRONGPASS';
  t.is(nodeLacks(replicaInfo(6379, 'down'), asReplica, why), `has no link to its master (${why})`);
  t.is(nodeLacks(replicaInfo(6379, 'up'), asReplica, why), null);
  t.is(nodeLacks(replicaInfo(6380, 'up'), asReplica), 'follows another master');
  t.is(nodeLacks(reply.bulk('role:master'), asReplica), 'is master, not replica');
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

test('more replicas than its own are those of others', (t) => {
  const ok = reply.simple('OK 3 usable Sentinels.');
  t.is(sentinelLacks(sentinelMaster({ 'num-slaves': '3' }), ok, expected), null);
  t.is(nodeLacks(masterInfo([online(0), online(1), online(2)]), asMaster), null);
});

test('while a master outside is followed, the head has a link and replicas', (t) => {
  const chained = { port: 7000, isWatched: false };
  t.deepEqual(expectedOf(expected, true, chained, 6379), { follows: 7000, replicas: 2 });
  t.deepEqual(expectedOf(expected, false, chained, 6379), { follows: 6379, replicas: 0 });
  const watched = { port: 7000, isWatched: true };
  t.deepEqual(expectedOf(expected, true, watched, 6379), { follows: 7000, replicas: 0 });
  t.deepEqual(expectedOf(expected, false, watched, 6379), { follows: 7000, replicas: 0 });
  t.deepEqual(expectedOf(expected, true, null, 6379), asMaster);
  t.deepEqual(expectedOf(expected, false, null, 6379), asReplica);
  const head = reply.bulk(
    `role:slave\r\nmaster_port:7000\r\nmaster_link_status:up\r\n${online(0)}\r\n`,
  );
  const lack = nodeLacks(head, { follows: 7000, replicas: 2 });
  t.is(lack, 'has 1 of 2 replicas online');
});

import test from 'ava';
import { inFlightBytes, toInfoSample } from '../../../src/lab/backlog/info-sample.js';

const text = (offset: number, slower: number): string => `# Server\r
redis_version:7.0.15\r
# Memory\r
used_memory_dataset:4096\r
# Stats\r
sync_full:3\r
sync_partial_ok:5\r
sync_partial_err:1\r
# Replication\r
role:master\r
connected_slaves:3\r
slave0:ip=10.0.0.2,port=6379,state=online,offset=${slower},lag=0\r
slave1:ip=10.0.0.3,port=6379,state=online,offset=${offset},lag=1\r
slave2:ip=10.0.0.4,port=6379,state=wait_bgsave,offset=0,lag=0\r
master_repl_offset:${offset}\r
repl_backlog_size:1048576\r
`;

test('what INFO says, replicas that do not follow yet left out', (t) => {
  t.deepEqual(toInfoSample(text(1000, 900)), {
    offset: 1000,
    role: 'master',
    version: '7.0.15',
    replicas: [
      { name: '10.0.0.2:6379', offset: 900 },
      { name: '10.0.0.3:6379', offset: 1000 },
    ],
    backlogBytes: 1_048_576,
    datasetBytes: 4096,
    syncFull: 3,
    syncPartialOk: 5,
    syncPartialErr: 1,
  });
  t.is(toInfoSample('# Server\r\nsomething:else\r\n'), null);
});

test('in flight: the median of the replica that is furthest behind', (t) => {
  const samples = [100, 300, 5000].map((behind) => toInfoSample(text(10_000, 10_000 - behind))!);
  t.is(inFlightBytes(samples), 300);
  t.is(inFlightBytes([]), 0);
});

/** INFO, as Redis 7.0.15 printed it. */
import test from 'ava';
import * as fc from 'fast-check';
import { toInfoReport } from '../../src/sentinel/info-report.js';

const runid = '7f6d8e1c9a0b3f4e5d6c7b8a9f0e1d2c3b4a5968';

test('a master with its replicas', (t) => {
  const report = toInfoReport(
    [
      '# Server',
      `run_id:${runid}`,
      '',
      '# Replication',
      'role:master',
      'connected_slaves:2',
      'slave0:ip=127.0.0.1,port=6380,state=online,offset=14,lag=0',
      'slave1:ip=::1,port=6381,state=wait_bgsave,offset=0,lag=0',
      'master_repl_offset:14',
    ].join('\r\n'),
  );
  t.is(report.runid, runid);
  t.is(report.role, 'master');
  t.deepEqual(report.replicas, [
    { host: '127.0.0.1', port: 6380 },
    { host: '::1', port: 6381 },
  ]);
  t.is(report.master, null);
});

test('a replica without its master', (t) => {
  const report = toInfoReport(
    [
      `run_id:${runid}`,
      'role:slave',
      'master_host:127.0.0.1',
      'master_port:6379',
      'master_link_status:down',
      'slave_repl_offset:9007199254740991',
      'master_link_down_since_seconds:12',
      'slave_priority:50',
      'replica_announced:0',
    ].join('\r\n'),
  );
  t.deepEqual(report, {
    runid,
    role: 'replica',
    replicas: [],
    master: { host: '127.0.0.1', port: 6379 },
    masterLinkUp: false,
    masterLinkDownMs: 12_000,
    priority: 50,
    offset: 9_007_199_254_740_991,
    announced: false,
  });
});

test('the form before Redis 2.8', (t) => {
  t.deepEqual(toInfoReport('role:master\r\nslave0:10.0.0.1,6380,online').replicas, [
    { host: '10.0.0.1', port: 6380 },
  ]);
});

test('junk is no report and no crash', (t) => {
  fc.assert(
    fc.property(fc.string(), (junk) => {
      t.is(typeof toInfoReport(junk).masterLinkDownMs, 'number');
    }),
  );
});

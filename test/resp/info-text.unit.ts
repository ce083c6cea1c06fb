/** INFO's reply, as Redis 7.0.15 writes it and as its elders did. */
import test from 'ava';
import { infoReplicas, parseInfo } from '../../src/resp/info-text.js';

test('fields by name, in order; a value may hold colons, sections and blank lines are none', (t) => {
  const text = '# Server\r\nredis_version:7.0.15\r\n\r\nconfig_file:/a:b\nempty:\r\n:no name\r\n';
  const expected = [
    ['redis_version', '7.0.15'],
    ['config_file', '/a:b'],
    ['empty', ''],
  ];
  t.deepEqual([...parseInfo(text)], expected);
});

test('replicas: IPv6, a state, no offset, the form of Redis 2.6; what has no address is none', (t) => {
  const lines = [
    'slave0:ip=127.0.0.1,port=6380,state=online,offset=14,lag=0',
    'slave1:ip=::1,port=6381,state=wait_bgsave,offset=0,lag=0',
    'slave2:127.0.0.1,6382,online',
    'slave10:ip=h,port=1',
    'slave3:ip=,port=6383,state=online',
    'slave4:ip=h,port=no',
    'slave5:',
    'slave_priority:100',
    'slaves:ip=h,port=2',
  ];
  t.deepEqual(infoReplicas(parseInfo(lines.join('\r\n'))), [
    { host: '127.0.0.1', port: 6380, state: 'online', offset: 14 },
    { host: '::1', port: 6381, state: 'wait_bgsave', offset: 0 },
    { host: '127.0.0.1', port: 6382, state: '', offset: NaN },
    { host: 'h', port: 1, state: '', offset: NaN },
  ]);
});

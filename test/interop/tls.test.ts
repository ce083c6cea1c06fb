/**
 * TLS: replication from real masters and to real replicas, clients; and an address of one's own.
 */
import { Redis } from 'ioredis';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Cluster } from '../../src/cluster/cluster.js';
import { freePort } from '../../src/io/free-port.js';
import { certificates, tlsLines } from '../support/certificates.js';
import { RealRedis, testWith, testWithRedis } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { RingleaderServer } from '../support/ringleader-process.js';
import { until } from '../support/until.js';

/** A folder with an authority and a key that it has signed. */
function certificateFolder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'ringleader-tls-'));
  certificates(dir);
  return dir;
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const testWithTls = hasOpenssl ? testWithRedis : testWith('openssl');

testWithTls('a node and a cluster follow a real master over TLS', async (t) => {
  const dir = certificateFolder();
  t.teardown(() => rmSync(dir, { recursive: true }));
  const files = {
    'tls-ca-cert-file': path.join(dir, 'ca.crt'),
    'tls-cert-file': path.join(dir, 'own.crt'),
    'tls-key-file': path.join(dir, 'own.key'),
  };
  const flags = Object.entries(files).flatMap(([name, value]) => [`--${name}`, value]);
  const tlsPort = String(await freePort());
  const real = await RealRedis.start('--tls-port', tlsPort, ...flags);
  t.teardown(() => real.stop());
  const master = await RespClient.connect(real.port);
  t.teardown(() => master.close());
  await master.call('CONFIG', 'SET', 'repl-diskless-sync-delay', '0');
  await master.call('SET', 'key', 'value');

  const server = await RingleaderServer.start(...flags, '--tls-replication', 'yes');
  t.teardown(() => server.stop());
  const replica = await RespClient.connect(server.port);
  t.teardown(() => replica.close());
  await replica.call('REPLICAOF', '127.0.0.1', tlsPort);
  await until(async () => (await replica.value('GET', 'key')) === 'value', 'over TLS');

  // What cannot be read is named, and the old value stays.
  const missing = path.join(dir, 'missing.crt');
  t.regex(
    String(await replica.value('CONFIG', 'SET', 'tls-ca-cert-file', missing)),
    /Failed to load tls-ca-cert-file .*missing\.crt: No such file or directory/,
  );
  writeFileSync(path.join(dir, 'bad.crt'), 'nothing');
  t.regex(
    String(await replica.value('CONFIG', 'SET', 'tls-cert-file', path.join(dir, 'bad.crt'))),
    /Failed to configure TLS \(tls-cert-file .*bad\.crt/,
  );
  const shown = await replica.value('CONFIG', 'GET', 'tls-ca-cert-file');
  t.deepEqual(shown, ['tls-ca-cert-file', files['tls-ca-cert-file']]);

  const cluster = await Cluster.start({
    replicas: 0,
    sentinels: 0,
    readyTimeoutMs: 30_000,
    replicaOf: `rediss://127.0.0.1:${tlsPort}`,
    config: files,
  });
  t.teardown(() => cluster.stop());
  t.is(await cluster.client().get('key'), 'value');

  // Another authority than the one that signed it: not that master.
  const stranger = certificateFolder();
  t.teardown(() => rmSync(stranger, { recursive: true }));
  await replica.call('CONFIG', 'SET', 'tls-ca-cert-file', path.join(stranger, 'ca.crt'));
  await replica.call('REPLICAOF', 'NO', 'ONE');
  await replica.call('REPLICAOF', '127.0.0.1', tlsPort);
  await until(() => /certificate/.test(server.log), 'its log says why');
  t.regex(String(await replica.value('INFO', 'replication')), /master_link_status:down/);
});

/** The same directives as arguments. */
const flagsOf = (of: string): string[] => tlsLines(of).flatMap((line) => `--${line}`.split(' '));

testWithTls('key exchanges of old TLS are offered with tls-dh-params-file alone', async (t) => {
  const dir = certificateFolder();
  t.teardown(() => rmSync(dir, { recursive: true }));
  const file = path.join(dir, 'dh.pem');
  const group = ['-algorithm', 'DH', '-pkeyopt', 'dh_param:ffdhe2048', '-out', file];
  t.is(spawnSync('openssl', ['genpkey', '-genparam', ...group]).status, 0);
  const tlsPort = await freePort();
  const old = ['--tls-protocols', 'TLSv1.2', '--tls-ciphers', 'DHE-RSA-AES128-GCM-SHA256'];
  const listening = ['--tls-port', String(tlsPort), '--tls-auth-clients', 'no', ...flagsOf(dir)];
  const server = await RingleaderServer.start(...listening, ...old);
  t.teardown(() => server.stop());
  const client = await RespClient.connect(server.port);
  t.teardown(() => client.close());
  const flags = ['-p', String(tlsPort), '--tls', '--cacert', path.join(dir, 'ca.crt')];
  const ping = () => String(spawnSync('redis-cli', [...flags, 'PING'], { input: '' }).stdout);
  t.is(ping(), '');
  t.is(await client.value('CONFIG', 'SET', 'tls-dh-params-file', file), '+OK');
  t.is(ping(), 'PONG\n');
  t.regex(
    String(await client.value('CONFIG', 'SET', 'tls-dh-params-file', path.join(dir, 'ca.crt'))),
    /Failed to load tls-dh-params-file .*ca\.crt: there are no DH parameters in it/,
  );
  t.is(ping(), 'PONG\n');
});

testWithTls(
  'clients and replicas come over TLS, with a certificate, without, with a wrong one',
  async (t) => {
    const [dir, stranger] = [certificateFolder(), certificateFolder()];
    t.teardown(() => [dir, stranger].forEach((each) => rmSync(each, { recursive: true })));
    const tlsPort = await freePort();
    const tls = ['--port', '0', '--tls-port', String(tlsPort), '--tls-replication', 'yes'];
    const ours = await RingleaderServer.start(
      ...tls,
      ...flagsOf(dir),
      '--repl-diskless-sync-delay',
      '0',
    );
    t.teardown(() => ours.stop());
    const cli = (of: string | null, ...words: string[]) => {
      const shown = of === null ? [] : ['--cert', `${of}/own.crt`, '--key', `${of}/own.key`];
      const flags = [
        '-p',
        String(tlsPort),
        '--tls',
        '--cacert',
        path.join(dir, 'ca.crt'),
        ...shown,
      ];
      return String(spawnSync('redis-cli', [...flags, ...words], { input: '' }).stdout).trim();
    };
    t.is(cli(dir, 'SET', 'key', 'value'), 'OK');
    t.is(cli(null, 'GET', 'key'), '', 'yes: who shows nothing is refused');
    t.is(cli(stranger, 'GET', 'key'), '');
    t.regex(cli(dir, 'INFO', 'server'), new RegExp(`tcp_port:${tlsPort}\r`));
    t.is(cli(dir, 'CONFIG', 'SET', 'tls-auth-clients', 'optional'), 'OK');
    t.is(cli(null, 'GET', 'key'), 'value');
    t.is(cli(stranger, 'GET', 'key'), '', 'optional: what is shown must be right');
    t.is(cli(dir, 'CONFIG', 'SET', 'tls-auth-clients', 'no'), 'OK');
    t.is(cli(stranger, 'GET', 'key'), 'value');
    t.regex(
      cli(dir, 'CONFIG', 'SET', 'tls-cert-file', ''),
      /^ERR CONFIG SET failed .*No tls-cert-file configured!$/,
    );

    // Replicas, of both kinds; each says at which port it is to be reached.
    const port = await freePort();
    const follow = ['--replicaof', '127.0.0.1', String(tlsPort), '--tls-replication', 'yes'];
    const real = await RealRedis.start('--tls-port', String(port), ...flagsOf(dir), ...follow);
    t.teardown(() => real.stop());
    const own = await RingleaderServer.start(
      '--tls-port',
      String(port + 1),
      ...flagsOf(dir),
      ...follow,
    );
    t.teardown(() => own.stop());
    for (const server of [real, own]) {
      const replica = await RespClient.connect(server.port);
      t.teardown(() => replica.close());
      await until(async () => (await replica.value('GET', 'key')) === 'value', 'over TLS');
    }
    const long = 'x'.repeat(3_000_000);
    const client = new Redis({
      port: tlsPort,
      tls: { ca: readFileSync(path.join(dir, 'ca.crt')), checkServerIdentity: () => undefined },
    });
    t.teardown(() => client.disconnect());
    t.is(await client.set('long', long), 'OK');
    t.is(await client.get('long'), long);
    t.is(await client.wait(2, 20_000), 2);
    const replication = await client.info('replication');
    for (const at of [port, port + 1]) t.true(replication.includes(`port=${at},`), replication);

    // New files under the same names are for the next connection; those that are open go on.
    for (const file of ['own.crt', 'own.key']) {
      copyFileSync(path.join(stranger, file), path.join(dir, file));
    }
    t.is(await client.config('SET', 'tls-cert-file', path.join(dir, 'own.crt')), 'OK');
    t.is(cli(null, 'GET', 'key'), '', 'its authority is another now');
    t.is(await client.get('key'), 'value');
  },
);

testWithTls('what TLS lacks is said at the start', async (t) => {
  const dir = certificateFolder();
  t.teardown(() => rmSync(dir, { recursive: true }));
  const tlsPort = String(await freePort());
  const own = ['--tls-cert-file', `${dir}/own.crt`, '--tls-key-file', `${dir}/own.key`];
  const lacking: [string[], string][] = [
    [[], 'No tls-cert-file configured!'],
    [own.slice(0, 2), 'No tls-key-file configured!'],
    [own, 'Either tls-ca-cert-file or tls-ca-cert-dir must be specified'],
  ];
  for (const [flags, text] of lacking) {
    const error = await t.throwsAsync(RingleaderServer.start('--tls-port', tlsPort, ...flags));
    t.true(error?.message.includes(text), error?.message);
  }
});

testWithRedis('bind-source-addr is the address that a replica comes from', async (t) => {
  const realFlags = ['--repl-diskless-sync-delay', '0', '--protected-mode', 'no'];
  const real = await RealRedis.start(...realFlags);
  t.teardown(() => real.stop());
  const master = await RespClient.connect(real.port);
  t.teardown(() => master.close());
  const flags = ['--bind-source-addr', '127.0.0.2', '--replicaof', '127.0.0.1', `${real.port}`];
  const server = await RingleaderServer.start(...flags);
  t.teardown(() => server.stop());
  await until(async () =>
    String(await master.value('INFO', 'replication')).includes('slave0:ip=127.0.0.2,'),
  );
  t.pass();
});

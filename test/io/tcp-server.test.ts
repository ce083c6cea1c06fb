import test from 'ava';
import { connect } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { announcedHost, parseBindAddress } from '../../src/io/bind-addresses.js';
import { listen } from '../../src/io/tcp-server.js';
import { joinAddress } from '../../src/io/tcp-transport.js';
import { LoneNode } from '../support/lone-node.js';
import { plain, RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';

test('a port that is taken is named', async (t) => {
  const first = await listen(() => {}, { port: 0, bind: ['127.0.0.1'] });
  t.teardown(() => first.close());
  await t.throwsAsync(
    listen(() => {}, { port: first.port, bind: ['127.0.0.1'] }),
    {
      code: 'ADDRESS_IN_USE',
      message: `cannot listen on 127.0.0.1:${first.port}: the port is in use by another program`,
    },
  );
});

test("an address that is not this machine's is refused", async (t) => {
  await t.throwsAsync(
    listen(() => {}, { port: 0, bind: ['192.0.2.1'] }),
    {
      code: 'CONFIG_INVALID',
      message: /cannot listen on 192\.0\.2\.1:0/,
    },
  );
});

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

/** Resolves to whether a connection came about. */
function canConnect(port: number, host: string): Promise<boolean> {
  const socket = connect(port, host);
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  }).then((outcome) => {
    socket.destroy();
    return outcome === true;
  });
}

test('all of several addresses are listened on, at one port', async (t) => {
  const bind = ['127.0.0.1', '127.0.0.2', ...(hasIPv6 ? ['::1'] : [])];
  const server = await listen((socket) => socket.destroy(), { port: 0, bind });
  for (const host of bind) t.true(await canConnect(server.port, host), host);
  await server.close();
  for (const host of bind) t.false(await canConnect(server.port, host), host);
});

test('of a port that is free on no other address, others are tried; not for ever', async (t) => {
  const twice = ['127.0.0.1', '127.0.0.1'];
  await t.throwsAsync(
    listen(() => {}, { port: 0, bind: twice }),
    { code: 'ADDRESS_IN_USE' },
  );
  // Some 2,500 of 28,000 ports are taken: of 60 picked at once some are.
  const taken = await Promise.all(
    Array.from({ length: 2500 }, () => listen(() => {}, { port: 0, bind: ['127.0.0.2'] })),
  );
  const both = { port: 0, bind: ['127.0.0.1', '127.0.0.2'] };
  const servers = await Promise.all(Array.from({ length: 60 }, () => listen(() => {}, both)));
  t.is(new Set(servers.map(({ port }) => port)).size, 60);
  await Promise.all([...taken, ...servers].map((server) => server.close()));
});

test("a minus: an address that is not this machine's is passed over, and told", async (t) => {
  const told: string[] = [];
  const options = { port: 0, onPassedOver: (text: string) => told.push(text) };
  const bind = ['-192.0.2.1', '-127.0.0.1', '-2001:db8::1'];
  const server = await listen((socket) => socket.destroy(), { ...options, bind });
  t.teardown(() => server.close());
  t.true(await canConnect(server.port, '127.0.0.1'));
  t.is(
    told[0],
    'Warning: Could not create server TCP listening socket 192.0.2.1:0: bind: Cannot assign requested address',
  );
  t.regex(told[1] ?? '', /socket \[2001:db8::1\]:\d+: bind: /);
});

test('a minus forgives nothing else, and what was listened on before is free again', async (t) => {
  const first = await listen(() => {}, { port: 0, bind: ['127.0.0.2'] });
  t.teardown(() => first.close());
  const { port } = first;
  await t.throwsAsync(
    listen(() => {}, { port, bind: ['127.0.0.1', '-127.0.0.2'] }),
    { code: 'ADDRESS_IN_USE' },
  );
  // A connection of another test may just have it as its own port.
  await until(async () => {
    const again = await listen(() => {}, { port, bind: ['127.0.0.1'] }).catch(() => null);
    await again?.close();
    return again !== null;
  });
  t.pass();
});

test('no address, or none that can be had, is nothing to listen on', async (t) => {
  for (const bind of [[], ['-192.0.2.1']]) {
    await t.throwsAsync(
      listen(() => {}, { port: 0, bind }),
      {
        code: 'CONFIG_INVALID',
        message: 'Configured to not listen anywhere, exiting.',
      },
    );
  }
});

test('stars are every address of a family', (t) => {
  t.deepEqual(['*', '-::*', '-localhost', '::1'].map(parseBindAddress), [
    { host: '0.0.0.0', isOptional: false, isIPv6: false },
    { host: '::', isOptional: true, isIPv6: true },
    { host: 'localhost', isOptional: true, isIPv6: false },
    { host: '::1', isOptional: false, isIPv6: true },
  ]);
});

const address = (ip: string, internal: boolean): NetworkInterfaceInfo => ({
  address: ip,
  internal,
  netmask: '',
  mac: '',
  cidr: null,
  ...(ip.includes(':') ? { family: 'IPv6', scopeid: 0 } : { family: 'IPv4' }),
});

test("a wildcard is announced as the machine's own address, if others are served", (t) => {
  const lo = [address('127.0.0.1', true), address('::1', true)];
  const eth0 = [address('fe80::1', false), address('fd00::2', false)];
  const both = { lo, eth0: [...eth0, address('10.1.2.3', false)] };
  t.is(announcedHost('0.0.0.0', false, both), '10.1.2.3');
  t.is(announcedHost('*', false, both), '10.1.2.3');
  t.is(announcedHost('0.0.0.0', true, both), '127.0.0.1');
  t.is(announcedHost('::', false, { lo, eth0 }), 'fd00::2');
  t.is(announcedHost('0.0.0.0', false, { lo, eth0 }), '127.0.0.1');
  t.is(announcedHost('::', false, { lo }), '127.0.0.1');
  t.is(announcedHost('10.9.9.9', true, both), '10.9.9.9');
});

test('addresses read as in Redis', (t) => {
  t.is(joinAddress('127.0.0.1', 6379), '127.0.0.1:6379');
  t.is(joinAddress('::ffff:10.0.0.1', 1), '10.0.0.1:1');
  t.is(joinAddress('::1', 1), '[::1]:1');
});

test('a client that has ended its side still gets its replies', async (t) => {
  const node = await LoneNode.start();
  t.teardown(() => node.stop());
  const client = await RespClient.connect(node.port);
  client.write('SET a 1\r\nGET a\r\n');
  client.endWriting();
  t.deepEqual((await client.take(3)).map(plain), ['+OK', '1']);
  t.true(client.ended);
});

/** What a connection may send that has become a replica, or MONITORs; beside real Redis. */
import { connect, type Socket } from 'node:net';

import type { ExecutionContext } from 'ava';
import { startBoth } from '../support/both-servers.js';
import { testWithRedis as test } from '../support/real-redis.js';
import { RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';

/** All that a server sends on one connection. */
class RawConnection {
  readonly #socket: Socket;
  text = '';
  isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (data) => (this.text += String(data)));
    socket.on('close', () => (this.isClosed = true));
  }

  static open(t: ExecutionContext, port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      t.teardown(() => socket.destroy());
      socket.once('connect', () => resolve(new RawConnection(socket)));
      socket.on('error', reject);
    });
  }

  send(line: string): void {
    this.#socket.write(`${line}\r\n`, 'latin1');
  }

  /** Send a line, and wait until it ends with so much. */
  async ask(line: string, end: RegExp): Promise<void> {
    this.text = '';
    this.send(line);
    await until(() => end.test(this.text) || this.isClosed, line);
  }

  /** Follow the server; returns once the snapshot has come. */
  async follow(): Promise<void> {
    await this.ask('PSYNC ? -1', /FULLRESYNC[^]*\$\d+\r\nREDIS/);
    const length = Number(/\$(\d+)\r\nREDIS/.exec(this.text)?.[1]);
    const begin = this.text.indexOf('REDIS');
    await until(() => this.text.length >= begin + length, 'the snapshot');
    this.text = '';
  }
}

const FLAGS = ['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '3600'];

/** Each is answered, which a replica's connection has no place for; or is not, and it lives on. */
const FROM_REPLICA: readonly string[] = [
  'PING',
  'GET x',
  'NOSUCH',
  'DEL',
  'SUBSCRIBE a',
  'PSUBSCRIBE *',
  'UNSUBSCRIBE',
  'EVAL "return 1" 0',
  'MULTI',
  'WAIT 0 0',
  'REPLCONF capa eof',
  'REPLCONF bad 1',
  'REPLICAOF 127.0.0.1 1',
  'RESET',
  'QUIT',
  '*1\r\nx',
  '*99999999999',
  '"unbalanced',
  'REPLCONF ACK 5',
  'REPLCONF GETACK *',
  'PSYNC ? -1',
  'SYNC',
  'MONITOR',
  '',
];

test('what a replica sends is never answered; what wants an answer ends it', async (t) => {
  const outcomes: unknown[][] = [];
  for (const { port, client } of await startBoth(t, FLAGS)) {
    await client.call('CONFIG', 'RESETSTAT');
    const got: unknown[] = [];
    for (const line of FROM_REPLICA) {
      const replica = await RawConnection.open(t, port);
      await replica.follow();
      replica.send(line);
      await client.call('SET', 'x', line); // The stream goes on, or does not.
      await until(() => replica.isClosed || replica.text.includes('SET'), line);
      const hasEnded = line.startsWith('*') || replica.isClosed;
      await until(() => !hasEnded || replica.isClosed, line);
      got.push([line, replica.isClosed, /[-+:]/.test(replica.text)]);
      if (!replica.isClosed) await client.call('CLIENT', 'KILL', 'TYPE', 'replica');
      await until(async () => !/flags=S/.test(String(await client.value('CLIENT', 'LIST'))));
    }
    const stats = String(await client.value('INFO', 'stats'));
    got.push(/unexpected_error_replies:\d+/.exec(stats)?.[0]);
    await client.call('CONFIG', 'RESETSTAT');
    const reset = String(await client.value('INFO', 'stats'));
    got.push(/unexpected_error_replies:\d+/.exec(reset)?.[0]);
    outcomes.push(got);
  }
  t.deepEqual(outcomes[1], outcomes[0]);
});

test('a replica that is subscribed gets no message within its stream', async (t) => {
  for (const { port, client } of await startBoth(t, FLAGS)) {
    const replica = await RawConnection.open(t, port);
    await replica.ask('HELLO 3', /modules[^]*\*0\r\n$/);
    await replica.ask('SUBSCRIBE news', /:1\r\n$/);
    await replica.follow();
    await client.call('PUBLISH', 'news', 'one');
    await until(() => replica.isClosed, 'its end');
    t.notRegex(replica.text, /message/);
  }
});

test('MONITOR takes from a connection what a replica may not do either', async (t) => {
  const outcomes: string[] = [];
  for (const { port } of await startBoth(t, FLAGS)) {
    const monitor = await RawConnection.open(t, port);
    await monitor.ask('MONITOR', /OK\r\n$/);
    const lines = ['PSYNC ? -1', 'SYNC', 'REPLICAOF 127.0.0.1 1', 'SLAVEOF a b', 'GET x'];
    await monitor.ask([...lines, 'PING'].join('\r\n'), /PONG/);
    outcomes.push(monitor.text.replaceAll(/\+\d+\.\d+ .*\r\n/g, '').trimEnd());
  }
  t.is(outcomes[1], outcomes[0]);
  t.true(outcomes[0]!.includes('Command is not valid when client is a replica.'));
});

test('FAILOVER asks the replicas how far they are, and goes on when they answer', async (t) => {
  const [, { port, client }] = await startBoth(t, FLAGS);
  const replica = await RawConnection.open(t, port);
  await replica.ask('REPLCONF listening-port 1', /OK\r\n$/);
  await replica.follow();
  const info = async (): Promise<string> => String(await client.value('INFO', 'replication'));
  replica.send('REPLCONF ACK 0');
  await until(async () => (await info()).includes('state=online'), 'it is online');
  replica.text = '';
  await client.call('FAILOVER');
  await until(() => replica.text.includes('GETACK'), 'the question');
  t.regex(await info(), /master_failover_state:waiting-for-sync/);
  const offset = /master_repl_offset:(\d+)/.exec(await info())?.[1];
  replica.send(`REPLCONF ACK ${offset}`);
  const isUnderWay = /master_failover_state:failover-in-progress/;
  await until(async () => isUnderWay.test(await info()), 'the next step');
  await client.call('FAILOVER', 'ABORT');
  t.regex(await info(), /role:master/);
});

const QUESTIONS: readonly string[] = [
  'REPLCONF rdb-only 2',
  'REPLCONF rdb-only x',
  'REPLCONF rdb-only -1',
  'REPLCONF rdb-filter-only functions | PSYNC ? -1',
  'REPLCONF rdb-filter-only "" | SYNC',
  'REPLCONF rdb-filter-only x',
  'REPLCONF listening-port x',
  'REPLCONF ack 1 capa',
  'PSYNC ? x',
  'PSYNC ? 1.5',
  'PSYNC ?',
];

test('what is wrong with a request to follow is told in the same words', async (t) => {
  const outcomes: string[][] = [];
  for (const { port } of await startBoth(t, FLAGS)) {
    const got: string[] = [];
    for (const question of QUESTIONS) {
      const connection = await RawConnection.open(t, port);
      await connection.ask([...question.split(' | '), 'PING'].join('\r\n'), /PONG\r\n$/);
      got.push(`${question}: ${connection.text}`);
    }
    outcomes.push(got);
  }
  t.deepEqual(outcomes[1], outcomes[0]);
});

/** A command, and what CLIENT LIST calls it afterwards. */
const COMMANDS: readonly string[] = [
  'GET x',
  'PING',
  'NOSUCH',
  'GET',
  'CONFIG NOSUCH',
  'CONFIG GET save',
  'CONFIG GET',
  'SET a 1',
  'HSET a f v',
  'MULTI',
  'INCR a',
  'EXEC',
];

test('CLIENT LIST shows the last command of a client, wherever it ran', async (t) => {
  const outcomes: unknown[][] = [];
  for (const { port, client } of await startBoth(t, FLAGS)) {
    const other = await RespClient.connect(port);
    const id = String(await other.value('CLIENT', 'ID'));
    const got: unknown[] = [];
    for (const line of COMMANDS) {
      await other.call(...line.split(' '));
      const shown = String(await client.value('CLIENT', 'LIST', 'ID', id));
      got.push([line, /cmd=\S+/.exec(shown)?.[0]]);
    }
    other.close();
    outcomes.push(got);
  }
  t.deepEqual(outcomes[1], outcomes[0]);
});

/**
 * A group of servers and sentinels, each a process, real or ours: for failovers in which both kinds
 * have their say. Before each server stands a fault proxy, so that it can be black-holed: nothing
 * gets to it or comes from it, and no connection ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseInfo } from '../../src/resp/info-text.js';
import { FaultProxy } from '../../src/io/fault-proxy.js';
import { freePort } from '../../src/io/free-port.js';
import { plain, RespClient } from '../support/resp-client.js';
import { until } from '../support/until.js';
import { MAIN } from '../support/main.js';

export type Kind = 'real' | 'ours';
/** How a master goes: SIGKILL, SIGSTOP, behind a black hole, SENTINEL FAILOVER, or coordinated. */
export const MOVES = ['killed', 'stopped', 'black-holed', 'manual', 'coordinated'] as const;
export type Move = (typeof MOVES)[number];

const NAME = 'mymaster';
/** A real sentinel that the machine has left standing for two seconds is in TILT for thirty. */
const LIMIT_MS = 90_000;
/** At least so many are acknowledged while, and after, something is done. */
const WRITES = 100;
/**
 * Redis looks around every ten seconds; to be done with a move would take that long. Five pings are
 * how old a replica's INFO may be where it is to be promoted: with shorter ones a real leader finds
 * none that is good, now and then.
 */
const SHORT_PERIODS = 'info-period 300 publish-period 200 ping-period 200 ask-period 100'.split(
  ' ',
);

interface Program {
  readonly kind: Kind;
  /** Where the others find it. */
  readonly port: number;
  /** Where it listens itself. */
  readonly ownPort: number;
  readonly proxy: FaultProxy | null;
  readonly file: string;
  readonly log: string;
  /** Bytes of the log that were taken. */
  logTaken: number;
  readonly role: 'server' | 'sentinel';
  child: ChildProcess;
}

interface Watch {
  readonly client: RespClient;
  /** `<from port> <to port>` of each +switch-master. */
  readonly switches: string[];
}

export interface GroupOptions {
  readonly servers: readonly Kind[];
  readonly sentinels: readonly Kind[];
  readonly downAfterMs?: number;
}

export class QuorumGroup implements AsyncDisposable {
  readonly servers: Program[] = [];
  readonly sentinels: Program[] = [];
  masterPort = 0;
  #watches: Watch[] = [];
  readonly #dir: string;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /** The first server is master; resolves when all know each other. */
  static async start(options: GroupOptions): Promise<QuorumGroup> {
    const group = new QuorumGroup(await mkdtemp(path.join(tmpdir(), 'ringleader-quorum-')));
    try {
      await group.#begin(options);
      return group;
    } catch (error) {
      await group[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #begin({ servers, sentinels, downAfterMs = 500 }: GroupOptions): Promise<void> {
    for (const kind of servers) {
      const lines = ['save ""', 'repl-diskless-sync-delay 0', 'bind 127.0.0.1'];
      if (this.masterPort > 0) lines.push(`replicaof 127.0.0.1 ${this.masterPort}`);
      const program = await this.#add(kind, 'server', lines);
      this.servers.push(program);
      if (this.masterPort === 0) this.masterPort = program.port;
    }
    await this.#untilFollowed();
    const quorum = Math.floor(sentinels.length / 2) + 1;
    for (const kind of sentinels) {
      const lines = [
        'bind 127.0.0.1',
        `sentinel monitor ${NAME} 127.0.0.1 ${this.masterPort} ${quorum}`,
        `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
        `sentinel failover-timeout ${NAME} 10000`,
        `sentinel parallel-syncs ${NAME} 5`,
      ];
      this.sentinels.push(await this.#add(kind, 'sentinel', lines));
    }
    for (const { port } of this.sentinels) await ask(port, 'SENTINEL', 'DEBUG', ...SHORT_PERIODS);
    this.#watches = await Promise.all(this.sentinels.map(watch));
    await this.untilSettled();
  }

  async #add(kind: Kind, role: Program['role'], lines: readonly string[]): Promise<Program> {
    const ownPort = await freePort();
    const proxy = role === 'server' ? await proxyBefore(ownPort) : null;
    const port = proxy?.address.port ?? ownPort;
    const dir = path.join(this.#dir, `${port}`);
    const file = path.join(this.#dir, `${port}.conf`);
    await mkdir(dir);
    const log = path.join(dir, 'log');
    const own = [`port ${ownPort}`, `dir ${dir}`, `logfile ${log}`];
    if (proxy !== null) own.push('replica-announce-ip 127.0.0.1', `replica-announce-port ${port}`);
    await writeFile(file, `${[...own, ...lines].join('\n')}\n`);
    const child = launch(kind, role, file);
    const program = { kind, port, ownPort, proxy, file, log, logTaken: 0, role, child };
    await until(() => answers(ownPort), `${kind} ${role} at ${port}`, LIMIT_MS);
    return program;
  }

  /** Do it to the master, and wait for another one. @returns ms until each sentinel names it. */
  async move(how: Move, by = 0): Promise<number> {
    const from = this.masterPort;
    const master = this.servers.find(({ port }) => port === from)!;
    const begin = performance.now();
    if (how === 'killed') {
      master.child.kill('SIGKILL');
      await master.proxy?.actorIsDown(true);
    } else if (how === 'stopped') master.child.kill('SIGSTOP');
    else if (how === 'black-holed') master.proxy?.hold('both');
    else {
      const isCoordinated = how === 'coordinated';
      const able = this.sentinels.filter(({ kind }) => !isCoordinated || kind === 'ours');
      const sentinel = able[by % able.length]!;
      const more = isCoordinated ? ['COORDINATED'] : [];
      const answer = await ask(sentinel.port, 'SENTINEL', 'FAILOVER', NAME, ...more);
      if (answer !== '+OK') throw new Error(`SENTINEL FAILOVER: ${String(answer)}`);
    }
    await until(() => this.#isAgreed(from), `another master after it was ${how}`, LIMIT_MS);
    const tookMs = performance.now() - begin;
    if (how === 'killed') {
      master.child = launch(master.kind, 'server', master.file);
      await until(() => answers(master.ownPort), 'the killed one is back', LIMIT_MS);
      await master.proxy?.actorIsDown(false);
    }
    if (how === 'stopped') master.child.kill('SIGCONT');
    if (how === 'black-holed') master.proxy?.hold('nothing');
    return tookMs;
  }

  /**
   * Write while something is done. @returns how many writes were acknowledged, and which are gone.
   */
  async writing(action: () => Promise<unknown>): Promise<{ acked: number; lost: string[] }> {
    const acked: string[] = [];
    const over = new AbortController();
    const writer = (async () => {
      let client: RespClient | null = null;
      for (let n = 0; !over.signal.aborted; n++) {
        client ??= await RespClient.connect(this.masterPort).catch(() => null);
        const key = `write-${n}`;
        const answer = client === null ? null : await client.value('SET', key, 'x');
        if (answer === '+OK') acked.push(key);
        else {
          client?.close();
          client = null;
          await delay(5);
        }
      }
      client?.close();
    })();
    await action();
    await until(() => acked.length > WRITES, 'writes go on', LIMIT_MS);
    over.abort();
    await writer;
    const lost: string[] = [];
    for (const key of acked) {
      if ((await ask(this.masterPort, 'EXISTS', key)) !== 1) lost.push(key);
    }
    return { acked: acked.length, lost };
  }

  /** Whether all sentinels name one master that is not this one. */
  async #isAgreed(from: number): Promise<boolean> {
    const named = await Promise.all(
      this.sentinels.map(({ port }) => ask(port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)),
    );
    const ports = new Set(named.map((address) => Number(Array.isArray(address) && address[1])));
    const [to = 0] = ports;
    if (ports.size !== 1 || to === from || to === 0) return false;
    this.masterPort = to;
    return true;
  }

  /** Wait until everyone is where it belongs: for the next move, or the end. */
  async untilSettled(): Promise<void> {
    try {
      await this.#untilAllSettled();
    } catch (error) {
      throw new Error(await this.#places(), { cause: error });
    }
  }

  /** Whom each sentinel names, and whom each server follows: for who has to find out why. */
  async #places(): Promise<string> {
    const named = this.sentinels.map(async ({ kind, port }) => {
      const address = await ask(port, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME);
      return `${kind} sentinel ${port} names ${String(address)}`;
    });
    const roles = this.servers.map(async ({ kind, port, ownPort }) => {
      return `${kind} server ${port} is ${String(await ask(ownPort, 'ROLE'))}`;
    });
    return (await Promise.all([...named, ...roles])).join('; ');
  }

  async #untilAllSettled(): Promise<void> {
    await this.#untilFollowed();
    const seen = async ({ port }: Program): Promise<boolean> => {
      const fields = await this.#master(port);
      return (
        fields.get('flags') === 'master' &&
        fields.get('num-slaves') === `${this.servers.length - 1}` &&
        fields.get('num-other-sentinels') === `${this.sentinels.length - 1}` &&
        (await this.#replicasAreUp(port))
      );
    };
    for (const sentinel of this.sentinels) {
      await until(() => seen(sentinel), `${sentinel.kind} sentinel sees all`, LIMIT_MS);
    }
  }

  async #replicasAreUp(port: number): Promise<boolean> {
    const list = await ask(port, 'SENTINEL', 'REPLICAS', NAME);
    return (
      Array.isArray(list) &&
      list.every((replica) => {
        const fields = toFields(replica);
        return fields.get('flags') === 'slave' && fields.get('master-link-status') === 'ok';
      })
    );
  }

  async #master(port: number): Promise<ReadonlyMap<string, string>> {
    return toFields(await ask(port, 'SENTINEL', 'MASTER', NAME));
  }

  /** The epoch of each sentinel's configuration. */
  async configEpochs(): Promise<Set<string | undefined>> {
    const all = await Promise.all(this.sentinels.map(({ port }) => this.#master(port)));
    return new Set(all.map((fields) => fields.get('config-epoch')));
  }

  /** Take what each sentinel has said of moves since the last call: `<from port> <to port>`. */
  takeSwitches(): string[][] {
    return this.#watches.map(({ switches }) => switches.splice(0));
  }

  /** Take what each process has logged since the last call, a heading before it. */
  async takeLogs(): Promise<string[]> {
    const taken: string[] = [];
    for (const program of [...this.sentinels, ...this.servers]) {
      const log = await readFile(program.log);
      taken.push(`${program.kind} ${program.role} ${program.port}:`);
      taken.push(log.toString('utf8', program.logTaken).trimEnd());
      program.logTaken = log.length;
    }
    return taken;
  }

  async #untilFollowed(): Promise<void> {
    const follows = async ({ port, ownPort }: Program): Promise<boolean> => {
      const info = parseInfo(String(await ask(ownPort, 'INFO', 'replication')));
      if (port === this.masterPort) return info.get('role') === 'master';
      return (
        info.get('master_port') === `${this.masterPort}` && info.get('master_link_status') === 'up'
      );
    };
    for (const server of this.servers) {
      const { port, kind } = server;
      const hasItsPlace = async (): Promise<boolean> => {
        // A machine that stands still may lead to one more failover: who watches sees two switches.
        await this.#isAgreed(0);
        return follows(server);
      };
      await until(hasItsPlace, `the ${kind} server ${port} has its place`, LIMIT_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { client } of this.#watches) client.close();
    for (const { child } of [...this.sentinels, ...this.servers]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    for (const { proxy } of this.servers) await proxy?.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

async function proxyBefore(port: number): Promise<FaultProxy> {
  const target = { host: '127.0.0.1', port };
  const pass = { request() {}, reply: (bytes: Buffer): Uint8Array => bytes, closed() {} };
  const proxy = new FaultProxy(
    () => target,
    () => pass,
  );
  await proxy.listen('127.0.0.1', await freePort());
  return proxy;
}

function launch(kind: Kind, role: Program['role'], file: string): ChildProcess {
  const [program, ...args] =
    kind === 'ours'
      ? [process.execPath, MAIN, role, file]
      : ['redis-server', file, ...(role === 'sentinel' ? ['--sentinel'] : [])];
  return spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function ask(port: number, ...words: readonly string[]): Promise<unknown> {
  const client = await RespClient.connect(port).catch(() => null);
  if (client === null) return null;
  try {
    return await client.value(...words);
  } finally {
    client.close();
  }
}

const answers = async (port: number): Promise<boolean> => (await ask(port, 'PING')) === '+PONG';

async function watch({ port }: Program): Promise<Watch> {
  const client = await RespClient.connect(port);
  await client.call('SUBSCRIBE', '+switch-master');
  const switches: string[] = [];
  void (async () => {
    for (;;) {
      const message = await client.next();
      if (message === null) return;
      const value = plain(message);
      const [, , fromPort, , toPort] = String(Array.isArray(value) && value.at(-1)).split(' ');
      switches.push(`${fromPort} ${toPort}`);
    }
  })();
  return { client, switches };
}

function toFields(value: unknown): ReadonlyMap<string, string> {
  const words = Array.isArray(value) ? value.map(String) : [];
  return new Map(
    words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? ''] as const] : [])),
  );
}

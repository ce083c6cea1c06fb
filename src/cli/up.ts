/** `ringleader up`: a whole cluster on real ports, until Ctrl-C. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

import { Cluster } from '../cluster/cluster.js';
import type { ClusterOptions, Topology } from '../cluster/options.js';
import { realClock } from '../io/clock.js';
import { duration } from './duration.js';
import { exitCodeOfSignal } from './exit-code.js';
import { engineOf, engineOption, type EngineWord } from './engine.js';
import { startConsole } from './console.js';
import { printEvents } from './event-lines.js';
import { print, printWidth } from './print.js';
import { untilSignal } from './signals.js';
import { readTopologyFile } from './topology-file.js';
import { topologyTable } from './topology-table.js';

/** The ports that clients and redis-cli try by default. */
const DEFAULTS: ClusterOptions = { port: 6379, sentinelPort: 26_379 };

/** What head takes to end. */
const READER_MS = 200;

interface UpFlags {
  readonly engine?: EngineWord;
  readonly config?: string;
  readonly replicas?: number;
  readonly sentinels?: number;
  readonly port?: number;
  readonly sentinelPort?: number;
  readonly downAfter?: number;
  readonly quorum?: number;
  readonly name?: string;
  readonly host?: string;
  readonly announceIp?: string;
  readonly replicaof?: string;
  readonly watch?: Readonly<Record<string, string>>;
  readonly dir?: string;
  readonly save?: string;
  readonly appendonly?: boolean;
  readonly seed?: number;
  readonly fencing?: boolean;
  readonly strict?: boolean;
}

export function upCommand(): Command {
  return new Command('up')
    .description('start a master, its replicas and their sentinels, and print what happens')
    .addOption(engineOption())
    .option('--replicas <n>', 'replicas beside the one master (default: 2)', integer)
    .option('--sentinels <n>', 'sentinels (default: 3)', integer)
    .option(
      '--port <port>',
      'node i listens on this port + i; 0: free ones (default: 6379)',
      integer,
    )
    .option('--sentinel-port <port>', 'the same for sentinels (default: 26379)', integer)
    .option('--host <address>', 'address to listen on; 0.0.0.0 or *: all (default: 127.0.0.1)')
    .option(
      '--announce-ip <address>',
      'address that nodes and sentinels say they have (default: --host; of all, the own one)',
    )
    .option('--down-after <time>', 'silence until a node counts as down (default: 1s)', duration)
    .option('--quorum <n>', 'sentinels that must agree on it (default: the majority)', integer)
    .option('--name <name>', 'what the sentinels call the group (default: mymaster)')
    .option(
      '--replicaof <url>',
      'follow this master outside, read-only until promoted: redis://[user:password@]host:port',
    )
    .option(
      '--watch <name=url>',
      'have the sentinels watch this master outside too, under this name (may be repeated)',
      watched,
    )
    .option('--dir <folder>', 'keep the data in this folder (default: in memory only)')
    .option('--save <points>', 'with --dir: "<seconds> <changes> …", or "" (default: as Redis)')
    .addOption(
      new Option(
        '--appendonly <yes|no>',
        'with --dir: every write into a file (default: no)',
      ).argParser(yesNo),
    )
    .option('--seed <n>', "of the cluster's own randomness", integer)
    .addOption(
      new Option(
        '--no-fencing',
        "do not fence a deposed master's memory: behave as a network does",
      ).default(undefined),
    )
    .option(
      '--strict',
      'answer once a majority of the nodes holds what is told: no failover loses an acknowledged write',
    )
    .option('--config <file>', 'topology file (YAML); flags win over it')
    .action(up);
}

async function up(flags: UpFlags): Promise<void> {
  const stopped = untilSignal();
  const cluster = await Promise.race([Cluster.start(toOptions(flags)), stopped]);
  // What is still starting goes with this process; to wait for it can take half a minute.
  if (typeof cluster === 'string') process.exit(exitCodeOfSignal(cluster));
  await using _ = cluster;
  print(topologyTable(cluster, printWidth()));
  // A reader that wanted no more than the table, as head, is gone by then: the next line tells.
  if (!process.stdout.isTTY) await setTimeout(READER_MS);
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const hint = isTerminal ? 'help says what can be typed. ' : '';
  print(`\n${cluster.url}\n${protectedNotice(cluster.topology)}${hint}Ctrl-C ends it.\n`);
  if (isTerminal) await operate(cluster, stopped);
  else {
    printEvents(cluster, print, () => realClock.wallMs());
    await stopped;
  }
}

/** On a terminal: events above a prompt, until its end or a signal. */
async function operate(cluster: Cluster, stopped: Promise<unknown>): Promise<void> {
  const leaving = new AbortController();
  const terminal = startConsole(cluster, () => leaving.abort());
  printEvents(
    cluster,
    (text) => terminal.print(text),
    () => realClock.wallMs(),
  );
  await Promise.race([stopped, once(leaving.signal, 'abort')]);
  terminal.close();
}

/**
 * @returns a line for who listens to others but, without a password, serves none of them; or ''.
 */
export function protectedNotice({ host, isProtected }: Topology): string {
  if (!isProtected || /^(127\.|::1$|localhost$)/.test(host)) return '';
  return 'Protected mode: only connections over loopback are served, until requirepass is set (or protected-mode no) under `config:` of a topology file.\n';
}

/** Flags over file over defaults. */
export function toOptions(flags: UpFlags): ClusterOptions {
  const { config, downAfter, engine, fencing, replicaof, ...rest } = flags;
  const given = {
    ...rest,
    ...engineOf(engine),
    ...(fencing === false ? { fencing } : {}), // There is a flag for no alone.
    downAfterMs: downAfter,
    replicaOf: replicaof,
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const file = config === undefined ? {} : readTopologyFile(config);
  return { ...DEFAULTS, ...file, ...Object.fromEntries(set) };
}

function yesNo(text: string): boolean {
  if (text !== 'yes' && text !== 'no') throw new InvalidArgumentError('Either yes or no.');
  return text === 'yes';
}

function integer(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('Not an integer.');
  return Number(text);
}

/** `--watch name=redis://host:port`, once more. */
function watched(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It takes name=redis://host:port.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

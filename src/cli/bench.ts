/** `ringleader bench`: how fast writes reach every replica, alone or beside a real server. */
import { Command } from 'commander';

import { RingleaderError } from '../base/errors.js';
import { unusable } from '../base/refuse.js';
import { readDuration } from '../base/quantity.js';
import { realClock } from '../io/clock.js';
import { checkWritable, writeReport } from '../io/report-file.js';
import { bench, type BenchPlan, type Peer } from '../lab/bench/bench.js';
import { parseFault } from '../lab/bench/failover.js';
import { benchReport } from '../lab/bench/result-report.js';
import { parseCount, parseDistribution, parseMix, parseValueSize } from '../lab/load/spec.js';
import { chartSize, renderText } from '../report/terminal.js';
import { madeNow } from './command-line.js';
import { engineOf, engineOption, type EngineWord } from './engine.js';
import { exitCodeOfSignal } from './exit-code.js';
import { exitFromUsage, fail } from './fail.js';
import { type Example, examples } from './help-text.js';
import { print, printWidth } from './print.js';
import { startProgress } from './progress.js';

const EXAMPLES: readonly Example[] = [
  { does: 'SETs to two replicas, from a thread of the same process', command: 'ringleader bench' },
  {
    does: 'the same beside a real Redis: in the process and over TCP, in turn, as ratios',
    command: 'ringleader bench --against redis --pipeline 1,16,100 --html bench.html',
  },
  {
    does: 'a mix with hot keys at a fixed rate: latency counts from when a command was due',
    command:
      'ringleader bench --via tcp --mix set:20,get:80 --size 16-4096 --distribution zipf:0.99 --rate 20000',
  },
  {
    does: 'what clients see while the master dies',
    command: 'ringleader bench --through-failover kill --duration 5s --html failover.html',
  },
  { command: 'ringleader bench --through-failover kill --engine redis --duration 5s' },
];

interface BenchFlags {
  readonly engine?: EngineWord;
  readonly via?: string;
  readonly replicas: string;
  readonly mix: string;
  readonly size: string;
  readonly keys: string;
  readonly distribution: string;
  readonly pipeline?: string;
  readonly clients?: string;
  readonly rate?: string;
  readonly duration: string;
  readonly runs: string;
  readonly driver: string;
  readonly against?: string;
  readonly flush: boolean;
  readonly throughFailover?: string;
  readonly stages: boolean;
  readonly seed: string;
  readonly html?: string;
  readonly json: boolean;
}

export function benchCommand(): Command {
  return new Command('bench')
    .description('measure how fast writes reach every replica, alone or beside a real server')
    .option(
      '--via <way>',
      'process, tcp, or both: process,tcp (default: process; beside a server, both)',
    )
    .option('--replicas <n>', '0 to 16', '2')
    .option('--mix <list>', 'set, get, incr, mset, each with a weight: set:80,get:20', 'set')
    .option('--size <size>', 'of a value: 64, 4kb, or a range: 16-4kb', '64')
    .option('--keys <n>', 'distinct keys', '100000')
    .option('--distribution <name>', 'of the keys: uniform, zipf or zipf:THETA', 'uniform')
    .option('--pipeline <list>', 'commands a batch: 1,16,100 (default: process 1000, tcp 100)')
    .option('--clients <n>', 'each with one batch under way (default: process 8, tcp 50)')
    .option(
      '--rate <n>',
      'commands/s (default: as fast as they are answered; through a failover 5000)',
    )
    .option('--duration <time>', 'of one run: 500ms, 2s, 1m', '2s')
    .option('--runs <n>', 'of each kind', '3')
    .option('--driver <name>', 'over TCP: own, redis-benchmark, or auto', 'auto')
    .option('--against <server>', 'redis or valkey, started for it; or HOST:PORT of one that runs')
    .option(
      '--flush',
      'allow FLUSHALL on a server that runs; else only own keys are touched',
      false,
    )
    .option(
      '--through-failover <fault>',
      'kill, freeze, throw, exit, oom or hang the master meanwhile',
    )
    .addOption(engineOption())
    .option('--no-stages', 'do not measure the stages of a command and bare copies')
    .option('--seed <n>', "of the load's dice", '1')
    .option('--html <file>', 'write a page with plots')
    .option('--json', 'print the results for machines', false)
    .addHelpText('after', examples(EXAMPLES))
    .exitOverride(exitFromUsage)
    .action(run);
}

async function run(flags: BenchFlags): Promise<void> {
  const progress = startProgress();
  // Servers and folders of ours go with the process: not by a signal alone.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => process.exit(exitCodeOfSignal(signal)));
  try {
    const plan = toPlan(flags, (text) => progress.say(text));
    if (flags.html !== undefined) checkWritable(flags.html);
    const result = await bench(plan);
    progress.end();
    const report = benchReport(result);
    if (flags.html !== undefined) {
      writeReport(flags.html, {
        ...report,
        made: madeNow(realClock.wallMs(), process.argv.slice(2)),
      });
    }
    print(
      flags.json ? JSON.stringify(result, null, 2) : renderText(report, chartSize(printWidth())),
    );
    if (flags.html !== undefined) process.stderr.write(`written: ${flags.html}\n`);
    if (result.lost !== null) {
      const rest = 'the runs until then are reported';
      throw new RingleaderError('CONNECTION_LOST', `${result.lost}; ${rest}`);
    }
  } catch (error) {
    progress.end();
    fail(error);
  }
}

/** How long a run may last, ms. */
const RUN_MS = { least: 50, most: 3_600_000 };

/** @throws RingleaderError CONFIG_INVALID, naming the option and the rule. */
export function toPlan(flags: BenchFlags, say: (text: string) => void): BenchPlan {
  const against = flags.against === undefined ? null : toPeer(flags.against, flags.flush);
  const fault = flags.throughFailover === undefined ? null : parseFault(flags.throughFailover);
  if (fault !== null && against !== null) {
    throw invalid(
      '--through-failover',
      'it is of ours only, without --against',
      flags.against ?? '',
    );
  }
  const replicas = parseCount('--replicas', flags.replicas, [0, 16]);
  if (fault !== null && replicas === 0) {
    throw invalid('--replicas', 'a failover needs at least one', flags.replicas);
  }
  const { engine = 'threads' } = engineOf(flags.engine);
  if (fault === null && engine !== 'threads') {
    throw invalid('--engine', 'it is for --through-failover', flags.engine ?? '');
  }
  const usual = fault !== null ? 'tcp' : against === null ? 'process' : 'process,tcp';
  if (engine !== 'threads' && flags.via !== undefined && flags.via !== 'tcp') {
    throw invalid('--via', `with --engine ${flags.engine} there is tcp`, flags.via);
  }
  const isForeign = against?.type === 'server';
  return {
    load: {
      mix: parseMix(flags.mix),
      size: parseValueSize(flags.size),
      distribution: parseDistribution(flags.distribution),
      keys: parseCount('--keys', flags.keys, [1, 100_000_000]),
      prefix: isForeign ? 'ringleader:bench:' : 'key:',
    },
    replicas,
    vias: (flags.via ?? usual).split(',').map((via) => oneOf('--via', via, ['process', 'tcp'])),
    pipelines:
      flags.pipeline?.split(',').map((each) => parseCount('--pipeline', each, [1, 10_000])) ?? null,
    clients: optionalCount('--clients', flags.clients, [1, 1000]),
    rate: optionalCount('--rate', flags.rate, [1, 100_000_000]),
    durationMs: readDuration('--duration', flags.duration, RUN_MS),
    runs: parseCount('--runs', flags.runs, [1, 1000]),
    driver: oneOf('--driver', flags.driver, ['auto', 'own', 'redis-benchmark']),
    against,
    fault,
    engine,
    stages: flags.stages,
    seed: parseCount('--seed', flags.seed, [0, 2 ** 32 - 1]),
    say,
  };
}

function optionalCount(
  option: string,
  text: string | undefined,
  range: [number, number],
): number | null {
  return text === undefined ? null : parseCount(option, text, range);
}

function toPeer(text: string, flush: boolean): Peer {
  if (text === 'redis' || text === 'valkey') return { type: 'program', program: `${text}-server` };
  const [, host, port] = /^([^:\s]+|\[[^\]]+\]):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw invalid('--against', 'redis, valkey or HOST:PORT', text);
  }
  return { type: 'server', host: host.replace(/^\[|\]$/g, ''), port: Number(port), flush };
}

function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const name = names.find((each) => each === text.trim());
  if (name === undefined) throw invalid(option, `one of ${names.join(', ')}`, text);
  return name;
}

function invalid(option: string, rule: string, got: string): RingleaderError {
  return unusable(option, rule, `'${got}'`);
}

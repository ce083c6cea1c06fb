/**
 * `ringleader drill -- node app.js`: a user's program against a cluster that is struck, judged
 * from outside.
 *
 * The program is found by no more than environment variables. What it did is read from its links:
 * commands, replies, silence; what it says on stderr after the strike counts as an error that it
 * noticed. Exit code: 0, all passed; 1, one did not; 2, wrong input.
 */
import { Command, InvalidArgumentError, Option } from 'commander';

import { RingleaderError } from '../base/errors.js';
import type { ClusterOptions } from '../cluster/options.js';
import { parseOptions } from '../cluster/options.js';
import { findScenario, SCENARIOS } from '../drill/judge/catalogue.js';
import { type TimedVerdict } from '../drill/judge/junit.js';
import { renderVerdict, summarize } from '../drill/judge/report.js';
import { parseScenario, type Scenario } from '../drill/judge/scenario.js';
import { drill } from '../drill/stage/drill.js';
import { checkWritable } from '../io/report-file.js';
import { type Detection, DETECTIONS } from '../runtime/messages.js';
import { writeDrillFiles } from './drill-files.js';
import { DrilledProgram, endedEarly, lastWords } from './drilled-program.js';
import { duration } from './duration.js';
import { engineOf, engineOption, type EngineWord } from './engine.js';
import { exitFromUsage, fail } from './fail.js';
import { type Example, examples } from './help-text.js';
import { print } from './print.js';
import { readTopologyFile } from './topology-file.js';

/** The options, parsed; times in ms. */
export interface DrillFlags {
  readonly scenario: readonly string[];
  readonly budget: number;
  readonly slow?: number;
  readonly start: number;
  readonly engine?: EngineWord;
  readonly replicas?: number;
  readonly sentinels?: number;
  readonly downAfter?: number;
  readonly detection?: Detection;
  readonly set: Readonly<Record<string, string>>;
  readonly list?: true;
  readonly json?: true;
  readonly html?: string;
  readonly junit?: string;
  readonly timeline?: true;
  readonly verbose?: true;
}

const EXAMPLES: readonly Example[] = [
  { command: 'ringleader drill -- node app.js' },
  { command: 'ringleader drill --scenario kill,freeze --budget 3s -- node app.js' },
  {
    does: 'one after the other',
    command: 'ringleader drill --scenario flapping+kill -- python3 worker.py',
  },
  { command: 'ringleader drill --scenario all --html drill.html --junit drill.xml -- npm start' },
  { command: 'ringleader drill --scenario ./monday.yaml --json -- node app.js > verdicts.json' },
  {
    does: 'against the real thing',
    command: 'ringleader drill --engine redis --scenario all -- node app.js',
  },
  {
    command:
      'ringleader drill --set min-replicas-to-write=1 --scenario minority-partition -- node app.js',
  },
  { command: 'ringleader drill --list' },
];
const PROGRAM =
  'The program gets REDIS_URL (the present master), REDIS_HOST, REDIS_PORT, REDIS_SENTINELS (host:port,host:port…), REDIS_SENTINEL_NAME and REDIS_SENTINEL_URL. It should read or write all the time, and is ended by SIGTERM, with all processes that it has started; after 0.5 s by SIGKILL.';

export function drillCommand(): Command {
  return new Command('drill')
    .description('run a program against a cluster while its master fails, and judge the program')
    .usage('[options] -- <program> [arguments…]')
    .argument('[program...]', 'the program to try, behind --')
    .option(
      '--scenario <names>',
      'what happens: names (see --list) separated by commas, + for one after the other, a YAML file, or all',
      names,
      ['kill', 'freeze'],
    )
    .option('--budget <time>', 'time to be working again: 5s, 800ms', duration, 5_000)
    .option(
      '--slow <time>',
      'a recovery that takes longer is slow (default: half the budget)',
      duration,
    )
    .option('--start <time>', 'time for the program to start working', duration, 10_000)
    .addOption(engineOption())
    .option('--replicas <n>', 'replicas of the cluster (default: 2)', integer)
    .option('--sentinels <n>', 'its sentinels (default: 3)', integer)
    .option('--down-after <time>', 'silence until a node counts as down (default: 500ms)', duration)
    .addOption(
      new Option(
        '--detection <how>',
        'how sentinels find out that a node has died: event, at once (default), or down-after, as in production',
      ).choices(DETECTIONS),
    )
    .option(
      '--set <name=value>',
      'a redis.conf directive for its nodes; may be repeated',
      directive,
      {},
    )
    .option('--list', 'list the scenarios and end')
    .option('--json', 'print the verdicts as JSON, on stdout')
    .option('--timeline', 'print the whole timeline instead of five lines of it')
    .option('--html <file>', 'write a page with the verdicts, their timelines and plots')
    .option('--junit <file>', 'write the verdicts as tests, for a CI server')
    .option('--verbose', "show the program's own output, on stderr")
    .addHelpText('after', examples(EXAMPLES, PROGRAM))
    .exitOverride(exitFromUsage)
    .action(async (program: readonly string[], flags: DrillFlags) => {
      try {
        await drillProgram(program, flags);
      } catch (error) {
        fail(error);
      }
    });
}

/**
 * Try a program under each scenario, print the verdicts and set the exit code.
 *
 * @param words - the program and its arguments.
 * @throws RingleaderError CONFIG_INVALID: wrong input; nothing has been started.
 */
export async function drillProgram(words: readonly string[], flags: DrillFlags): Promise<void> {
  if (flags.list === true) {
    print(flags.json === true ? JSON.stringify([...SCENARIOS.values()], null, 2) : listing());
    return;
  }
  const [command, ...args] = words;
  if (command === undefined) {
    throw new RingleaderError(
      'CONFIG_INVALID',
      'there is no program to try: put it behind --, as in ringleader drill -- node app.js',
    );
  }
  for (const file of [flags.html, flags.junit]) if (file !== undefined) checkWritable(file);
  const scenarios = flags.scenario.flatMap(readScenarios); // All of them first: nothing half-done.
  const cluster = clusterOptions(flags);
  parseOptions(cluster);
  const program = new DrilledProgram(command, args, flags.verbose === true);
  const all: TimedVerdict[] = [];
  let neverWorked: string | null = null;
  try {
    for (const [i, scenario] of scenarios.entries()) {
      process.stderr.write(`${i + 1}/${scenarios.length} ${scenario.name} …\n`);
      const timed = await drillOnce(scenario, cluster, flags, program);
      all.push(timed);
      if (flags.json !== true) print(described(timed, flags));
      // It would end the same way under all others.
      if (program.end !== null && timed.verdict.outcome === 'no-traffic') {
        neverWorked = endedEarly(program.end);
        break;
      }
    }
  } finally {
    // What was found out before an error is kept.
    if (all.length > 0) writeDrillFiles(flags, all, words);
  }
  const verdicts = all.map(({ verdict }) => verdict);
  if (flags.json === true) print(JSON.stringify(verdicts, null, 2));
  else if (verdicts.length > 1) print(verdicts.map(summarize).join('\n'));
  if (neverWorked !== null) process.stderr.write(`ringleader: ${neverWorked}\n`);
  process.exitCode = verdicts.every(({ passed }) => passed) ? 0 : 1;
}

function described({ verdict, more }: TimedVerdict, { timeline }: DrillFlags): string {
  const parts = [
    renderVerdict(verdict, timeline === true ? { timelineLines: Infinity } : {}),
    more,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

async function drillOnce(
  scenario: Scenario,
  cluster: ClusterOptions,
  flags: DrillFlags,
  program: DrilledProgram,
): Promise<TimedVerdict> {
  const begin = performance.now();
  const verdict = await drill({
    scenario,
    cluster,
    budgetMs: flags.budget,
    startWithinMs: flags.start,
    ...(flags.slow === undefined ? {} : { slowMs: flags.slow }),
    client: (ctx) => program.run(ctx),
  });
  if (program.unusable !== null) {
    throw new RingleaderError('CONFIG_INVALID', `cannot run the program: ${program.unusable}`);
  }
  const more = program.end === null ? '' : lastWords(program.end);
  return { verdict, seconds: (performance.now() - begin) / 1_000, more };
}

function readScenarios(asked: string): Scenario[] {
  if (asked === 'all') return [...SCENARIOS.values()];
  if (!/[./\\]/.test(asked)) return [findScenario(asked)];
  const { name = 'own', steps, about = '', ...rest } = readTopologyFile(asked);
  return [parseScenario({ name, about, steps, ...rest })];
}

function clusterOptions({
  engine,
  replicas,
  sentinels,
  downAfter,
  detection,
  set,
}: DrillFlags): ClusterOptions {
  return {
    ...engineOf(engine),
    ...(replicas === undefined ? {} : { replicas }),
    ...(sentinels === undefined ? {} : { sentinels }),
    ...(downAfter === undefined ? {} : { downAfterMs: downAfter }),
    ...(detection === undefined ? {} : { detection }),
    config: set,
  };
}

function listing(): string {
  const width = Math.max(...[...SCENARIOS.keys()].map(({ length }) => length));
  return [...SCENARIOS.values()]
    .map(({ name, about }) => `${name.padEnd(width)}  ${about}`)
    .join('\n');
}

function names(text: string): string[] {
  const all = text.split(',').map((name) => name.trim());
  if (all.includes('')) throw new InvalidArgumentError('Names are separated by single commas.');
  return all;
}

function directive(text: string, others: Record<string, string>): Record<string, string> {
  const [name = '', ...value] = text.split('=');
  if (!/^[a-z0-9-]+$/.test(name) || value.length === 0) {
    throw new InvalidArgumentError('A directive is given as name=value.');
  }
  return { ...others, [name]: value.join('=') };
}

function integer(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Not an integer.');
  return Number(text);
}

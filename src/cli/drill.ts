/**
 * `ringleader drill -- node app.js`: somebody's program against a cluster that is struck, judged from
 * outside.
 *
 * The program is found by no more than environment variables. What it did is read from its links:
 * commands, replies, silence; what it says on stderr after the strike counts as an error that it
 * noticed. Exit code: 0, all passed; 1, one did not; 2, wrong input.
 */
import { Command, InvalidArgumentError } from 'commander';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { RingleaderError } from '../base/errors.js';
import { drill } from '../drill/stage/drill.js';
import type { DrillContext } from '../drill/stage/context.js';
import { type ClusterOptions, parseOptions } from '../cluster/options.js';
import { findScenario, SCENARIOS } from '../drill/judge/catalogue.js';
import { renderVerdict, summarize } from '../drill/judge/report.js';
import { parseScenario, type Scenario } from '../drill/judge/scenario.js';
import type { Verdict } from '../drill/judge/verdict.js';
import { duration } from './duration.js';
import { exitFromUsage, fail } from './fail.js';
import { print } from './print.js';
import { readTopologyFile } from './topology-file.js';

/** The options, parsed; times in ms. */
export interface DrillFlags {
  readonly scenario: readonly string[];
  readonly budget: number;
  readonly slow?: number;
  readonly start: number;
  readonly replicas?: number;
  readonly sentinels?: number;
  readonly downAfter?: number;
  readonly set: Readonly<Record<string, string>>;
  readonly list?: true;
  readonly json?: true;
  readonly verbose?: true;
}

const EXAMPLES = `
The program gets REDIS_URL (the present master), REDIS_HOST, REDIS_PORT, REDIS_SENTINELS
(host:port,host:port…), REDIS_SENTINEL_NAME and REDIS_SENTINEL_URL. It should read or write all the
time, and is ended by SIGTERM.

Examples:
  ringleader drill -- node app.js
  ringleader drill --scenario kill,freeze --budget 3s -- node app.js
  ringleader drill --scenario flapping+kill -- python3 worker.py      one after the other
  ringleader drill --scenario ./monday.yaml --json -- node app.js > verdicts.json
  ringleader drill --set min-replicas-to-write=1 --scenario minority-partition -- node app.js
  ringleader drill --list`;

export function drillCommand(): Command {
  return new Command('drill')
    .description('run a program against a cluster while its master fails, and judge the program')
    .usage('[options] -- <program> [arguments…]')
    .argument('[program...]', 'the program to try, behind --')
    .option(
      '--scenario <names>',
      'what happens: names (see --list) separated by commas, + for one after the other, or a YAML file',
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
    .option('--replicas <n>', 'replicas of the cluster (default: 2)', integer)
    .option('--sentinels <n>', 'its sentinels (default: 3)', integer)
    .option('--down-after <time>', 'silence until a node counts as down (default: 500ms)', duration)
    .option(
      '--set <name=value>',
      'a redis.conf directive for its nodes; may be repeated',
      directive,
      {},
    )
    .option('--list', 'list the scenarios and end')
    .option('--json', 'print the verdicts as JSON, on stdout')
    .option('--verbose', "show the program's own output, on stderr")
    .addHelpText('after', EXAMPLES)
    .exitOverride(exitFromUsage)
    .action(async (program: readonly string[], flags: DrillFlags) => {
      try {
        await drillProgram(program, flags);
      } catch (error) {
        fail(error, ['CONFIG_INVALID']);
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
  const scenarios = flags.scenario.map(readScenario); // All of them first: nothing half-done.
  const cluster = clusterOptions(flags);
  parseOptions(cluster);
  const verdicts: Verdict[] = [];
  const program: Program = { command, args, isVerbose: flags.verbose === true, unusable: null };
  for (const [i, scenario] of scenarios.entries()) {
    process.stderr.write(`${i + 1}/${scenarios.length} ${scenario.name} …\n`);
    const verdict = await drill({
      scenario,
      cluster,
      budgetMs: flags.budget,
      startWithinMs: flags.start,
      ...(flags.slow === undefined ? {} : { slowMs: flags.slow }),
      client: (ctx) => runProgram(ctx, program),
    });
    if (program.unusable !== null) {
      throw new RingleaderError('CONFIG_INVALID', `cannot run ${command}: ${program.unusable}`);
    }
    verdicts.push(verdict);
    if (flags.json !== true) print(`${renderVerdict(verdict)}\n`);
  }
  if (flags.json === true) print(JSON.stringify(verdicts, null, 2));
  else if (verdicts.length > 1) print(verdicts.map(summarize).join('\n'));
  process.exitCode = verdicts.every(({ passed }) => passed) ? 0 : 1;
}

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly isVerbose: boolean;
  /** Why it could not be started; null: it could. */
  unusable: string | null;
}

/** Run the program until the drill is over, or it ends by itself: then with an error that says how. */
async function runProgram(ctx: DrillContext, program: Program): Promise<void> {
  const { command, args, isVerbose } = program;
  const child = spawn(command, args, {
    env: { ...process.env, ...ctx.env },
    stdio: ['ignore', isVerbose ? process.stderr : 'ignore', 'pipe'],
  });
  const leave = endWithUs(child);
  ctx.onEnd(() => {
    leave();
    child.kill('SIGKILL');
  });
  let lastLine = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    lastLine = line;
    if (isVerbose) process.stderr.write(`${line}\n`);
    if (!ctx.signal.aborted) ctx.error({ code: 'STDERR', message: line });
  });
  ctx.signal.addEventListener('abort', () => child.kill('SIGTERM'));
  const [code, signal]: (number | string | null)[] = await once(child, 'close').catch(
    (error: Error) => {
      program.unusable = error.message; // It did not start.
      throw error;
    },
  );
  if (ctx.signal.aborted) return;
  const how = signal === null ? `exit code ${code}` : signal;
  throw Object.assign(new Error(`the program ended (${how})${lastLine && `: ${lastLine}`}`), {
    code: 'PROGRAM_ENDED',
  });
}

/** A Ctrl-C that ends the drill must not leave the program behind. @returns how to undo that. */
function endWithUs(child: ChildProcess): () => void {
  const onSignal = (): void => {
    child.kill('SIGKILL');
    process.exit(130);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  return () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
}

function readScenario(asked: string): Scenario {
  if (!/[./\\]/.test(asked)) return findScenario(asked);
  const { name = 'own', steps, about = '', ...rest } = readTopologyFile(asked);
  return parseScenario({ name, about, steps, ...rest });
}

function clusterOptions({ replicas, sentinels, downAfter, set }: DrillFlags): ClusterOptions {
  return {
    ...(replicas === undefined ? {} : { replicas }),
    ...(sentinels === undefined ? {} : { sentinels }),
    ...(downAfter === undefined ? {} : { downAfterMs: downAfter }),
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

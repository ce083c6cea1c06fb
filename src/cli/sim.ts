/** `ringleader sim`: hunt for a bad day that breaks a rule, on a virtual clock. */
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { unusable } from '../base/refuse.js';
import { BROKEN_RULES, isBrokenRule } from '../sim/broken-rules.js';
import { explore, planOf, tell } from '../sim/explore.js';
import { EXHIBITS, outcomeOf, tellExhibit, visit } from '../sim/museum.js';
import { WANTED } from '../sim/counted.js';
import type { BrokenRule } from '../sim/rule-names.js';
import { type Sweep, sweep } from '../sim/sweep.js';
import { exitFromUsage } from './fail.js';
import { print } from './print.js';
import { type Progress, startProgress } from './progress.js';
import { runStorm } from './sim-storm.js';

const EXAMPLES = `
Examples:
  # a thousand bad days; those that break a rule are named, the first one is told
  $ ringleader sim --seeds 1..1000

  # what happens on one of them
  $ ringleader sim --seed 42

  # is a broken rule noticed?
  $ ringleader sim --seeds 1..1000 --break vote-twice

  # known failures of Sentinel deployments, and what becomes of them here
  $ ringleader sim --museum
  $ ringleader sim --exhibit stale-master --rules ours

  # 17 sentinels over 400 masters, half of which die at once: how long until they are replaced
  $ ringleader sim --storm
  $ ringleader sim --storm --sentinels 5 --masters 40 --share 25% --rules ours
`;

interface SimFlags {
  readonly seeds?: string;
  readonly seed?: string;
  readonly jobs: string;
  readonly break?: string;
  readonly exhibit?: string;
  readonly rules?: string;
  readonly museum: boolean;
  readonly storm: boolean;
  readonly sentinels: string;
  readonly masters: string;
  readonly share: string;
  readonly logs: boolean;
}

export function simCommand(): Command {
  return new Command('sim')
    .description('simulate clusters on bad days, by the seed, and check what must always hold')
    .option('--seeds <range>', 'run all of them: A..B (default: 1..100)')
    .option('--seed <n>', 'run this one, and tell what happens; with --storm, its dice')
    .option('--jobs <n>', 'threads', `${availableParallelism()}`)
    .option('--break <rule>', `break a rule on purpose: ${BROKEN_RULES.join(', ')}`)
    .option(
      '--museum',
      'known failures of Sentinel, under the rules of Redis and under ours',
      false,
    )
    .option('--exhibit <name>', `tell one of them: ${EXHIBITS.map(({ name }) => name).join(', ')}`)
    .option('--storm', 'many masters die at once: how long until each is replaced', false)
    .option('--sentinels <n>', 'with --storm: 3 to 63', '17')
    .option('--masters <n>', 'with --storm: 1 to 2000, with a replica each', '400')
    .option('--share <part>', 'with --storm: of the masters that die, 0.5 or 50%', '50%')
    .option(
      '--rules <set>',
      'with --exhibit and --storm: stock, Redis’ own rules, or ours (default: stock; of a storm ' +
        'both)',
    )
    .option('--logs', "with --seed: tell the nodes' logs as well", false)
    .addHelpText('after', EXAMPLES)
    .exitOverride(exitFromUsage)
    .action(async (flags: SimFlags) => {
      if (flags.storm) return runStorm(flags);
      if (flags.museum || flags.exhibit !== undefined) return visitMuseum(flags);
      const isSound = flags.seed === undefined ? await runMany(flags) : await runOne(flags);
      process.exitCode = isSound ? 0 : 1;
    });
}

/** Exhibits are failures: that one is seen is no failure of the command. */
async function visitMuseum(flags: SimFlags): Promise<void> {
  const { exhibit: name, rules = 'stock', seed, seeds } = flags;
  if (name === undefined) return printMuseum();
  const exhibit = EXHIBITS.find((each) => each.name === name);
  if (exhibit === undefined) {
    throw unusable('--exhibit', `one of ${EXHIBITS.map((each) => each.name).join(', ')}`, name);
  }
  if (rules !== 'stock' && rules !== 'ours') throw unusable('--rules', 'stock or ours', rules);
  if (seeds !== undefined) {
    const [from, to] = readRange(seeds);
    const { findings, runs } = await visit(exhibit, rules, { from, to });
    print(
      findings.flatMap(({ transcript }) => transcript).join('\n') || `nothing in ${runs} seeds`,
    );
    return;
  }
  const chosen = seed === undefined ? exhibit.seed : wholeNumber('--seed', seed);
  print((await tellExhibit(exhibit, rules, chosen)).join('\n'));
}

async function printMuseum(): Promise<void> {
  for (const exhibit of EXHIBITS) {
    print(`${exhibit.name}: ${exhibit.title}`);
    for (const rules of ['stock', 'ours'] as const) {
      print(`  ${rules.padEnd(5)}  ${await outcomeOf(exhibit, rules)}`);
    }
  }
}

/** @returns whether all rules held. */
async function runOne(flags: SimFlags): Promise<boolean> {
  const seed = wholeNumber('--seed', flags.seed ?? '');
  if (flags.seeds !== undefined) throw unusable('--seed', 'it stands alone', '--seeds as well');
  const lines = await tell(seed, planOf(seed), ruleOptions(flags), flags.logs);
  print(lines.join('\n'));
  return !(lines.at(-1) ?? '').startsWith('✗');
}

async function runMany(flags: SimFlags): Promise<boolean> {
  const [from, to] = readRange(flags.seeds ?? '1..100');
  const threads = wholeNumber('--jobs', flags.jobs);
  if (threads < 1 || threads > 256) throw unusable('--jobs', '1 to 256', flags.jobs);
  const broken = readRule(flags.break);
  const progress = startProgress();
  const total = to - from + 1;
  const startedAt = performance.now();
  const rate = ({ runs }: Sweep): string =>
    ((runs / (performance.now() - startedAt)) * 1000).toFixed(1);
  const result = await sweep({
    from,
    to,
    threads: Math.min(threads, total),
    ...(broken === null ? {} : { broken, endsEarly: true }),
    onProgress: (sofar) => sayProgress(progress, sofar, total, rate(sofar)),
  });
  progress.end();
  print(summary(result, rate(result)).join('\n'));
  const seeds = result.broken.map(({ seed }) => seed).toSorted((a, b) => a - b);
  for (const { seed, violation } of result.broken) print(`seed ${seed}: ${violation?.text}`);
  const [first] = seeds;
  if (first === undefined) return true;
  const { findings } = await explore({ seeds: { from: first, to: first }, ...ruleOptions(flags) });
  print(findings.flatMap(({ transcript }) => ['', ...transcript]).join('\n'));
  return false;
}

function sayProgress(progress: Progress, sofar: Sweep, total: number, rate: string): void {
  const { runs, broken } = sofar;
  const tenths = Math.floor((runs / total) * 10);
  // Where it is no terminal, a line for each tenth.
  const detail = process.stderr.isTTY ? `, ${runs} seeds, ${rate} seeds/s` : '';
  progress.say(`${tenths * 10} %${detail}, ${broken.length} broke a rule`);
}

/** What was seen less often is told. */
const OFTEN = 1000;

/** What the runs have seen. */
function summary({ runs, broken, seen, slowestRecoveryMs }: Sweep, rate: string): string[] {
  const lines = [
    `${runs} seeds, ${rate} seeds/s, ${broken.length} broke a rule; ` +
      `slowest recovery ${slowestRecoveryMs} ms`,
  ];
  const groups: [string, (name: string) => boolean][] = [
    ['faults', (name) => name.startsWith('fault ')],
    ['sentinels', (name) => /^[+-]/.test(name) || name === 'elections' || name === 'split votes'],
    ['links to masters', (name) => name.startsWith('link ')],
    ['failovers', (name) => name.startsWith('failover ')],
    ['nodes and clients', () => true],
  ];
  const left = new Map([...seen.counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  for (const [title, isPart] of groups) {
    const part = [...left].filter(([name]) => isPart(name));
    for (const [name] of part) left.delete(name);
    const shown = part.map(([name, times]) => `${name.replace(/^(?:fault|link) /, '')} ${times}`);
    lines.push(`${title}: ${shown.join(', ')}`);
  }
  const rare = WANTED.map((name) => [name, seen.of(name)] as const).filter(
    ([, times]) => times < OFTEN,
  );
  const told = rare.map(([name, times]) => `${name} ${times}`).join(', ');
  lines.push(`seen less than ${OFTEN} times: ${told || 'none'}`);
  return lines;
}

function ruleOptions(flags: SimFlags): { breaks?: BrokenRule } {
  const broken = readRule(flags.break);
  return broken === null ? {} : { breaks: broken };
}

function readRule(name: string | undefined): BrokenRule | null {
  if (name === undefined) return null;
  if (!isBrokenRule(name)) throw unusable('--break', `one of ${BROKEN_RULES.join(', ')}`, name);
  return name;
}

function readRange(text: string): [number, number] {
  const [, from = '', to = from] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? [];
  const range: [number, number] = [Number(from), Number(to)];
  if (from === '' || range[1] < range[0] || range[1] > 2 ** 31) {
    throw unusable('--seeds', 'A..B, B not below A', text);
  }
  return range;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw unusable(name, 'a whole number is needed', text);
  return Number(text);
}

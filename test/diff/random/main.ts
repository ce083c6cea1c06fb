/**
 * Many random streams against real Redis: `npm run diff -- [--commands N] [--seed N] [--stream N]
 * [--without a,b]`.
 *
 * Stream number i has the seed SEED + i, so that a failure is seen again with its own seed and
 * `--commands` of one stream. It is shrunk and printed as commands to type.
 */
import { parseArgs } from 'node:util';
import { hasProgram } from '../../support/redis-process.js';
import { endWithReader } from '../../../src/cli/reader-gone.js';
import { Contest } from './contest.js';
import { shrink } from './shrink.js';
import { type Batch, makeStream, show } from './stream.js';

const HELP = `usage: npm run diff -- [--commands N] [--seed N] [--stream N] [--without a,b]

Send random commands over strings and keys to redis-server and to a node of ours; compare every
reply and, after each stream, what both and two replicas hold. Exit code 1: they differ.

  --commands N  how many in all (100000)
  --seed N      of the first stream; the next one has the next (random)
  --stream N    commands a stream (1000)
  --without a,b commands to leave out`;

interface Arguments {
  readonly commands: number;
  readonly seed: number;
  readonly stream: number;
  readonly without: readonly string[];
  readonly help: boolean;
}

endWithReader();

/** @throws Error: an argument makes no sense. */
function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      commands: { type: 'string', default: '100000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      stream: { type: 'string', default: '1000' },
      without: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    commands: readNumber('commands', values.commands),
    seed: readNumber('seed', values.seed),
    stream: Math.max(1, readNumber('stream', values.stream)),
    without: values.without.toLowerCase().split(','),
    help: values.help,
  };
}

function readNumber(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new Error(`--${name} takes a number, not '${value}'`);
  return Number(value);
}

function argumentsOrExit(): Arguments {
  try {
    return readArguments();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return process.exit(2);
  }
}

const { commands, seed, stream, without, help } = argumentsOrExit();
if (help) {
  console.log(HELP);
  process.exit(0);
}
if (!hasProgram('redis-server')) {
  console.error('redis-server is needed: it is what we are compared with.');
  process.exit(2);
}
const contest = await Contest.start();
const names = contest.names.filter((name) => !without.includes(name));
try {
  console.log(`seed ${seed}: ${names.join(' ')}`);
  process.exitCode = (await contend()) ? 0 : 1;
} finally {
  await contest.stop();
}

function streamOf(streamSeed: number): Batch[] {
  return makeStream(streamSeed, names, stream, contest.dumps);
}

async function contend(): Promise<boolean> {
  const begin = performance.now();
  let shownAt = begin;
  for (let done = 0; done < commands; done += stream) {
    const streamSeed = seed + done / stream;
    const failure = await contest.run(streamOf(streamSeed));
    if (failure !== null) {
      await explain(streamSeed, failure);
      return false;
    }
    if (performance.now() - shownAt > 2000) {
      shownAt = performance.now();
      const rate = Math.round((done + stream) / ((shownAt - begin) / 1000));
      console.error(`  ${done + stream} of ${commands} commands, ${rate}/s, no difference`);
    }
  }
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`${commands} commands, no difference, ${seconds} s`);
  return true;
}

async function explain(streamSeed: number, failure: string): Promise<void> {
  console.log(`seed ${streamSeed}, --stream ${stream}: ${failure}`);
  console.error('  shrinking …');
  const shortest = await shrink(
    streamOf(streamSeed),
    async (batches) => (await contest.run(batches)) !== null,
  );
  console.log(
    `again: npm run diff -- --seed ${streamSeed} --stream ${stream} --commands ${stream}`,
  );
  for (const { connection, commands: sent, lapses, waits } of shortest) {
    const ends = waits === null ? '' : `   (ended by CLIENT UNBLOCK … ${waits})`;
    for (const each of sent) console.log(`  ${connection}> ${show(each)}${ends}`);
    if (lapses) console.log('  … until they have expired');
  }
  const last = await contest.run(shortest);
  console.log(last === null ? '  (which passes when it is run once more)' : `  ${last}`);
}

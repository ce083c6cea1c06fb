/** What may be typed while `ringleader up` runs on a terminal: the words, and what each does. */
import { RingleaderError } from '../base/errors.js';
import type { Cluster } from '../cluster/cluster.js';
import { FAULTS } from '../runtime/faults.js';
import { printWidth } from './print.js';
import { topologyTable } from './topology-table.js';

/** What the commands need of a cluster. */
export type Operated = Pick<
  Cluster,
  | 'nodes'
  | 'sentinels'
  | 'masterId'
  | 'kill'
  | 'pause'
  | 'resume'
  | 'partition'
  | 'heal'
  | 'inject'
  | 'failover'
>;

interface ConsoleCommand {
  /** How it is typed. */
  readonly usage: string;
  readonly about: string;
  /** What may stand behind it, argument by argument. */
  readonly words: readonly ((cluster: Operated) => readonly string[])[];
  /** Arguments that it cannot do without. */
  readonly least: number;
  /** What it does; one that only says something does nothing. */
  act?(cluster: Operated, words: readonly string[]): Promise<unknown> | void;
  /** What it prints. */
  say?(cluster: Operated): string;
}

/** Typed to leave. */
const QUIT = 'quit';

const COMMANDS: ReadonlyMap<string, ConsoleCommand> = new Map<string, ConsoleCommand>([
  [
    'nodes',
    {
      usage: 'nodes',
      about: 'who there is, and who is master',
      words: [],
      least: 0,
      say: (cluster) => topologyTable(cluster, printWidth()),
    },
  ],
  [
    'kill',
    {
      usage: 'kill [id]',
      about: 'end a thread as SIGKILL ends a process (without an id: the master)',
      words: [actors],
      least: 0,
      act: (cluster, [id]) => cluster.kill(actor(cluster, id)),
    },
  ],
  [
    'freeze',
    {
      usage: 'freeze [id]',
      about: 'stop a thread where it stands: its sockets stay open (the master)',
      words: [actors],
      least: 0,
      act: (cluster, [id]) => cluster.pause(actor(cluster, id)),
    },
  ],
  [
    'inject',
    {
      usage: 'inject <id> <fault>',
      about: `let a thread fail from within: ${FAULTS.join(', ')}`,
      words: [actors, () => FAULTS],
      least: 2,
      act: (cluster, [id, fault]) => {
        cluster.inject(
          actor(cluster, id),
          FAULTS.find((each) => each === fault)!,
        );
      },
    },
  ],
  [
    'cut',
    {
      usage: 'cut <id> <id>',
      about: 'let two not hear each other',
      words: [actors, actors],
      least: 2,
      act: (cluster, [a, b]) => {
        cluster.partition(actor(cluster, a), actor(cluster, b));
      },
    },
  ],
  [
    'heal',
    {
      usage: 'heal',
      about: 'wake what is frozen, and let all hear each other',
      words: [],
      least: 0,
      act: (cluster) => {
        for (const { id, state } of [...cluster.nodes(), ...cluster.sentinels()]) {
          if (state === 'frozen') cluster.resume(id);
        }
        cluster.heal();
      },
    },
  ],
  [
    'failover',
    {
      usage: 'failover',
      about: 'let the sentinels promote a replica',
      words: [],
      least: 0,
      act: (cluster) => cluster.failover(),
    },
  ],
  [
    'help',
    {
      usage: 'help',
      about: 'this',
      words: [],
      least: 0,
      say: () =>
        [...COMMANDS.values()]
          .map(({ usage, about }) => `  ${usage.padEnd(20)}${about}`)
          .join('\n'),
    },
  ],
  [QUIT, { usage: QUIT, about: 'end all, as Ctrl-C', words: [], least: 0 }],
]);

/**
 * Do what a line says.
 *
 * @returns what to print, '': nothing; null: the end is asked for.
 */
export async function runLine(cluster: Operated, line: string): Promise<string | null> {
  const [name = '', ...words] = line.trim().split(/\s+/);
  if (name === '') return '';
  const command = COMMANDS.get(name);
  if (command === undefined) return `there is no ${name} here; help lists what there is`;
  if (words.length < command.least || words.length > command.words.length) {
    return `it is typed so: ${command.usage}`;
  }
  for (const [i, word] of words.entries()) {
    const known = command.words[i]!(cluster);
    if (!known.includes(word)) return `there is no ${word}; there are ${known.join(', ')}`;
  }
  try {
    await command.act?.(cluster, words);
    if (name === QUIT) return null;
    return command.say?.(cluster) ?? '';
  } catch (error) {
    if (error instanceof RingleaderError) return error.message;
    throw error;
  }
}

/** @returns what the last word of a line may become, and that word. */
export function completeLine(cluster: Operated, line: string): [string[], string] {
  const words = line.trimStart().split(/\s+/);
  const last = words.at(-1) ?? '';
  const command = COMMANDS.get(words[0] ?? '');
  const known =
    words.length <= 1 ? [...COMMANDS.keys()] : (command?.words[words.length - 2]?.(cluster) ?? []);
  const fitting = known.filter((word) => word.startsWith(last));
  // A word that stands alone is done: on to the next one.
  return [fitting.length === 1 ? [`${fitting[0]} `] : fitting, last];
}

/** Every id, and `master` for whoever is it. */
function actors(cluster: Operated): readonly string[] {
  return ['master', ...[...cluster.nodes(), ...cluster.sentinels()].map(({ id }) => id)];
}

function actor(cluster: Operated, word = 'master'): string {
  return word === 'master' ? cluster.masterId : word;
}

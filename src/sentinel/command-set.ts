/**
 * SENTINEL SET: change a master's settings, one option after the other, until one is wrong.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelSetCommand()
 */
import { parseSafeInteger } from '../base/int64.js';
import { reply } from '../resp/reply.js';
import type { Reply } from '../resp/reply.js';
import { announce } from './events.js';
import { disconnectNodes } from './reset.js';
import type { Master } from './state.js';
import type { Turn } from './turn.js';

interface Asked {
  readonly turn: Turn;
  readonly master: Master;
  readonly values: readonly string[];
  /** Of all words of the command, the paths of files that can be executed. */
  readonly executable: readonly string[];
}

/** `invalid`: this value will not do; `error`: a text of its own. */
type Problem = { readonly invalid: string } | { readonly error: string };

interface Option {
  /** How many it takes. */
  readonly values: 1 | 2;
  readonly set: (asked: Asked) => Problem | null;
}

/**
 * @param words - what follows the master's name: option, value, option, value…
 * @param executable - of these, the paths of files that can be executed.
 */
export function setOptions(
  turn: Turn,
  master: Master,
  words: readonly string[],
  executable: readonly string[],
): Reply {
  for (let at = 0; at < words.length;) {
    const name = words[at] ?? '';
    const option = options.get(name.toLowerCase());
    const values = words.slice(at + 1, at + 1 + (option?.values ?? 1));
    if (option === undefined || values.length < option.values) {
      return reply.error(`ERR Unknown option or number of arguments for SENTINEL SET '${name}'`);
    }
    const problem = option.set({ turn, master, values, executable });
    if (problem !== null) {
      return reply.error(
        'error' in problem
          ? problem.error
          : `ERR Invalid argument '${problem.invalid}' for SENTINEL SET '${name}'`,
      );
    }
    const shown = name.toLowerCase() === 'auth-pass' ? ['******'] : values;
    announce(turn, '+set', master, ` ${[name, ...shown].join(' ')}`);
    turn.persist();
    at += 1 + option.values;
  }
  return reply.ok;
}

const options: ReadonlyMap<string, Option> = new Map<string, Option>([
  [
    'down-after-milliseconds',
    number(1, (turn, master, downAfterMs) => {
      for (const instance of turn.group(master.name)) turn.update(instance, { downAfterMs });
    }),
  ],
  [
    'failover-timeout',
    number(1, (turn, master, failoverTimeoutMs) => turn.update(master, { failoverTimeoutMs })),
  ],
  [
    'parallel-syncs',
    number(1, (turn, master, parallelSyncs) => turn.update(master, { parallelSyncs })),
  ],
  ['quorum', number(1, (turn, master, quorum) => turn.update(master, { quorum }))],
  [
    'master-reboot-down-after-period',
    number(0, (turn, master, rebootDownAfterMs) => turn.update(master, { rebootDownAfterMs })),
  ],
  ['notification-script', script('notificationScript', 'Notification script')],
  ['client-reconfig-script', script('clientReconfigScript', 'Client reconfiguration script')],
  ['auth-pass', credential('authPass')],
  ['auth-user', credential('authUser')],
  ['rename-command', { values: 2, set: renameCommand }],
]);

function number(
  least: number,
  set: (turn: Turn, master: Master, value: number) => unknown,
): Option {
  return {
    values: 1,
    set({ turn, master, values: [text = ''] }) {
      const value = parseSafeInteger(text);
      if (value === null || value < least) return { invalid: text };
      set(turn, master, value);
      return null;
    },
  };
}

function script(field: 'notificationScript' | 'clientReconfigScript', what: string): Option {
  return {
    values: 1,
    set({ turn, master, values: [path = ''], executable }) {
      if (turn.settings.denyScriptsReconfig) return { error: DENIED };
      if (path !== '' && !executable.includes(path)) {
        return { error: `ERR ${what} seems non existing or non executable` };
      }
      turn.update(master, { [field]: path === '' ? null : path });
      return null;
    },
  };
}

const DENIED =
  'ERR Reconfiguration of scripts path is denied for security reasons. Check the ' +
  'deny-scripts-reconfig configuration directive in your Sentinel configuration';

function credential(field: 'authPass' | 'authUser'): Option {
  return {
    values: 1,
    set({ turn, master, values: [value = ''] }) {
      turn.update(master, { [field]: value === '' ? null : value });
      disconnectNodes(turn, master);
      return null;
    },
  };
}

function renameCommand({ turn, master, values }: Asked): Problem | null {
  const [command = '', other = ''] = values;
  if (command === '' || other === '') return { invalid: '' };
  const name = command.toLowerCase();
  const renamedCommands = new Map(turn.current(master).renamedCommands);
  renamedCommands.delete(name);
  if (other.toLowerCase() !== name) renamedCommands.set(name, { command, other });
  turn.update(master, { renamedCommands });
  return null;
}

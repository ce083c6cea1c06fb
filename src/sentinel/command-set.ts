/**
 * SENTINEL SET: change a master's settings, one option after the other, until one is wrong.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelSetCommand()
 */
import { reply } from '../resp/reply.js';
import type { Reply } from '../resp/reply.js';
import { announce } from './events.js';
import { disconnectNodes } from './reset.js';
import type { Master } from './state.js';
import type { Turn } from './turn.js';

/** Options that take a positive number, and the field each sets. */
const numbers: ReadonlyMap<string, 'failoverTimeoutMs' | 'parallelSyncs' | 'quorum'> = new Map([
  ['failover-timeout', 'failoverTimeoutMs'],
  ['parallel-syncs', 'parallelSyncs'],
  ['quorum', 'quorum'],
] as const);

const DENIED =
  'ERR Reconfiguration of scripts path is denied for security reasons. Check the ' +
  'deny-scripts-reconfig configuration directive in your Sentinel configuration';

/** @param options - what follows the master's name: option, value, option, value… */
export function setOptions(turn: Turn, master: Master, options: readonly string[]): Reply {
  for (let at = 0; at < options.length; at += 2) {
    const [option = '', value] = options.slice(at, at + 2);
    const problem = value === undefined ? unknown(option) : setOption(turn, master, option, value);
    if (problem !== null) return reply.error(problem);
    const shown = option.toLowerCase() === 'auth-pass' ? '******' : (value ?? '');
    announce(turn, '+set', master, ` ${option} ${shown}`);
    turn.persist();
  }
  return reply.ok;
}

/** @returns the error's text, or null when the option was set. */
function setOption(turn: Turn, master: Master, option: string, value: string): string | null {
  const name = option.toLowerCase();
  const number = /^\d+$/.test(value) && Number.isSafeInteger(Number(value)) ? Number(value) : 0;
  const invalid = `ERR Invalid argument '${value}' for SENTINEL SET '${option}'`;
  const field = numbers.get(name);
  if (field !== undefined) {
    if (number <= 0) return invalid;
    turn.update(master, { [field]: number });
    return null;
  }
  switch (name) {
    case 'down-after-milliseconds':
      if (number <= 0) return invalid;
      for (const instance of turn.group(master.name))
        turn.update(instance, { downAfterMs: number });
      return null;
    case 'auth-pass':
    case 'auth-user':
      turn.update(master, {
        [name === 'auth-pass' ? 'authPass' : 'authUser']: value === '' ? null : value,
      });
      disconnectNodes(turn, master);
      return null;
    case 'notification-script':
    case 'client-reconfig-script':
      return DENIED;
    default:
      return unknown(option);
  }
}

const unknown = (option: string): string =>
  `ERR Unknown option or number of arguments for SENTINEL SET '${option}'`;

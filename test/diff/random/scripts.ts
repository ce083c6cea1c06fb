/**
 * Commands from within a script or a function: what a reply becomes in Lua and on its way out again,
 * which commands are refused there, and that effects are what replicas get.
 */
import { createHash } from 'node:crypto';
import type { Words } from './words.js';

const ONE = 'return redis.call(unpack(ARGV))';
const CAUGHT = 'return redis.pcall(unpack(ARGV))';
const RESP3 = 'redis.setresp(3) return redis.pcall(unpack(ARGV))';
/** Two commands, the first of so many words as the first argument says. */
const TWO = `local n = tonumber(ARGV[1]) + 1
return {redis.pcall(unpack(ARGV, 2, n)), redis.pcall(unpack(ARGV, n + 1))}`;

/** What the functions are that makers call. */
export const LIBRARY = `#!lua name=contest
local function run(keys, args) return redis.call(unpack(args)) end
redis.register_function('run', run)
redis.register_function{function_name='run_ro', callback=run, flags={'no-writes'}}`;

/** @returns a command that has a script run one of these, or two. */
export function scripted(
  w: Words,
  command: readonly string[],
  other: readonly string[],
): readonly string[] {
  switch (w.below(8)) {
    case 0:
      return [w.word('FCALL'), 'run', '0', ...command];
    case 1:
      return [w.word('FCALL_RO'), w.chance(0.7) ? 'run_ro' : 'run', '0', ...command];
    case 2:
      return [w.word('EVAL_RO'), CAUGHT, '0', ...command];
    case 3:
    case 4:
      return script(w, [TWO, '0', String(command.length), ...command, ...other]);
    default:
      return script(w, [w.pick([ONE, CAUGHT, RESP3]), '0', ...command]);
  }
}

function script(w: Words, [code = '', ...args]: readonly string[]): string[] {
  if (w.chance(0.7)) return [w.word('EVAL'), code, ...args];
  return [w.word('EVALSHA'), createHash('sha1').update(code).digest('hex'), ...args];
}

const [RESP3_SHA, TWO_SHA] = [RESP3, TWO].map((code) =>
  createHash('sha1').update(code).digest('hex'),
);

/** @returns the commands that a command runs, as it replies with theirs; null: it is no script. */
export function scriptedCommands(args: readonly string[]): {
  readonly commands: readonly (readonly string[])[];
  /** Whether the reply is an array with one element for each. */
  readonly areTwo: boolean;
  /** Whether maps are tables while they are in Lua. */
  readonly hasMaps: boolean;
} | null {
  if (!/^(eval|evalsha|eval_ro|fcall|fcall_ro)$/i.test(args[0] ?? '')) return null;
  if (args[1] !== TWO && args[1] !== TWO_SHA) {
    const hasMaps = args[1] === RESP3 || args[1] === RESP3_SHA;
    return { commands: [args.slice(3)], areTwo: false, hasMaps };
  }
  const second = 4 + Number(args[3]);
  return { commands: [args.slice(4, second), args.slice(second)], areTwo: true, hasMaps: false };
}

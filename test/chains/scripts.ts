/** Scripts and functions whose effects go down a chain: on whatever their keys hold, now and then in error. */
import type { Prng } from '../../src/base/prng.js';

const KEYS = ['a', 'b', 'c', 'hash1', 'set1', 'stream', 'scripted'];

const SCRIPTS = [
  // Another database in the middle, and back.
  "redis.call('select', 2) redis.call('incrby', 'scripts', ARGV[1]) redis.call('select', 0) return redis.pcall('append', KEYS[1], ARGV[2])",
  // What it does depends on what is there; the members are drawn at random.
  "local t = redis.call('type', KEYS[1]).ok if t == 'set' then return redis.call('spop', KEYS[1], 2) end if t ~= 'none' and t ~= 'list' then redis.call('del', KEYS[1]) end return redis.call('rpush', KEYS[1], ARGV[2], math.random(100))",
  // Some effects, then an error.
  "redis.call('zadd', 'scored', ARGV[1], ARGV[2]) redis.call('hset', 'fields', ARGV[2], ARGV[1]) redis.call('lpush', KEYS[1], ARGV[2]) return redis.call('sadd', KEYS[1], ARGV[2])",
  "redis.call('xadd', 'events', '*', 'n', ARGV[1]) redis.call('xtrim', 'events', 'MAXLEN', '~', 50) return redis.call('expire', KEYS[1], 1000 + ARGV[1])",
  // A single effect, and none.
  "return redis.call('set', KEYS[1], ARGV[2])",
  "return redis.call('exists', KEYS[1])",
];

/** A library whose function writes, and one that only reads; `at` makes them different. */
function library(name: string, at: number): string {
  return `#!lua name=${name}
redis.register_function('${name}_add', function(keys, args)
  redis.call('hincrby', 'functions', '${name}:${at}', args[1])
  return redis.call('set', keys[1] .. ':${name}', args[2])
end)
redis.register_function{function_name='${name}_get', flags={'no-writes'}, callback=function(keys)
  return redis.call('exists', keys[1])
end}`;
}

const LIBRARIES = ['one', 'two', 'three'];

/** @returns a command. */
export function scriptCall(random: Prng): string[] {
  const pick = (words: readonly string[]): string => words[random.below(words.length)]!;
  const turn = random.below(20);
  if (turn < 2) {
    const name = pick(LIBRARIES);
    return ['FUNCTION', 'LOAD', 'REPLACE', library(name, random.below(3))];
  }
  if (turn === 2) return ['FUNCTION', 'DELETE', pick(LIBRARIES)];
  if (turn < 7) {
    const name = `${pick(LIBRARIES)}_${pick(['add', 'get'])}`;
    return ['FCALL', name, '1', pick(KEYS), String(random.below(9)), `v${random.below(9)}`];
  }
  return ['EVAL', pick(SCRIPTS), '1', pick(KEYS), String(random.below(50)), `v${random.below(9)}`];
}

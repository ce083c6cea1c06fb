/** The host's command table says what the core's says. */
import test from 'ava';
import { coreCommand, coreCommands } from '../../src/core/command-ids.js';
import { Bench } from './fixtures/bench.js';

test('both tables agree on names, arity and flags', (t) => {
  const { core } = new Bench();
  for (const { id, name, arity, isWrite, deniesOom } of coreCommands) {
    for (const spelling of [name, name.toUpperCase()]) {
      const at = core.scratch(Buffer.from(spelling));
      t.is(core.exports.findCommand(at, spelling.length), id, spelling);
    }
    t.is(core.exports.arityOf(id), arity, name);
    t.is(core.exports.flagsOf(id), (isWrite ? 1 : 0) | (deniesOom ? 2 : 0), name);
    t.is(coreCommand(id)?.name, name);
  }
  t.is(coreCommand(0), undefined);
});

test('what only looks like a name is none', (t) => {
  const { core } = new Bench();
  for (const name of [
    '',
    'ge',
    'gets',
    'GE4',
    'ge\x14',
    'expiretim',
    'pexpiretime2',
    'pexpjretime',
  ]) {
    const at = core.scratch(Buffer.from(name, 'latin1'));
    t.is(core.exports.findCommand(at, name.length), 0, JSON.stringify(name));
  }
});

/** The core knows its commands by name, as their specs say them. */
import test from 'ava';
import { coreBindings } from '../../src/core/bindings.js';
import { standardCommands } from '../../src/commands/index.js';
import { core as inCore } from '../../src/commands/facts.js';
import { type CommandSpec, isCores } from '../../src/commands/spec.js';
import { Bench } from './fixtures/bench.js';

test("a core has the commands whose specs say so, in any case, and no other's", (t) => {
  const { core } = new Bench();
  const numbers = new Set<number>();
  for (const spec of standardCommands) {
    const isKnown = isCores(spec) || spec.shortcut !== undefined;
    for (const name of [spec.name, spec.name.toUpperCase()]) {
      t.is(core.idOf(name) !== 0, isKnown, name);
    }
    if (isKnown) numbers.add(core.idOf(spec.name));
  }
  const ordered = [...numbers].toSorted((one, other) => one - other);
  t.deepEqual(
    ordered,
    ordered.map((_, i) => i + 1),
  );
});

test('a core counts arguments as the specs do', (t) => {
  const bench = new Bench();
  for (const spec of standardCommands.filter(isCores)) {
    const bound = Math.abs(spec.arity);
    const wrong = [bound - 1, ...(spec.arity > 0 ? [bound + 1] : [])];
    for (const argc of wrong.filter((count) => count > 0)) {
      const args = [spec.name, ...Array.from({ length: argc - 1 }, () => 'x')];
      t.regex(bench.run(args), /^-ERR wrong number of arguments for '/, args.join(' '));
    }
    const args = [spec.name, ...Array.from({ length: bound - 1 }, () => 'x')];
    t.notRegex(bench.run(args), /^-ERR wrong number of arguments/, args.join(' '));
  }
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
  ])
    t.is(core.idOf(name), 0, JSON.stringify(name));
});

const named = (name: string): CommandSpec => ({
  name,
  group: 'string',
  since: '1.0.0',
  summary: '',
  complexity: '',
  arity: 1,
  flags: [],
  acl: [],
  run: inCore('strings', 'get'),
});

const letter = (i: number): string => String.fromCharCode(97 + i);

const many = (count: number): CommandSpec[] =>
  Array.from({ length: count }, (_, i) => named(`x${letter(i / 26)}${letter(i % 26)}`));

test('bindings are refused that the core could not keep', (t) => {
  for (const name of ['go', 'x1y', 'a'.repeat(17)])
    t.throws(() => coreBindings([named(name)]), { message: /cannot find/ });
  t.notThrows(() => coreBindings(many(255)));
  t.throws(() => coreBindings(many(256)), { message: 'the core has 256 commands' });
});

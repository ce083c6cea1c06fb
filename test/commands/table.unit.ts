import test from 'ava';
import { standardCommands } from '../../src/commands/index.js';
import { role } from '../../src/commands/server/role.js';
import type { CommandSpec } from '../../src/commands/spec.js';
import { parseSyntax } from '../../src/commands/server/syntax.js';
import { CommandTable } from '../../src/commands/table.js';

const table = new CommandTable(standardCommands);
const args = (line: string): Buffer[] => line.split(' ').map((word) => Buffer.from(word));

function everySpec(visit: (spec: CommandSpec, name: string) => void): void {
  for (const spec of standardCommands) {
    visit(spec, spec.name);
    for (const sub of spec.subcommands ?? []) visit(sub, `${spec.name}|${sub.name}`);
  }
}

test('every name is there once, and every syntax can be read', (t) => {
  const seen = new Set<string>();
  everySpec((spec, name) => {
    t.false(seen.has(name), name);
    seen.add(name);
    if (spec.syntax !== undefined) t.notThrows(() => parseSyntax(spec.syntax ?? ''), name);
    t.true(spec.run !== undefined || spec.subcommands !== undefined, name);
  });
});

test('a command that may grow memory or reach replicas says so only if it can', (t) => {
  everySpec((spec, name) => {
    if (spec.flags.includes('denyoom')) t.true(spec.flags.includes('write'), name);
    t.false(spec.flags.includes('write') && spec.flags.includes('readonly'), name);
  });
});

test('names are found in any case, subcommands through their container', (t) => {
  t.is(table.lookup(args('GeT a'))?.spec.name, 'get');
  t.is(table.lookup(args('config GET a'))?.spec.name, 'get');
  t.is(table.lookup(args('config GET a'))?.container?.name, 'config');
  t.is(table.lookup(args('config'))?.spec.name, 'config');
  t.is(table.lookup(args('config nosuch')), null);
  t.is(table.find('config|get')?.container?.name, 'config');
  t.is(table.find('get|x'), null);
  t.is(table.find('a|b|c'), null);
});

test('a later command of the same name replaces the standard one', (t) => {
  const extended = new CommandTable([...standardCommands, { ...role, summary: 'own' }]);
  t.is(extended.find('role')?.spec.summary, 'own');
  t.is(extended.size, table.size);
});

test('a renamed command is called by its other name, an empty one takes it away', (t) => {
  const renamed = new CommandTable(standardCommands);
  t.is(renamed.rename('GET', 'Fetch'), null);
  t.is(renamed.rename('fetch', 'get2'), null);
  t.is(renamed.lookup(args('get a')), null);
  t.is(renamed.lookup(args('fetch a')), null);
  const spec = renamed.lookup(args('GET2 a'))?.spec;
  t.is(spec?.name, 'get');
  t.true(renamed.isRenamed(spec!));
  t.is(renamed.rename('set', ''), null);
  t.is(renamed.find('set'), null);
  t.is(renamed.size, table.size - 1);
  t.is(renamed.rename('set', 'x'), 'No such command in rename-command');
  t.is(renamed.rename('append', 'GET2'), 'Target command name already exists');
  t.is(renamed.lookup(args('append a'))?.spec.name, 'append');
});

/** `MODULE`: there are no modules, as in a Redis that has loaded none. */
import { ReplyError, reply } from '../../resp/reply.js';
import { helpFor } from '../help.js';
import type { CommandFlag } from '../facts.js';
import type { CommandSpec } from '../spec.js';

const CHANGES: readonly CommandFlag[] = ['admin', 'noscript', 'no_async_loading', 'protected'];

/** Modules are machine code for Redis' own process. */
function cannotLoad(): never {
  throw new ReplyError('ERR Error loading the extension. Please check the server logs.');
}

const list = {
  name: 'list',
  group: 'server',
  since: '4.0.0',
  summary: 'List the modules: there are none',
  complexity: 'O(N) where N is the number of loaded modules.',
  arity: 2,
  flags: ['admin', 'noscript'],
  acl: [],
  tips: ['nondeterministic_output_order'],
  run: () => reply.emptyArray,
} as const satisfies CommandSpec;

const load = {
  name: 'load',
  group: 'server',
  since: '4.0.0',
  summary: 'Load a module: none can be loaded',
  complexity: 'O(1)',
  arity: -3,
  flags: CHANGES,
  acl: [],
  syntax: 'path [arg...]',
  run: cannotLoad,
} as const satisfies CommandSpec;

const loadex = {
  name: 'loadex',
  group: 'server',
  since: '7.0.0',
  summary: 'Load a module with parameters: none can be loaded',
  complexity: 'O(1)',
  arity: -3,
  flags: CHANGES,
  acl: [],
  syntax: 'path [CONFIG (configs: name value)]...* [ARGS arg]...',
  run: cannotLoad,
} as const satisfies CommandSpec;

const unload = {
  name: 'unload',
  group: 'server',
  since: '4.0.0',
  summary: 'Unload a module: there are none',
  complexity: 'O(1)',
  arity: 3,
  flags: CHANGES,
  acl: [],
  syntax: 'name',
  run() {
    throw new ReplyError('ERR Error unloading module: no such module with that name');
  },
} as const satisfies CommandSpec;

const subcommands = [list, load, loadex, unload] as const satisfies readonly CommandSpec[];

/** `MODULE …` — modules, of which there are none. */
export const moduleCommand = {
  name: 'module',
  group: 'server',
  since: '4.0.0',
  summary: 'Commands about modules, of which there are none',
  complexity: 'Depends on subcommand.',
  arity: -2,
  flags: [],
  acl: [],
  differs: 'No module can be loaded.',
  subcommands: [...subcommands, helpFor('module', 'server', subcommands)],
} as const satisfies CommandSpec;

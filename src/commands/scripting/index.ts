/** The commands of the group, in alphabetical order. */
import type { CommandSpec } from '../spec.js';
import { evalRo } from './eval-ro.js';
import { evalScript } from './eval.js';
import { evalshaRo } from './evalsha-ro.js';
import { evalsha } from './evalsha.js';
import { fcallRo } from './fcall-ro.js';
import { fcall } from './fcall.js';
import { functions } from './function.js';
import { script } from './script.js';

export const scriptingCommands: readonly CommandSpec[] = [
  evalScript,
  evalRo,
  evalsha,
  evalshaRo,
  fcall,
  fcallRo,
  functions,
  script,
];

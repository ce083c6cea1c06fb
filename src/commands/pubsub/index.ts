/** The commands of the group, in alphabetical order. */
import type { CommandSpec } from '../spec.js';
import { psubscribe } from './psubscribe.js';
import { publish } from './publish.js';
import { pubsub } from './pubsub.js';
import { punsubscribe } from './punsubscribe.js';
import { subscribe } from './subscribe.js';
import { unsubscribe } from './unsubscribe.js';

export const pubsubCommands: readonly CommandSpec[] = [
  psubscribe,
  publish,
  pubsub,
  punsubscribe,
  subscribe,
  unsubscribe,
];

/** All commands of a node. */
import { bitmapCommands } from './bitmap/index.js';
import { clusterCommands } from './cluster/index.js';
import { connectionCommands } from './connection/index.js';
import { genericCommands } from './generic/index.js';
import { geoCommands } from './geo/index.js';
import { hashCommands } from './hash/index.js';
import { hyperloglogCommands } from './hyperloglog/index.js';
import { listCommands } from './list/index.js';
import { pubsubCommands } from './pubsub/index.js';
import { scriptingCommands } from './scripting/index.js';
import { serverCommands } from './server/index.js';
import { setCommands } from './set/index.js';
import { sortedSetCommands } from './sorted-set/index.js';
import type { CommandSpec } from './spec.js';
import { streamCommands } from './stream/index.js';
import { stringCommands } from './string/index.js';
import { transactionsCommands } from './transactions/index.js';

export const standardCommands: readonly CommandSpec[] = [
  ...bitmapCommands,
  ...clusterCommands,
  ...connectionCommands,
  ...genericCommands,
  ...geoCommands,
  ...hashCommands,
  ...hyperloglogCommands,
  ...listCommands,
  ...pubsubCommands,
  ...scriptingCommands,
  ...serverCommands,
  ...setCommands,
  ...sortedSetCommands,
  ...streamCommands,
  ...stringCommands,
  ...transactionsCommands,
];

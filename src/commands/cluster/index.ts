/** The commands of the group, in alphabetical order. */
import type { CommandSpec } from '../spec.js';
import { asking } from './asking.js';
import { cluster } from './cluster.js';
import { readonly } from './readonly.js';
import { readwrite } from './readwrite.js';

export const clusterCommands: readonly CommandSpec[] = [asking, cluster, readonly, readwrite];

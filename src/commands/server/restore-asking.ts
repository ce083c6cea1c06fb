/** `RESTORE-ASKING`: RESTORE, as nodes of a cluster send it to each other. */
import { restore } from '../generic/restore.js';
import type { CommandSpec } from '../spec.js';

/** `RESTORE-ASKING …` — as `RESTORE`. */
export const restoreAsking = {
  ...restore,
  name: 'restore-asking',
  group: 'server',
  since: '3.0.0',
  history: [
    ['3.0.0', 'Added the `REPLACE` modifier.'],
    ['5.0.0', 'Added the `ABSTTL` modifier.'],
    ['5.0.0', 'Added the `IDLETIME` and `FREQ` options.'],
  ],
  summary: 'RESTORE, as nodes of a cluster send it',
  flags: [...restore.flags, 'asking'],
  isInternal: true,
} as const satisfies CommandSpec;

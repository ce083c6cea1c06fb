/** The machine that simulated nodes are on, as INFO tells of it. */
import type { HostFacts } from '../commands/node/process.js';

export const simulatedHost: HostFacts = {
  os: 'Simulated 1.0 x86_64',
  archBits: 64,
  processId: 1,
  executable: 'node',
  configFile: '',
  totalMemoryBytes: 2 ** 33,
  residentBytes: () => 2 ** 26,
  randomHex: (digits) => '0'.repeat(digits),
  cpu: () => ({ systemSeconds: 0, userSeconds: 0 }),
};

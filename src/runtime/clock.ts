/** The real clock: the one implementation of Clock that reads the machine's time. */
import { performance } from 'node:perf_hooks';

import type { Clock } from '../base/time.js';

export const realClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** Wait until a thread that was told to stand still does. */
import { setTimeout as sleep } from 'node:timers/promises';

import { RingleaderError } from '../base/errors.js';
import { realClock } from '../io/clock.js';
import type { ActorSystem } from '../runtime/actor-system.js';

/** ms for a thread to come to where it can stand still. */
const PAUSE_TIMEOUT_MS = 10_000;

/** @throws RingleaderError TIMEOUT: its loop does not turn; it is to stand still no longer. */
export async function untilFrozen(
  system: Pick<ActorSystem, 'isFrozen' | 'record' | 'resume'>,
  id: string,
): Promise<void> {
  const giveUpAt = realClock.monotonicMs() + PAUSE_TIMEOUT_MS;
  while (!system.isFrozen(id) && system.record(id).thread !== null) {
    if (realClock.monotonicMs() >= giveUpAt) {
      system.resume(id);
      throw new RingleaderError(
        'TIMEOUT',
        `${id} does not stand still within ${PAUSE_TIMEOUT_MS} ms: its loop does not turn`,
      );
    }
    await sleep(1);
  }
}

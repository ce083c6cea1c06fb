/** What the host throws when a core's memory is exhausted. */
import { RingleaderError } from '../base/errors.js';

export function outOfMemory(bytes: number): RingleaderError {
  return new RingleaderError('OUT_OF_MEMORY', `the core has no memory for ${bytes} bytes`);
}

/** How an engine refuses what it cannot do. */
import { RingleaderError } from '../../base/errors.js';

/** @param what - that was asked of it. */
export function unsupported(engine: string, what: string, why: string): RingleaderError {
  return new RingleaderError('UNSUPPORTED', `engine ${engine} has no ${what}: ${why}`);
}

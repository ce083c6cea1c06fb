/** What `cluster.client` takes. */
import { checkMs, checkOptions, refusal } from '../../base/refuse.js';
import type { Millis } from '../../base/time.js';

/** Every field is optional. */
export interface ClientOptions {
  /** ms for which a command is kept while no master takes it; then NO_MASTER. Default 5000. */
  readonly retryForMs?: Millis;
  /**
   * ms from the call until a command that was sent must have its reply; then TIMEOUT, and whether
   * it was executed is unknown. Default: as long as `retryForMs`. Infinity: for ever.
   */
  readonly timeoutMs?: Millis;
  /** Sent first on every connection; default: the cluster's. */
  readonly password?: string;
}

const DEFAULT_RETRY_FOR_MS = 5_000;

/** The waits, complete. */
export function waitsOf({ retryForMs = DEFAULT_RETRY_FOR_MS, timeoutMs }: ClientOptions): {
  readonly retryForMs: Millis;
  readonly timeoutMs: Millis;
} {
  return { retryForMs, timeoutMs: timeoutMs ?? retryForMs };
}

/** @throws RingleaderError CONFIG_INVALID */
export function checkClientOptions(options: ClientOptions): void {
  checkOptions('client()', options, ['retryForMs', 'timeoutMs', 'password']);
  checkMs('retryForMs', options.retryForMs);
  checkMs('timeoutMs', options.timeoutMs, 1);
  const { password } = options;
  if (password !== undefined && typeof password !== 'string') {
    throw refusal('password', 'a string', typeof password);
  }
}

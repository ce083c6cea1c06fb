/** Durations as commander's options take them: base/quantity.ts's grammar, at least 1 ms. */
import { InvalidArgumentError } from 'commander';

import { DURATION_RULE, parseDuration } from '../base/quantity.js';
import type { Millis } from '../base/time.js';

/**
 * @returns whole ms.
 * @throws InvalidArgumentError to which commander adds the option and the text.
 */
export function duration(text: string): Millis {
  const ms = parseDuration(text);
  if (ms !== null && ms >= 1) return Math.round(ms);
  throw new InvalidArgumentError(
    `${DURATION_RULE[0]!.toUpperCase()}${DURATION_RULE.slice(1)}, at least 1ms.`,
  );
}

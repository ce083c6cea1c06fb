/**
 * What of sentinel.conf is redis.conf's: where a sentinel listens and logs, its password, TLS.
 *
 * `sentinel …` lines are the sentinel's own (src/sentinel/config-file.ts) and are passed over.
 *
 * @see redis/redis 7.0 src/sentinel.c, initSentinelConfig()
 */
import { Config } from './config.js';
import { loadConfig, type LoadOptions } from './load.js';

const PASSED_OVER = /^\s*["']?sentinel["']?(?:\s|$)/i;

/** The text with as many lines, of which the sentinel's own are empty. */
function withoutOwnLines(text: string): string {
  const lines = text.split('\n').map((line) => (PASSED_OVER.test(line) ? '' : line));
  return lines.join('\n');
}

/**
 * @param text - one byte per character (latin1).
 * @throws RingleaderError CONFIG_INVALID, as `loadConfig` does.
 */
export function loadSentinelConfig(text: string, options: LoadOptions = {}): Config {
  const config = new Config();
  config.port.assign(26_379);
  config.protectedMode.assign(false); // It must be reached.
  const { readInclude } = options;
  loadConfig(config, withoutOwnLines(text), {
    ...options,
    ...(readInclude && { readInclude: (file: string) => withoutOwnLines(readInclude(file)) }),
  });
  return config;
}

/** Configuration files on disk: read as bytes, one per character, as the parser wants them. */
import { readdirSync } from 'node:fs';
import path from 'node:path';

import { RingleaderError } from '../base/errors.js';
import { globMatch } from '../base/glob.js';
import { errnoText } from './errno-text.js';
import { readText } from './read-text.js';

/**
 * @param file - a path, or `-` for stdin.
 * @throws RingleaderError CONFIG_INVALID, in the words of Redis.
 */
export function readConfigFile(file: string): string {
  try {
    return readText(file, 'latin1');
  } catch (error) {
    throw new RingleaderError(
      'CONFIG_INVALID',
      `Fatal error, can't open config file '${path.resolve(file)}': ${errnoText(error)}`,
      { cause: error },
    );
  }
}

/**
 * The text behind an `include`.
 *
 * @param pattern - a path whose last part may hold wildcards; the files are read in their names'
 * order, and a pattern without a match is no error, as in Redis.
 * @throws RingleaderError CONFIG_INVALID
 */
export function readInclude(pattern: string): string {
  if (!/[*?[]/.test(pattern)) return readConfigFile(pattern);
  const folder = path.dirname(pattern);
  const wanted = Buffer.from(path.basename(pattern));
  return namesIn(folder)
    .filter((name) => globMatch(wanted, Buffer.from(name)))
    .toSorted()
    .map((name) => readConfigFile(path.join(folder, name)))
    .join('\n');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

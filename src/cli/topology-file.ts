/** Topology files: the options of Cluster.start as YAML. */
import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';

import { RingleaderError } from '../base/errors.js';
import { errnoText } from '../io/errno-text.js';

/**
 * Read a topology file.
 *
 * @returns the options as they stand there; Cluster.start checks them.
 * @throws RingleaderError CONFIG_INVALID: the file cannot be read, or is no YAML mapping.
 */
export function readTopologyFile(path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof YAMLParseError ? error.message : errnoText(error);
    throw unusable(path || 'a file without a name', why, error);
  }
  if (value === null) return {}; // All comments.
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw unusable(path, 'a topology is a mapping of option: value');
  }
  return { ...value };
}

function unusable(path: string, why: string, cause?: unknown): RingleaderError {
  return new RingleaderError('CONFIG_INVALID', `cannot use ${path}: ${why}`, { cause });
}

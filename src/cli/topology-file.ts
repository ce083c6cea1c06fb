/** Topology files: the options of Cluster.start as YAML. */
import { readFileSync } from 'node:fs';
import { parse, YAMLParseError } from 'yaml';

import { RingleaderError } from '../base/errors.js';

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
    if (error instanceof YAMLParseError || (error instanceof Error && 'code' in error)) {
      throw unusable(path, error.message, error);
    }
    throw error;
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

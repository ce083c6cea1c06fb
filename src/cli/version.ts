/** The package's version, read from its package.json. */
import { readFileSync } from 'node:fs';

interface Manifest {
  readonly version: string;
}

const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
const manifest: Manifest = JSON.parse(text);

export const VERSION = manifest.version;

/** The package's version, read from its package.json. */
import { readFileSync } from 'node:fs';

import { packageFile } from '../base/package-file.js';

interface Manifest {
  readonly version: string;
}

const text = readFileSync(packageFile('package.json'), 'utf8');
const manifest: Manifest = JSON.parse(text);

export const VERSION = manifest.version;

/**
 * What package.json says in the tarball: without the scripts and tools of this repository, which nobody
 * who installs it can run, and of which npm would warn (`prepare`).
 *
 * Run by npm around packing: `trim` before (prepack), `restore` after (postpack).
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const MANIFEST = new URL('../package.json', import.meta.url);
/** The whole of it, while it is trimmed. */
const KEPT = new URL('../.package.json', import.meta.url);

function restore() {
  if (existsSync(KEPT)) renameSync(KEPT, MANIFEST);
}

function trim() {
  restore(); // A packing that was cut off has left it.
  const whole = readFileSync(MANIFEST, 'utf8');
  const { scripts: _scripts, devDependencies: _tools, ...published } = JSON.parse(whole);
  writeFileSync(KEPT, whole);
  writeFileSync(MANIFEST, `${JSON.stringify(published, null, 2)}\n`);
}

const [action] = process.argv.slice(2);
if (action === 'trim') trim();
else if (action === 'restore') restore();
else throw new Error(`trim or restore, not ${action}`);

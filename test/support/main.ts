import { fileURLToPath } from 'node:url';

/** The command line, as it is published. */
export const MAIN = fileURLToPath(new URL('../../lib/cli.js', import.meta.url));

/** A node's configuration file, as CONFIG REWRITE reads and replaces it. */
import type { ConfigFile } from '../commands/node/process.js';
import { readConfigFile } from './config-file.js';
import { replaceFile } from './files.js';

export class RewritableFile implements ConfigFile {
  readonly #path: string;

  /** @param path - '': there is none. */
  constructor(path: string) {
    this.#path = path;
  }

  read(): string | null {
    return this.#path === '' ? null : readConfigFile(this.#path);
  }

  write(text: string): void {
    replaceFile(this.#path, text);
  }
}

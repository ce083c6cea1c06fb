/** The file of users that `aclfile` names, in the node's folder unless it says another. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config.js';
import { errnoText } from './errno-text.js';
import { replaceFile } from './files.js';

export class UsersFile {
  readonly #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  get #path(): string {
    return path.resolve(this.#config.dir.value, this.#config.aclfile.value);
  }

  read(): { text: string } | { error: string } {
    try {
      return { text: readFileSync(this.#path, 'latin1') };
    } catch (error) {
      return { error: errnoText(error) };
    }
  }

  write(text: string): string | null {
    try {
      replaceFile(this.#path, text);
      return null;
    } catch (error) {
      return errnoText(error);
    }
  }
}

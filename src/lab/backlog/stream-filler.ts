/** Commands of exact length: a replay writes as many bytes into the stream as the series has. */
import { encodeCommand } from '../../resp/encode-command.js';

/** The shortest: `SET k` and an empty value. */
const SHORTEST = encodeCommand(['SET', 'k', '']).length;
/** The longest written at once: as writes mostly are, small beside a backlog. */
const LONGEST = 8 * 1024;

export class StreamFiller {
  /** Bytes asked for and not written yet: less than the shortest command. */
  #owed = 0;

  /** @returns commands that make the stream as many bytes longer, but for what is carried over. */
  next(bytes: number): Buffer[] {
    this.#owed += bytes;
    const commands: Buffer[] = [];
    while (this.#owed >= SHORTEST) {
      const command = commandOf(Math.min(LONGEST, Math.floor(this.#owed)));
      this.#owed -= command.length;
      commands.push(command);
    }
    return commands;
  }
}

/** @returns a SET so long, or a little shorter where no value makes it exactly so long. */
function commandOf(bytes: number): Buffer {
  // The value's length is written in digits, which take room too.
  for (let length = bytes - SHORTEST; length > 0; length--) {
    const total = SHORTEST - 1 + String(length).length + length;
    if (total <= bytes) return encodeCommand(['SET', 'k', 'x'.repeat(length)]);
  }
  return encodeCommand(['SET', 'k', '']);
}

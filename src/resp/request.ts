/**
 * Parse requests where there is no data core: on a sentinel's port.
 *
 * Arrays of bulk strings and inline commands, fed in pieces of any size; the limits, the order of
 * checks and the error texts are Redis'. (A node's own port is parsed by the core,
 * src/core/assembly.) After an error the input cannot be read on: send the reply and close.
 *
 * @see redis/redis 7.0 src/networking.c, processInlineBuffer() and processMultibulkBuffer()
 */
import { InputBuffer } from './input-buffer.js';
import { splitArgs } from './split-args.js';
import { ASTERISK, CR, LF, MAX_LINE_BYTES } from './wire.js';

const MAX_ARGUMENTS = 2 ** 31 - 1;
const DEFAULT_MAX_BULK_BYTES = 512 * 1024 * 1024;
/** Whoever has yet to say a password can say it with so much. */
const STRANGERS_ARGUMENTS = 10;
const STRANGERS_BULK_BYTES = 16 * 1024;

/** What one piece of input completed. */
export interface Requests {
  /** Complete commands, in order; none is empty. */
  readonly commands: readonly (readonly Buffer[])[];
  /** `ERR Protocol error: …`, or null; what came before it is valid and in `commands`. */
  readonly error: string | null;
}

/** What comes next in the input. */
export type Step =
  | { readonly state: 'command'; readonly args: Buffer[] }
  | { readonly state: 'need-more' }
  | { readonly state: 'error'; readonly text: string };

const NEED_MORE: Step = { state: 'need-more' };
const failure = (text: string): Step => ({ state: 'error', text });

export class RequestParser {
  readonly #maxBulkBytes: number;
  readonly #isStranger: () => boolean;
  readonly #input = new InputBuffer();
  /** Arguments still to come of the array being read; 0: between commands. */
  #argumentsLeft = 0;
  /** Length of the bulk string being read; -1: its header has not come yet. */
  #bulkBytes = -1;
  #arguments: Buffer[] = [];
  #failed = false;

  /**
   * @param options - `maxBulkBytes`: proto-max-bulk-len, 512 MB by default; `isStranger`: whether
   * who sends has yet to say a password, and so may send little.
   */
  constructor(options: { maxBulkBytes?: number; isStranger?: () => boolean } = {}) {
    this.#maxBulkBytes = options.maxBulkBytes ?? DEFAULT_MAX_BULK_BYTES;
    this.#isStranger = options.isStranger ?? (() => false);
  }

  /** Bytes that came and are no complete command yet, or were not asked for. */
  get bufferedBytes(): number {
    return this.#input.length;
  }

  push(chunk: Uint8Array): void {
    if (!this.#failed) this.#input.append(chunk);
  }

  /** @returns a command that is not empty, or why there is none. An error comes once. */
  next(): Step {
    while (!this.#failed && this.#input.length > 0) {
      const isArray = this.#argumentsLeft > 0 || this.#input.peek() === ASTERISK;
      const step = isArray ? this.#array() : this.#inline();
      if (step.state === 'error') {
        this.#failed = true;
        return failure(`ERR Protocol error: ${step.text}`);
      }
      if (step.state === 'need-more' || step.args.length > 0) return step;
    }
    return NEED_MORE;
  }

  /** @returns all that the chunk completes. */
  feed(chunk: Uint8Array): Requests {
    this.push(chunk);
    const commands: Buffer[][] = [];
    for (;;) {
      const step = this.next();
      if (step.state === 'need-more') return { commands, error: null };
      if (step.state === 'error') return { commands, error: step.text };
      commands.push(step.args);
    }
  }

  #array(): Step {
    if (this.#argumentsLeft === 0) {
      const header = this.#line();
      if (header === null) return this.#awaitLine('too big mbulk count string');
      const count = parseLength(header.slice(1));
      if (count === null || count > MAX_ARGUMENTS) return failure('invalid multibulk length');
      if (count > STRANGERS_ARGUMENTS && this.#isStranger()) {
        return failure('unauthenticated multibulk length');
      }
      this.#arguments = [];
      if (count <= 0) return { state: 'command', args: [] };
      this.#argumentsLeft = count;
    }
    while (this.#argumentsLeft > 0) {
      if (this.#bulkBytes < 0) {
        const header = this.#line();
        if (header === null) return this.#awaitLine('too big bulk count string');
        if (header[0] !== '$') return failure(`expected '$', got '${header[0] ?? '\r'}'`);
        const length = parseLength(header.slice(1));
        if (length === null || length < 0 || length > this.#maxBulkBytes) {
          return failure('invalid bulk length');
        }
        if (length > STRANGERS_BULK_BYTES && this.#isStranger()) {
          return failure('unauthenticated bulk length');
        }
        this.#bulkBytes = length;
      }
      if (this.#input.length < this.#bulkBytes + 2) return NEED_MORE;
      this.#arguments.push(this.#input.take(this.#bulkBytes));
      this.#input.skip(2);
      this.#bulkBytes = -1;
      this.#argumentsLeft--;
    }
    return { state: 'command', args: this.#arguments };
  }

  #inline(): Step {
    const newline = this.#input.indexOfInText(LF);
    if (newline < 0) return this.#awaitLine('too big inline request');
    const line = this.#input.takeText(newline).replace(/\r$/, '');
    this.#input.skip(1);
    const words = splitArgs(line);
    if (words === null) return failure('unbalanced quotes in request');
    return { state: 'command', args: words.map((word) => Buffer.from(word, 'latin1')) };
  }

  /** @returns the line before CR LF, or null when it has not arrived whole. */
  #line(): string | null {
    const end = this.#input.indexOfInText(CR);
    if (end < 0 || end + 1 >= this.#input.length) return null;
    const text = this.#input.takeText(end);
    this.#input.skip(2);
    return text;
  }

  #awaitLine(tooLong: string): Step {
    return this.#input.length > MAX_LINE_BYTES ? failure(tooLong) : NEED_MORE;
  }
}

/** @returns a length as Redis reads it (no sign but `-`, no leading zeros), or null. */
function parseLength(text: string): number | null {
  return /^(?:0|-?[1-9]\d{0,18})$/.test(text) ? Number(text) : null;
}

/**
 * A key as readers of shared memory take it: its bytes in words, made without garbage.
 *
 * Behind the bytes there are zeros up to a multiple of eight, as the hash wants them. One object is
 * used over and over: set() replaces what it holds.
 */
const MIN_BYTES = 256;
/** The longest key whose characters are looked at one by one; beyond, the encoder is quicker. */
const SHORT = 64;
const encoder = new TextEncoder();

export class SharedKey {
  words = new Int32Array(MIN_BYTES / 4);
  bytes = new Uint8Array(this.words.buffer);
  length = 0;

  /** @param key - a string stands for its UTF-8 bytes. */
  set(key: string | Uint8Array): this {
    if (typeof key !== 'string') {
      this.#reserve(key.length);
      this.bytes.set(key);
      this.#end(key.length);
      return this;
    }
    const { length } = key;
    if (length > SHORT || !this.#setAscii(key, length)) {
      this.#reserve(length * 3);
      this.#end(encoder.encodeInto(key, this.bytes).written);
    }
    return this;
  }

  /** @returns false: there is a character that is not ASCII. */
  #setAscii(key: string, length: number): boolean {
    const { words } = this;
    let word = 0;
    let seen = 0;
    for (let i = 0; i < length; i++) {
      const code = key.charCodeAt(i);
      seen |= code;
      word |= code << ((i & 3) << 3);
      if ((i & 3) === 3) {
        words[i >> 2] = word;
        word = 0;
      }
    }
    if (seen > 0x7f) return false;
    const at = length >> 2;
    words[at] = word;
    words[at + 1] = 0;
    this.length = length;
    return true;
  }

  #reserve(length: number): void {
    if (length + 8 <= this.bytes.length) return;
    this.words = new Int32Array((length + 16) >> 2);
    this.bytes = new Uint8Array(this.words.buffer);
  }

  #end(length: number): void {
    this.length = length;
    this.bytes.fill(0, length, length + 8);
  }
}

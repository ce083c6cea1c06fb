/**
 * Inline commands: a line of words, as typed into telnet. Words may be quoted: in double quotes
 * with escapes (`\n`, `\xff`…), in single quotes with `\'` alone.
 *
 * A word's bytes are never more than its text's, so words are unquoted in place.
 *
 * @see redis/redis 7.0.15 src/sds.c, sdssplitargs()
 */
import { pushArgument } from './arguments';

const QUOTE: u8 = 0x22;
const APOSTROPHE: u8 = 0x27;
const BACKSLASH: u8 = 0x5c;

/** Where the word's text goes on, and where its bytes end so far. */
let from: usize = 0;
let to: usize = 0;

/** Split a line, which holds no NUL. @returns false: quotes are unbalanced. */
export function parseInline(start: usize, end: usize): bool {
  from = start;
  while (true) {
    while (from < end && isSpace(load<u8>(from))) from++;
    if (from >= end) return true;
    const word = from;
    to = from;
    if (!unquoteWord(end)) return false;
    if (!pushArgument(word, <u32>(to - word))) return false;
  }
}

function unquoteWord(end: usize): bool {
  while (from < end) {
    const byte = load<u8>(from);
    // Vertical tab and form feed part words only where one begins: Redis' own oddity.
    if (byte === 0x20 || byte === 0x09 || byte === 0x0d) break;
    if (byte === QUOTE || byte === APOSTROPHE) {
      from++;
      return byte === QUOTE ? unquoteDouble(end) : unquoteSingle(end);
    }
    store<u8>(to++, byte);
    from++;
  }
  return true;
}

function unquoteDouble(end: usize): bool {
  while (from < end) {
    const byte = load<u8>(from);
    if (byte === QUOTE) return closeQuote(end);
    if (byte !== BACKSLASH || from + 1 >= end) {
      store<u8>(to++, byte);
      from++;
      continue;
    }
    const escaped = load<u8>(from + 1);
    if (escaped === 0x78 && from + 3 < end) {
      const high = hexDigit(load<u8>(from + 2));
      const low = hexDigit(load<u8>(from + 3));
      if (high >= 0 && low >= 0) {
        store<u8>(to++, <u8>((high << 4) | low));
        from += 4;
        continue;
      }
    }
    store<u8>(to++, unescape(escaped));
    from += 2;
  }
  return false;
}

function unquoteSingle(end: usize): bool {
  while (from < end) {
    let byte = load<u8>(from);
    if (byte === APOSTROPHE) return closeQuote(end);
    if (byte === BACKSLASH && from + 1 < end && load<u8>(from + 1) === APOSTROPHE) {
      byte = APOSTROPHE;
      from++;
    }
    store<u8>(to++, byte);
    from++;
  }
  return false;
}

/** A closing quote ends its word: only a space or the line's end may follow. */
function closeQuote(end: usize): bool {
  from++;
  return from >= end || isSpace(load<u8>(from));
}

function unescape(byte: u8): u8 {
  if (byte === 0x6e) return 0x0a;
  if (byte === 0x72) return 0x0d;
  if (byte === 0x74) return 0x09;
  if (byte === 0x62) return 0x08;
  if (byte === 0x61) return 0x07;
  return byte;
}

function hexDigit(byte: u8): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function isSpace(byte: u8): bool {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

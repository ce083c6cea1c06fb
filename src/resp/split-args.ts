/**
 * Split a line into words as Redis does for inline commands and its configuration files, and quote
 * a word for one.
 *
 * Words are separated by blanks. "Double quotes" allow blanks and the escapes \xHH \n \r \t \b \a
 * (any other escaped byte is itself); 'single quotes' allow blanks and the escape \'. A closing
 * quote must be followed by a blank or the end.
 *
 * A NUL ends the line, as it ends a string in C. The line and the words carry one byte per
 * character (latin1), so that values stay binary safe.
 *
 * @see redis/redis 7.0 src/sds.c, sdssplitargs(), sdscatrepr()
 */

/** @returns the words, or null when quotes are unbalanced. */
export function splitArgs(whole: string): string[] | null {
  const [line = ''] = whole.split('\0', 1);
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && isBlank(line[at])) at++;
    if (at >= line.length) return words;

    let word = '';
    while (at < line.length && !isSeparator(line[at])) {
      const char = line[at];
      if (char !== '"' && char !== "'") {
        word += char;
        at++;
        continue;
      }
      const end = readQuoted(line, at + 1, char);
      if (end === null) return null;
      word += end.text;
      at = end.next;
      break; // A closing quote ends the word.
    }
    words.push(word);
  }
}

function readQuoted(
  line: string,
  from: number,
  closing: '"' | "'",
): { text: string; next: number } | null {
  let text = '';
  let at = from;
  for (;;) {
    const char = line[at];
    if (char === undefined) return null;
    if (char === closing) {
      const after = line[at + 1];
      return after === undefined || isBlank(after) ? { text, next: at + 1 } : null;
    }
    if (char === '\\' && closing === '"') {
      const escape = readEscape(line, at);
      text += escape.text;
      at = escape.next;
    } else if (char === '\\' && line[at + 1] === "'") {
      text += "'";
      at += 2;
    } else {
      text += char;
      at++;
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };

function readEscape(line: string, at: number): { text: string; next: number } {
  const hex = /^\\x([0-9a-fA-F]{2})/.exec(line.slice(at, at + 4));
  if (hex?.[1] !== undefined) {
    return { text: String.fromCharCode(Number.parseInt(hex[1], 16)), next: at + 4 };
  }
  const escaped = line[at + 1];
  if (escaped === undefined) return { text: '\\', next: at + 1 };
  return { text: ESCAPES[escaped] ?? escaped, next: at + 2 };
}

function isBlank(char: string | undefined): boolean {
  return char !== undefined && /[ \t\n\v\f\r]/.test(char);
}

/** What ends an unquoted word; fewer than what is skipped between words, as in Redis. */
function isSeparator(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t';
}

const QUOTED: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\u0007': '\\a',
  '\b': '\\b',
};

/**
 * @param word - one byte per character; what is more than a byte stays as it is.
 * @returns it in double quotes, what cannot be printed as escapes: splitArgs gives it back.
 */
export function quote(word: string): string {
  const escaped = word.replaceAll(/["\\]|[^ -~\u0100-\uffff]/g, (char) => {
    return QUOTED[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `"${escaped}"`;
}

/** @returns the word, in double quotes only where it would be read as another without them. */
export function quoteIfNeeded(word: string): string {
  return /^[!#-&(-[\]-~]+$/.test(word) ? word : quote(word);
}

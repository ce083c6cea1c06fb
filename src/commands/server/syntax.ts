/**
 * The notation for a command's arguments, and the tree that COMMAND DOCS shows for it.
 *
 * `key value:integer [condition: NX | XX] [EX seconds:integer] (data: key value)...`
 *
 * Lower-case words are arguments (with a type after a colon; a `key` is a key, else a string; with
 * the number of its key spec after a `#`, where keys do not stand in the order of their specs),
 * upper-case words are tokens, standing alone or before the argument they announce. A token alone
 * is named for its word in lower case, or as it says after a `=`. `[…]` is optional, `|` separates
 * alternatives, `…...` repeats, `[…]...*` repeats with its token. A group that is not a single
 * argument has a name, written first and with a colon; a single one may have one, in place of its
 * own.
 *
 * @see redis/redis 7.0 src/server.c, addReplyCommandArgList()
 */
import { assert } from '../../base/assert.js';

type ArgumentType =
  | 'string'
  | 'integer'
  | 'double'
  | 'key'
  | 'pattern'
  | 'unix-time'
  | 'pure-token'
  | 'oneof'
  | 'block';

export interface Argument {
  readonly name: string;
  readonly type: ArgumentType;
  /** Which of the command's key specs it is of, where that is not said by its place among keys. */
  readonly keySpec?: number;
  readonly token?: string;
  readonly optional?: boolean;
  readonly multiple?: boolean;
  readonly multipleToken?: boolean;
  readonly arguments?: readonly Argument[];
}

/** @returns the arguments, in order. */
export function parseSyntax(syntax: string): readonly Argument[] {
  const tokens = syntax.match(/\.\.\.\*?|[[\]()|]|[^\s[\]()|.]+/g) ?? [];
  const reader = { tokens, at: 0 };
  const sequence = readSequence(reader);
  assert(reader.at === tokens.length, `syntax has a loose end: ${syntax}`);
  return sequence;
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
}

/** Reads up to a bracket that closes, or a `|`. */
function readSequence(reader: Reader): Argument[] {
  const items: Argument[] = [];
  for (;;) {
    const token = reader.tokens[reader.at];
    if (token === undefined || token === ']' || token === ')' || token === '|') return items;
    items.push(readItem(reader));
  }
}

function readItem(reader: Reader): Argument {
  const token = reader.tokens[reader.at++] ?? '';
  if (token === '[' || token === '(') return withRepeat(reader, readGroup(reader, token));
  if (!isToken(token)) return withRepeat(reader, plainArgument(token));
  const next = reader.tokens[reader.at];
  const announces = next !== undefined && /^[a-z(]/.test(next) && !next.endsWith(':');
  const [text = '', name] = token.split('=');
  if (!announces) return { name: name ?? text.toLowerCase(), type: 'pure-token', token: text };
  return { ...readItem(reader), token: text };
}

function readGroup(reader: Reader, open: string): Argument {
  const label = reader.tokens[reader.at];
  const name = label?.endsWith(':') === true ? label.slice(0, -1) : null;
  if (name !== null) reader.at++;
  const alternatives = [readSequence(reader)];
  while (reader.tokens[reader.at] === '|') {
    reader.at++;
    alternatives.push(readSequence(reader));
  }
  reader.at++; // The closing bracket.
  const optional = open === '[' ? { optional: true } : {};
  const [first = []] = alternatives;
  const [only] = first;
  if (alternatives.length === 1 && first.length === 1 && only !== undefined) {
    return { ...only, ...(name === null ? {} : { name }), ...optional };
  }
  assert(name !== null, 'a group of several arguments needs a name');
  if (alternatives.length === 1) return { name, type: 'block', ...optional, arguments: first };
  return { name, type: 'oneof', ...optional, arguments: alternatives.map(asOne) };
}

function asOne(alternative: readonly Argument[]): Argument {
  const [only] = alternative;
  if (alternative.length === 1 && only !== undefined) return only;
  return { name: only?.name ?? '', type: 'block', arguments: alternative };
}

function withRepeat(reader: Reader, argument: Argument): Argument {
  const token = reader.tokens[reader.at];
  if (token !== '...' && token !== '...*') return argument;
  reader.at++;
  return { ...argument, multiple: true, ...(token === '...*' ? { multipleToken: true } : {}) };
}

const TYPES: readonly string[] = ['string', 'integer', 'double', 'pattern', 'unix-time', 'key'];

function plainArgument(word: string): Argument {
  const [plain = '', keySpec] = word.split('#');
  const [name = '', type = name === 'key' ? 'key' : 'string'] = plain.split(':');
  assert(isType(type), `unknown type of argument: ${word}`);
  return keySpec === undefined ? { name, type } : { name, type, keySpec: Number(keySpec) };
}

function isType(type: string): type is ArgumentType {
  return TYPES.includes(type);
}

function isToken(word: string): boolean {
  return /^[A-Z]/.test(word) || word === '""' || word === '*';
}

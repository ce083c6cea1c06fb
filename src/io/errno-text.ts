/** What the system says about a call that failed, in the words that Redis and others print. */
import { getSystemErrorMap } from 'node:util';

/** Where libuv's words are others than the C library's. */
const C_WORDS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EISDIR: 'Is a directory',
  EAFNOSUPPORT: 'Address family not supported by protocol',
};

/**
 * @returns `No such file or directory`; the error's own message, if the system has no words for it.
 */
export function errnoText(error: unknown): string {
  const { errno, code, message } = Object(error);
  const known = C_WORDS[String(code)];
  if (known !== undefined) return known;
  const [, words] = (typeof errno === 'number' ? getSystemErrorMap().get(errno) : null) ?? [];
  if (words === undefined) return String(message ?? error);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Directives whose value is one word of a form of its own, as Redis checks it. */
import type { Kind } from './setting.js';
import { SettingError } from './setting.js';

/** NET_HOST_STR_LEN, with the byte that ends the text. */
const HOSTNAME_BYTES = 256;
const TITLE_WORDS = new Set([
  'title',
  'listen-addr',
  'server-mode',
  'config-file',
  'port',
  'tls-port',
  'unixsocket',
]);
/** Those that stand for something in a process that has been given no title. */
const NEVER_EMPTY = /\{(?:listen-addr|config-file|port|tls-port)\}/;

function checked(check: (word: string) => void): Kind<string> {
  return {
    many: false,
    parse([word = '']) {
      check(word);
      return word;
    },
    format: (value) => value,
  };
}

/** `cluster-announce-hostname`: letters, digits, hyphens and dots. */
export const hostname = checked((word) => {
  if (word.length >= HOSTNAME_BYTES) {
    throw new SettingError(`Hostnames must be less than ${HOSTNAME_BYTES} characters`);
  }
  if (/[^A-Za-z0-9.-]/.test(word)) {
    throw new SettingError('Hostnames may only contain alphanumeric characters, hyphens or dots');
  }
});

/** `proc-title-template`: text with `{variables}`, `{{` for a brace, that is not empty. */
export const titleTemplate = checked((word) => {
  const plain = word.replaceAll('{{', '');
  const variables = [...plain.matchAll(/\{([^}]*)(\}?)/g)];
  const isKnown = variables.every(([, name = '', end]) => end === '}' && TITLE_WORDS.has(name));
  const isEmpty =
    plain === word && !NEVER_EMPTY.test(word) && word.replaceAll(/\{[^}]*\}| /g, '') === '';
  if (!isKnown || isEmpty) {
    throw new SettingError('template format is invalid or contains unknown variables');
  }
});

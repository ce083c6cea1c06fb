/**
 * Why a rule cannot be used, in Redis' words.
 *
 * @see redis/redis 7.0.15 src/acl.c, ACLSetUserStringError()
 */
const TEXTS = {
  unknown: 'Unknown command or category name in ACL',
  syntax: 'Syntax error',
  allKeys:
    "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have any effect. Try 'resetkeys' to start with an empty list of patterns",
  allChannels:
    "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not have any effect. Try 'resetchannels' to start with an empty list of channels",
  noSuchPassword: 'The password you are trying to remove from the user does not exist',
  badHash:
    'The password hash must be exactly 64 characters and contain only lowercase hexadecimal characters',
  duplicateUser: 'Duplicate user found. A user can only be defined once in config files',
  subcommandArgument: 'Allowing first-arg of a subcommand is not supported',
} as const;

export type Fault = keyof typeof TEXTS;

export function faultText(fault: Fault): string {
  return TEXTS[fault];
}

/** Names and patterns are written into lines of words: blanks and NULs would part them. */
export function hasBlanks(text: string): boolean {
  return /[ \t\n\v\f\r\0]/.test(text);
}

/** A string as C prints it: up to its first NUL. */
export function printed(text: string): string {
  return text.split('\0', 1)[0] ?? '';
}

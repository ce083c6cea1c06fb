/** Error texts that several commands share, as Redis 7.0 writes them. */
import { replyError, replyErrorNaming } from '../protocol/reply';

/** A command could not get the memory it needed; in a master's stream that ends the following. */
export let ranOutOfMemory: bool = false;

export function clearOutOfMemory(): void {
  ranOutOfMemory = false;
}

export function outOfMemory(): void {
  ranOutOfMemory = true;
  replyError("-OOM command not allowed when used memory > 'maxmemory'.");
}

export function wrongType(): void {
  replyError('-WRONGTYPE Operation against a key holding the wrong kind of value');
}

export function syntaxError(): void {
  replyError('-ERR syntax error');
}

export function notAnInteger(): void {
  replyError('-ERR value is not an integer or out of range');
}

export function notAFloat(): void {
  replyError('-ERR value is not a valid float');
}

export function stringTooLong(): void {
  replyError('-ERR string exceeds maximum allowed size (proto-max-bulk-len)');
}

/** @param name - the command's, in lower case. */
export function invalidExpireTime(name: string): void {
  replyErrorNaming('-ERR invalid expire time in ', name);
}

/** @param name - the command's, in lower case. */
export function wrongArity(name: string): void {
  replyErrorNaming('-ERR wrong number of arguments for ', name);
}

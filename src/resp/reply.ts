/**
 * Replies as values: what a command returns, what a client parser yields.
 *
 * One union for RESP2 and RESP3. The encoder (encode.ts) writes it in the protocol the client
 * speaks: in RESP2 a map becomes a flat array, a null `$-1`, a boolean 1 or 0, as Redis does.
 */
export type Reply =
  | { readonly type: 'simple'; readonly text: string }
  /** `text` holds the code first: `ERR unknown command …`. */
  | { readonly type: 'error'; readonly text: string }
  | { readonly type: 'integer'; readonly value: number | bigint }
  | { readonly type: 'bulk'; readonly value: Uint8Array | string }
  | { readonly type: 'null' }
  /** RESP2's `*-1`; in RESP3 the same as null. */
  | { readonly type: 'null-array' }
  | { readonly type: 'array'; readonly items: readonly Reply[] }
  | { readonly type: 'map'; readonly entries: readonly (readonly [Reply, Reply])[] }
  | { readonly type: 'set'; readonly items: readonly Reply[] }
  | { readonly type: 'push'; readonly items: readonly Reply[] }
  /** `text`: how it is shown, if that is not as JavaScript shows it. */
  | { readonly type: 'double'; readonly value: number; readonly text?: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'verbatim'; readonly format: string; readonly value: Uint8Array | string };

/** Constructors, so that a command reads as what it answers. */
export const reply = {
  ok: { type: 'simple', text: 'OK' },
  null: { type: 'null' },
  nullArray: { type: 'null-array' },
  emptyArray: { type: 'array', items: [] },
  simple: (text: string): Reply => ({ type: 'simple', text }),
  error: (text: string): Reply => ({ type: 'error', text }),
  integer: (value: number | bigint): Reply => ({ type: 'integer', value }),
  bulk: (value: Uint8Array | string): Reply => ({ type: 'bulk', value }),
  array: (items: readonly Reply[]): Reply => ({ type: 'array', items }),
  /** An array of bulk strings. */
  bulks: (values: readonly (Uint8Array | string)[]): Reply => ({
    type: 'array',
    items: values.map(reply.bulk),
  }),
  map: (entries: readonly (readonly [Reply, Reply])[]): Reply => ({ type: 'map', entries }),
  set: (items: readonly Reply[]): Reply => ({ type: 'set', items }),
  push: (items: readonly Reply[]): Reply => ({ type: 'push', items }),
  double: (value: number, text?: string): Reply =>
    text === undefined ? { type: 'double', value } : { type: 'double', value, text },
  boolean: (value: boolean): Reply => ({ type: 'boolean', value }),
  verbatim: (value: Uint8Array | string, format = 'txt'): Reply => ({
    type: 'verbatim',
    format,
    value,
  }),
} as const satisfies Record<string, Reply | ((...args: never[]) => Reply)>;

/**
 * A command's refusal, with Redis' exact text. Thrown in a handler, turned into an error reply in
 * one place (src/server/dispatch.ts).
 */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';

  constructor(text: string, options?: ErrorOptions) {
    // Where it was thrown is of no use, and costs ten times what the command does.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(text, options);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * What a command of Redis that is not here yet is answered with: other words than for a name that
 * is no command, so that people and programs can tell.
 *
 * @param name - in lower case; `config|get` for a subcommand.
 */
export function notSupportedYet(name: string): string {
  return `ERR command '${name}' is not supported by ringleader yet`;
}

/** @param name - in lower case; `config|get` for a subcommand. */
export function wrongArity(name: string): string {
  return `ERR wrong number of arguments for '${name}' command`;
}

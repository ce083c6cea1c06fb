/** A connection's line of CLIENT LIST: a node's and a sentinel's. */

/** What is left out has the value of a connection with nothing queued. */
export interface ClientFacts {
  readonly id: number;
  readonly addr: string;
  readonly laddr: string;
  readonly name: string;
  readonly ageMs: number;
  readonly idleMs: number;
  /** Letters as Redis has them; N: none. */
  readonly flags: string;
  readonly db?: number;
  readonly sub: number;
  readonly psub: number;
  readonly ssub?: number;
  /** Commands queued in its transaction; -1: it is in none. */
  readonly multi?: number;
  readonly inputBytes?: number;
  readonly argumentBytes?: number;
  readonly queuedBytes?: number;
  readonly outputBytes?: number;
  /** All that is kept for it. */
  readonly memoryBytes?: number;
  /** Full name of its last command. */
  readonly cmd: string;
  readonly user: string;
  /** Who is told of its keys in its place; -1: it is told of none. */
  readonly redir?: number;
  readonly resp: number;
}

/** Redis' reply buffers: one of its own for each client, and blocks of the same size beyond it. */
export const BUFFER_BYTES = 16 * 1024;

/** @see redis/redis 7.0 src/networking.c, catClientInfoString() */
export function clientLine(client: ClientFacts): string {
  const { outputBytes = 0 } = client;
  const inBlocks = Math.max(0, outputBytes - BUFFER_BYTES);
  const fields: readonly (readonly [string, string | number])[] = [
    ['id', client.id],
    ['addr', client.addr],
    ['laddr', client.laddr],
    ['fd', client.id],
    ['name', client.name],
    ['age', wholeSeconds(client.ageMs)],
    ['idle', wholeSeconds(client.idleMs)],
    ['flags', client.flags],
    ['db', client.db ?? 0],
    ['sub', client.sub],
    ['psub', client.psub],
    ['ssub', client.ssub ?? 0],
    ['multi', client.multi ?? -1],
    ['qbuf', client.inputBytes ?? 0],
    ['qbuf-free', 0],
    ['argv-mem', client.argumentBytes ?? 0],
    ['multi-mem', client.queuedBytes ?? 0],
    ['rbs', 0],
    ['rbp', 0],
    ['obl', outputBytes - inBlocks],
    ['oll', Math.ceil(inBlocks / BUFFER_BYTES)],
    ['omem', inBlocks],
    ['tot-mem', client.memoryBytes ?? 0],
    ['events', outputBytes > 0 ? 'rw' : 'r'],
    ['cmd', client.cmd],
    ['user', client.user],
    ['redir', client.redir ?? -1],
    ['resp', client.resp],
  ];
  return fields.map(([name, value]) => `${name}=${value}`).join(' ');
}

/** The clock that tells now may be coarser than the one that told then. */
function wholeSeconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1000));
}

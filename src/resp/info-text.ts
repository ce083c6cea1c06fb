/** INFO's reply as fields: `name:value` lines, sections as `# Name`, CRLF between lines. */

/** @returns the fields by their names, in INFO's order. */
export function parseInfo(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const next = newline < 0 ? text.length : newline;
    const end = next > from && newline >= 0 && text[next - 1] === '\r' ? next - 1 : next;
    const colon = text.indexOf(':', from);
    if (colon > from && colon < end) {
      fields.set(text.slice(from, colon), text.slice(colon + 1, end));
    }
    from = next + 1;
  }
  return fields;
}

/** @returns the offset of a node by its INFO replication: published, or, of a replica, applied. */
export function infoOffset(info: string): number | null {
  const fields = parseInfo(info);
  const name = fields.get('role') === 'slave' ? 'slave_repl_offset' : 'master_repl_offset';
  const offset = Number(fields.get(name) ?? Number.NaN);
  return Number.isFinite(offset) ? offset : null;
}

/** What INFO says of one replica of a master. */
export interface InfoReplica {
  readonly host: string;
  readonly port: number;
  /** `online`, `wait_bgsave`…; '' before Redis 2.8. */
  readonly state: string;
  /** The last byte that it has acknowledged; NaN where it is not said. */
  readonly offset: number;
}

/**
 * @param fields - of INFO's replication section, as parseInfo returns them.
 * @returns the master's replicas, in its order, but for those whose address is not to be read.
 */
export function infoReplicas(fields: ReadonlyMap<string, string>): InfoReplica[] {
  const replicas: InfoReplica[] = [];
  for (const [name, line] of fields) {
    if (!name.startsWith('slave') || !/^slave\d+$/.test(name)) continue;
    const replica = parseReplica(line);
    if (replica !== null) replicas.push(replica);
  }
  return replicas;
}

/**
 * `ip=127.0.0.1,port=6380,state=online,offset=14,lag=0`; before Redis 2.8 `127.0.0.1,6380,online`.
 */
function parseReplica(line: string): InfoReplica | null {
  const words = line.split(',');
  const named = new Map(words.map((word) => [word.split('=', 1)[0]!, word.replace(/^[^=]*=/, '')]));
  const [host = '', port = ''] = named.has('ip')
    ? [named.get('ip'), named.get('port')]
    : words.slice(0, 2);
  if (host === '' || !/^\d+$/.test(port)) return null;
  const offset = Number.parseInt(named.get('offset') ?? '', 10);
  return { host, port: Number(port), state: named.get('state') ?? '', offset };
}

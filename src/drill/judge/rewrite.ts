/**
 * Translate addresses in a sentinel's replies, so that clients stay on the links that a drill can
 * hurt.
 *
 * Sentinels know the nodes' own ports, clients must be led to the proxies in front of them. A port
 * is translated only where its host stands with it (`host port` next to each other, `host:port`, or
 * the fields `ip … port …`): a number that happens to equal a port stays.
 */
import type { Address } from '../../base/address.js';
import type { Reply } from '../../resp/reply.js';

/** `host:port` of an actor → the same of its proxy. */
export type AddressMap = ReadonlyMap<string, Address>;

/** @returns the reply with every known address translated. */
export function rewriteReply(reply: Reply, map: AddressMap): Reply {
  switch (reply.type) {
    case 'array':
    case 'push':
      return { ...reply, items: rewriteItems(reply.items, map) };
    case 'map': {
      const flat = rewriteItems(reply.entries.flat(), map);
      return { ...reply, entries: reply.entries.map((_, i) => [flat[2 * i]!, flat[2 * i + 1]!]) };
    }
    case 'bulk':
    case 'verbatim': {
      const text = textOf(reply.value);
      const value = rewriteText(text, map);
      return value === text ? reply : { ...reply, value };
    }
    default:
      return reply;
  }
}

/** As flat lists come: `[host, port]` and `[…, 'ip', host, 'port', port, …]`. */
function rewriteItems(items: readonly Reply[], map: AddressMap): Reply[] {
  const words = items.map((item) => (item.type === 'bulk' ? textOf(item.value) : null));
  const out = items.map((item) => rewriteReply(item, map));
  const put = (hostAt: number, portAt: number): void => {
    const proxy = map.get(`${words[hostAt]}:${words[portAt]}`);
    if (proxy === undefined) return;
    out[hostAt] = { type: 'bulk', value: proxy.host };
    out[portAt] = { type: 'bulk', value: String(proxy.port) };
  };
  for (let i = 0; i < words.length; i += 1) {
    if (words[i + 1] != null && /^\d+$/.test(words[i + 1]!)) put(i, i + 1);
    const isPair = /(^|-)(ip|host)$/.test(words[i] ?? '') && /(^|-)port$/.test(words[i + 2] ?? '');
    if (isPair) put(i + 1, i + 3);
  }
  return out;
}

/** As events and names have it: `host port` and `host:port` among other words. */
function rewriteText(text: string, map: AddressMap): string {
  let out = text;
  for (const [address, proxy] of map) {
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon).replaceAll(/[^\w]/g, String.raw`\$&`);
    const port = address.slice(colon + 1);
    // Before it stands no part of a longer address; the brackets that join an IPv6 one may.
    const pattern = new RegExp(
      String.raw`(?<![\w.]|[\da-f:]:)(\[?)${host}(\]?[ :])${port}(?!\d)`,
      'gi',
    );
    out = out.replaceAll(
      pattern,
      (_, open: string, mark: string) => `${open}${proxy.host}${mark}${proxy.port}`,
    );
  }
  return out;
}

function textOf(value: Uint8Array | string): string {
  return typeof value === 'string' ? value : Buffer.from(value).toString('latin1');
}

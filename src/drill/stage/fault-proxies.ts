/**
 * The fault proxies of one cluster: what its clients see of it.
 *
 * Each node and sentinel has its proxy. What sentinels say of addresses is translated on the way,
 * so that clients are led from proxy to proxy. The nodes' proxies keep the log of the wire.
 */
import { performance } from 'node:perf_hooks';

import type { Address } from '../../base/address.js';
import { type AddressMap, rewriteReply } from '../judge/rewrite.js';
import { WireLog } from '../judge/wire-log.js';
import { replyBytes } from '../../resp/encode.js';
import { ReplyParser } from '../../resp/parse.js';
import type { Reply } from '../../resp/reply.js';
import type { Cluster } from '../../cluster/cluster.js';
import type { ProxyTap } from '../../io/fault-link.js';
import { FaultProxy } from '../../io/fault-proxy.js';

export class FaultProxies {
  readonly #cluster: Cluster;
  readonly #proxies = new Map<string, FaultProxy>();
  #log = new WireLog();
  #sentinelsAsked = false;
  readonly #unsubscribe: () => void;

  /** Open a proxy in front of every actor. */
  static async open(cluster: Cluster): Promise<FaultProxies> {
    const proxies = new FaultProxies(cluster);
    const { host } = cluster.topology;
    try {
      for (const proxy of proxies.all()) await proxy.listen(host);
    } catch (error) {
      await proxies.close();
      throw error;
    }
    return proxies;
  }

  private constructor(cluster: Cluster) {
    this.#cluster = cluster;
    for (const { id } of cluster.nodes()) {
      const proxy = new FaultProxy(
        () => this.#actor(id),
        () => this.#nodeTap(id),
      );
      this.#proxies.set(id, proxy);
    }
    for (const { id } of cluster.sentinels()) {
      const proxy = new FaultProxy(
        () => this.#actor(id),
        () => {
          this.#sentinelsAsked = true;
          return sentinelTap(() => this.#addressMap());
        },
      );
      this.#proxies.set(id, proxy);
    }
    const onDown = ({ id, reason }: { id: string; reason: string }): void => {
      if (reason !== 'unresponsive') void this.#proxies.get(id)?.actorIsDown(true);
    };
    const onUp = ({ id }: { id: string }): void => {
      // In vain, if another process has taken the port: to clients it is down then.
      this.#proxies
        .get(id)
        ?.actorIsDown(false)
        .catch(() => {});
    };
    cluster.on('node-down', onDown).on('sentinel-down', onDown);
    cluster.on('node-up', onUp).on('sentinel-up', onUp);
    this.#unsubscribe = () => {
      cluster.off('node-down', onDown).off('sentinel-down', onDown);
      cluster.off('node-up', onUp).off('sentinel-up', onUp);
    };
  }

  /** The proxy of an actor. The id is one of the cluster's. */
  of(id: string): FaultProxy {
    return this.#proxies.get(id)!;
  }

  all(): readonly FaultProxy[] {
    return [...this.#proxies.values()];
  }

  /** Where clients find the sentinels. */
  sentinels(): Address[] {
    return this.#cluster.sentinels().map(({ id }) => this.of(id).address);
  }

  /** Begin a log of its own for the next drill; connections from before are not in it. */
  newLog(): WireLog {
    this.#sentinelsAsked = false;
    this.#log = new WireLog();
    return this.#log;
  }

  /** Whether a client has connected to a sentinel since the present log began. */
  get sentinelsAsked(): boolean {
    return this.#sentinelsAsked;
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await Promise.all(this.all().map((proxy) => proxy.close()));
  }

  #actor(id: string): Address {
    const all = [...this.#cluster.nodes(), ...this.#cluster.sentinels()];
    return all.find((actor) => actor.id === id)!;
  }

  #addressMap(): AddressMap {
    const all = [...this.#cluster.nodes(), ...this.#cluster.sentinels()];
    return new Map(
      all.map(({ id, host, port }) => [`${host}:${port}`, this.of(id).address] as const),
    );
  }

  #nodeTap(id: string): ProxyTap {
    const log = this.#log;
    const connection = log.open(id);
    return {
      request: (bytes) => log.request(connection, bytes, performance.now()),
      reply(bytes) {
        log.reply(connection, bytes, performance.now());
        return bytes;
      },
      closed: () => log.close(connection, performance.now()),
    };
  }
}

/** Replies are parsed, translated and written again, in the protocol that they came in. */
function sentinelTap(addresses: () => AddressMap): ProxyTap {
  const parser = new ReplyParser();
  let resp: 2 | 3 = 2;
  const translate = (reply: Reply): Uint8Array => {
    // The answer to HELLO 3 is a map, which RESP2 does not have.
    if (reply.type === 'map') resp = 3;
    return replyBytes(rewriteReply(reply, addresses()), resp);
  };
  return {
    request: () => {},
    reply: (bytes) => Buffer.concat(parser.feed(bytes).map(translate)),
    closed: () => {},
  };
}

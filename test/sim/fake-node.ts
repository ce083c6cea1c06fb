/**
 * A small stand-in for a Redis node: it answers PING, INFO, SLAVEOF and PUBLISH, and replicates.
 *
 * INFO has the lines real Redis 7.0 prints, in its order, of the sections that sentinels read.
 */
import type { Address } from '../../src/base/address.js';
import type { Millis } from '../../src/base/time.js';
import { reply } from '../../src/resp/reply.js';
import type { Reply } from '../../src/resp/reply.js';
import type { Endpoint } from './network.js';

export class FakeNode implements Endpoint {
  readonly id: string;
  readonly address: Address;
  alive = true;
  frozenUntil: Millis = 0;
  life = 0;
  runid: string;
  /** Null when it is a master. */
  follows: Address | null;
  offset = 0;
  priority = 100;
  /** Of a replica: since when it has no link to its master; null when it has one. */
  unlinkedSince: Millis | null = 0;
  /** Replicas that are linked to this master. */
  attached: Address[] = [];
  /** Hello subscriptions: who gets what is published here. */
  readonly subscribers = new Map<string, (payload: string) => void>();

  constructor(index: number, runid: string, follows: Address | null) {
    this.id = `node-${index}`;
    this.address = { host: '127.0.0.1', port: 6379 + index };
    this.runid = runid;
    this.follows = follows;
  }

  /** Answer one command. */
  execute(args: readonly string[], now: Millis): Reply {
    const [name = '', first = '', second = ''] = args;
    switch (name) {
      case 'PING':
        return reply.simple('PONG');
      case 'INFO':
        return reply.bulk(this.info(now));
      case 'SLAVEOF':
        this.#follow(first === 'NO' ? null : { host: first, port: Number(second) }, now);
        return reply.ok;
      case 'PUBLISH':
        for (const deliver of this.subscribers.values()) deliver(second);
        return reply.integer(this.subscribers.size);
      default:
        return reply.ok;
    }
  }

  #follow(address: Address | null, now: Millis): void {
    const same = address !== null && address.port === this.follows?.port;
    this.follows = address;
    if (!same) this.unlinkedSince = address === null ? null : now;
  }

  info(now: Millis): string {
    const lines = [`# Server`, `redis_version:7.0.15`, `run_id:${this.runid}`, '', '# Replication'];
    if (this.follows === null) {
      lines.push('role:master', `connected_slaves:${this.attached.length}`);
      for (const [index, { host, port }] of this.attached.entries()) {
        lines.push(
          `slave${index}:ip=${host},port=${port},state=online,offset=${this.offset},lag=0`,
        );
      }
    } else {
      const up = this.unlinkedSince === null;
      lines.push('role:slave', `master_host:${this.follows.host}`);
      lines.push(`master_port:${this.follows.port}`, `master_link_status:${up ? 'up' : 'down'}`);
      lines.push(`slave_read_repl_offset:${this.offset}`, `slave_repl_offset:${this.offset}`);
      if (!up) {
        const seconds = Math.floor((now - this.unlinkedSince!) / 1000);
        lines.push(`master_link_down_since_seconds:${seconds}`);
      }
      lines.push(`slave_priority:${this.priority}`, 'slave_read_only:1', 'replica_announced:1');
    }
    lines.push(`master_repl_offset:${this.offset}`, '');
    return lines.join('\r\n');
  }
}

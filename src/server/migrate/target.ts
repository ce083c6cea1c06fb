/**
 * The connections that MIGRATE keeps to other servers: the next call to the same one finds it open.
 *
 * @see redis/redis 7.0.15 src/cluster.c, migrateGetSocket(), migrateCloseTimedoutSockets()
 */
import type { NodeClock } from '../../commands/node/process.js';

/** A connection to another server. */
export interface TargetLine {
  /** @param onSent - the kernel has taken them. */
  write(bytes: Uint8Array, onSent: () => void): void;
  /** End it now; nothing is heard of it afterwards. */
  close(): void;
}

export interface TargetHandlers {
  onOpen(): void;
  /** @param bytes - valid until it returns. */
  onBytes(bytes: Buffer): void;
  /** @param reason - refused, lost, or closed by the other side. Once. */
  onClose(reason: string): void;
}

/** Begin a connection. Its handlers hear nothing before this has returned. */
export type DialTarget = (host: string, port: number, handlers: TargetHandlers) => TargetLine;

/** Who uses a connection for the moment. */
type User = TargetHandlers;

export class Target {
  readonly line: TargetLine;
  /** What its database is, as far as is known; -1: not known. */
  db = -1;
  usedAtMs = 0;
  isOpen = false;
  user: User | null = null;

  /** @param onIdleClose - it was closed while nobody used it. */
  constructor(dial: DialTarget, host: string, port: number, onIdleClose: () => void) {
    this.line = dial(host, port, {
      onOpen: () => {
        this.isOpen = true;
        this.user?.onOpen();
      },
      onBytes: (bytes) => this.user?.onBytes(bytes),
      onClose: (reason) => {
        if (this.user === null) onIdleClose();
        else this.user.onClose(reason);
      },
    });
  }
}

const MAX_TARGETS = 64;
const IDLE_MS = 10_000;

export class Targets {
  readonly #dial: DialTarget;
  readonly #clock: () => NodeClock;
  /** By `host:port`, the one used least lately first. */
  readonly #targets = new Map<string, Target>();
  #isWatched = false;

  constructor(dial: DialTarget, clock: () => NodeClock) {
    this.#dial = dial;
    this.#clock = clock;
  }

  get size(): number {
    return this.#targets.size;
  }

  /** @returns one that is open, or begins to be. @param port - read as C's atoi() does. */
  get(host: string, port: string): Target {
    const name = `${host}:${port}`;
    const present = this.#targets.get(name);
    this.#targets.delete(name);
    if (present === undefined && this.#targets.size === MAX_TARGETS) this.#dropOldest();
    const number = Number.parseInt(port, 10) || 0;
    const target =
      present ?? new Target(this.#dial, host, number, () => this.#targets.delete(name));
    target.usedAtMs = this.#nowMs();
    this.#targets.set(name, target);
    this.#watch();
    return target;
  }

  close(target: Target): void {
    target.line.close();
    for (const [name, each] of this.#targets) if (each === target) this.#targets.delete(name);
  }

  #dropOldest(): void {
    for (const target of this.#targets.values())
      if (target.user === null) return this.close(target);
  }

  #watch(): void {
    if (this.#isWatched || this.#targets.size === 0) return;
    this.#isWatched = true;
    this.#clock().later(1000, () => {
      this.#isWatched = false;
      const nowMs = this.#nowMs();
      for (const target of this.#targets.values()) {
        if (target.user === null && nowMs - target.usedAtMs > IDLE_MS) this.close(target);
      }
      this.#watch();
    });
  }

  #nowMs(): number {
    return this.#clock().wallMicros() / 1000;
  }
}

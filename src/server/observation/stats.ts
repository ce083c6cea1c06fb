/**
 * What INFO stats counts outside the core: commands that TypeScript ran, connections, traffic.
 *
 * Rates are over the last 16 samples, taken by `sample` ten times a second.
 *
 * @see redis/redis 7.0 src/server.c, trackInstantaneousMetric()
 */
const SAMPLES = 16;
/** What comes before the first blank of a longer text is no code. */
const MAX_CODE_LENGTH = 31;

class Rate {
  readonly #perSecond: number[] = [];
  #lastTotal = 0;
  #lastMs: number;

  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  sample(total: number, nowMs: number): void {
    const elapsed = nowMs - this.#lastMs;
    if (elapsed <= 0) return;
    this.#perSecond.push(((total - this.#lastTotal) * 1000) / elapsed);
    if (this.#perSecond.length > SAMPLES) this.#perSecond.shift();
    this.#lastTotal = total;
    this.#lastMs = nowMs;
  }

  get value(): number {
    const sum = this.#perSecond.reduce((total, rate) => total + rate, 0);
    return this.#perSecond.length === 0 ? 0 : sum / this.#perSecond.length;
  }
}

export class NodeStats {
  /** Unix ms. */
  readonly startedAtMs: number;
  commands = 0;
  connections = 0;
  rejectedConnections = 0;
  evictedClients = 0;
  /** Errors where there should be none (stream-errors.ts). */
  unexpectedErrors = 0;
  netInputBytes = 0;
  netOutputBytes = 0;
  reads = 0;
  writes = 0;
  /** Error replies by code (`ERR`, `WRONGTYPE`…). */
  readonly errors = new Map<string, number>();
  readonly #commandRate: Rate;
  readonly #inputRate: Rate;
  readonly #outputRate: Rate;

  constructor(nowMs: number) {
    this.startedAtMs = nowMs;
    this.#commandRate = new Rate(nowMs);
    this.#inputRate = new Rate(nowMs);
    this.#outputRate = new Rate(nowMs);
  }

  /** @param totalCommands - the core's included. */
  sample(totalCommands: number, nowMs: number): void {
    this.#commandRate.sample(totalCommands, nowMs);
    this.#inputRate.sample(this.netInputBytes, nowMs);
    this.#outputRate.sample(this.netOutputBytes, nowMs);
  }

  get commandsPerSecond(): number {
    return Math.round(this.#commandRate.value);
  }

  get inputBytesPerSecond(): number {
    return this.#inputRate.value;
  }

  get outputBytesPerSecond(): number {
    return this.#outputRate.value;
  }

  countError(text: string): void {
    const end = text.indexOf(' ');
    const code = end > 0 && end < MAX_CODE_LENGTH ? text.slice(0, end) : 'ERR';
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }

  get totalErrors(): number {
    return [...this.errors.values()].reduce((total, count) => total + count, 0);
  }

  /** CONFIG RESETSTAT. */
  reset(): void {
    this.commands = 0;
    this.connections = 0;
    this.rejectedConnections = 0;
    this.evictedClients = 0;
    this.unexpectedErrors = 0;
    this.netInputBytes = 0;
    this.netOutputBytes = 0;
    this.reads = 0;
    this.writes = 0;
    this.errors.clear();
  }
}

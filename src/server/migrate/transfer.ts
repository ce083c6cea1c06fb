/**
 * One attempt to have another server take keys: what is sent, and what its answers mean.
 *
 * AUTH and SELECT, where needed, and a RESTORE for each key go out together; as many lines come
 * back. The time-out is of each step, not of the whole: it begins anew with every piece that is
 * taken or answered.
 *
 * @see redis/redis 7.0.15 src/cluster.c, migrateCommand()
 */
import type { Migration } from '../../commands/migration.js';
import type { NodeClock } from '../../commands/node/process.js';
import { encodeCommands } from '../../resp/encode-command.js';
import type { Target } from './target.js';

export interface TransferResult {
  /** The first error that the target has answered; null: none. */
  readonly refusal: string | null;
  /** Where the connection failed, or the time ended; null: every answer is there. */
  readonly lost: {
    readonly step: Step;
    /** A connection that was closed, before any key was answered, may have been an old one. */
    readonly mayRetry: boolean;
  } | null;
  /** The keys that the target has. */
  readonly taken: readonly Buffer[];
}

type Step = 'connecting' | 'writing' | 'reading';

/** What is written at once: as much as may take one time-out. */
const PIECE_BYTES = 64 * 1024;
/** Of an answer more is not read. */
const LINE_BYTES = 1023;

export class Transfer {
  readonly #target: Target;
  readonly #migration: Migration;
  readonly #clock: NodeClock;
  readonly #settle: (result: TransferResult) => void;
  readonly #selects: boolean;
  readonly #keys: readonly Buffer[];
  readonly #request: Uint8Array;
  /** Answers that come before those of the keys. */
  readonly #preliminary: number;
  readonly #taken: Buffer[] = [];
  #sent = 0;
  #answers = 0;
  #rest = Buffer.alloc(0);
  #refusal: string | null = null;
  /** AUTH or SELECT was refused: then no key counts as taken, whatever its own answer is. */
  #isLockedOut = false;
  #cancel = (): void => {};
  #isOver = false;

  /** @param settle - called once. */
  constructor(
    target: Target,
    migration: Migration,
    clock: NodeClock,
    settle: (result: TransferResult) => void,
  ) {
    this.#target = target;
    this.#migration = migration;
    this.#clock = clock;
    this.#settle = settle;
    this.#selects = target.db !== migration.targetDb;
    const nowMs = Math.floor(clock.wallMicros() / 1000);
    const keys = migration.keys.filter(({ expireAtMs }) => (expireAtMs ?? nowMs) >= nowMs);
    this.#keys = keys.map(({ key }) => key);
    const { login, replaces, targetDb } = migration;
    const commands: (readonly (Uint8Array | string)[])[] = [];
    if (login.length > 0) commands.push(['AUTH', ...login]);
    if (this.#selects) commands.push(['SELECT', String(targetDb)]);
    this.#preliminary = commands.length;
    for (const { key, payload, expireAtMs } of keys) {
      const ttl = expireAtMs === null ? 0 : Math.max(1, expireAtMs - nowMs);
      commands.push(['RESTORE', key, String(ttl), payload, ...(replaces ? ['REPLACE'] : [])]);
    }
    this.#request = encodeCommands(commands);
  }

  begin(): void {
    this.#target.user = {
      onOpen: () => this.#write(),
      onBytes: (bytes) => this.#read(bytes),
      // To Redis a connection that is refused is one, until it is written to.
      onClose: (reason) =>
        this.#lose(reason.includes('ECONNREFUSED') ? 'writing' : this.#step(), true),
    };
    this.#wait();
    if (this.#target.isOpen) this.#write();
  }

  #step(): Step {
    if (!this.#target.isOpen) return 'connecting';
    return this.#sent < this.#request.length ? 'writing' : 'reading';
  }

  #write(): void {
    if (this.#isOver) return;
    this.#wait();
    const piece = this.#request.subarray(this.#sent, this.#sent + PIECE_BYTES);
    if (piece.length === 0) return this.#endIfAnswered();
    this.#target.line.write(piece, () => {
      this.#sent += piece.length;
      this.#write();
    });
  }

  #read(bytes: Buffer): void {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const end = rest.indexOf(NEWLINE);
      if (end < 0 || this.#isOver) break;
      this.#take(rest.toString('latin1', 0, Math.min(end, LINE_BYTES)).replace(/\r$/, ''));
      rest = rest.subarray(end + 1);
    }
    this.#rest = Buffer.from(rest); // The chunk is its sender's.
    if (this.#isOver) return;
    this.#wait();
    this.#endIfAnswered();
  }

  #take(line: string): void {
    const index = this.#answers++ - this.#preliminary;
    const isRefusal = line.startsWith('-');
    if (isRefusal) this.#refusal ??= line.slice(1);
    if (isRefusal && index < 0) this.#isLockedOut = true;
    const key = this.#keys[index];
    if (!isRefusal && !this.#isLockedOut && key !== undefined) this.#taken.push(key);
  }

  #endIfAnswered(): void {
    if (this.#answers < this.#preliminary + this.#keys.length) return;
    if (this.#sent < this.#request.length) return;
    this.#target.db = this.#refusal === null ? this.#migration.targetDb : -1;
    this.#end(null);
  }

  #wait(): void {
    this.#cancel();
    this.#cancel = this.#clock.later(this.#migration.timeoutMs, () =>
      this.#lose(this.#step(), false),
    );
  }

  #lose(step: Step, wasClosed: boolean): void {
    const isUntouched = this.#answers <= this.#preliminary;
    this.#end({ step, mayRetry: wasClosed && isUntouched && step !== 'connecting' });
  }

  #end(lost: TransferResult['lost']): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancel();
    this.#target.user = null;
    this.#settle({ refusal: this.#refusal, lost, taken: this.#taken });
  }
}

const NEWLINE = 0x0a;

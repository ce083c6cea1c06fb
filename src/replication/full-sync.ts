/**
 * A full sync that a replica's link is taking: whose history it is of, how far it has come, and
 * when it has begun to take the place of the old data.
 */
import type { ReplicationEnvironment } from './environment.js';
import type { ReceiverState, SnapshotReceiver } from './snapshot/snapshot-receiver.js';

/** What the link is told. */
export interface FullSyncOwner {
  /** From here until it is loaded no offset describes the data. */
  onEmptied(): void;
  onLoaded(streamDb: number): void;
  onFailed(reason: string): void;
}

export class FullSync {
  readonly replid: string;
  readonly offset: number;
  /** Bytes that the snapshot has; null: not known. */
  totalBytes: number | null = null;
  readonly #env: ReplicationEnvironment;
  readonly #owner: FullSyncOwner;
  readonly #receiver: SnapshotReceiver;
  #isEmptied = false;
  #isOver = false;

  /**
   * @param history - that the data will be in.
   * @param receiver - takes the bytes.
   */
  constructor(
    env: ReplicationEnvironment,
    owner: FullSyncOwner,
    history: { readonly replid: string; readonly offset: number },
    receiver: SnapshotReceiver,
  ) {
    this.#env = env;
    this.#owner = owner;
    this.#receiver = receiver;
    this.replid = history.replid;
    this.offset = history.offset;
  }

  get isLoading(): boolean {
    return this.#receiver.isLoading;
  }

  get readBytes(): number {
    return this.#receiver.readBytes;
  }

  take(bytes: Uint8Array): void {
    if (!this.#isOver) this.#on(this.#receiver.take(bytes));
  }

  end(): void {
    if (!this.#isOver) this.#on(this.#receiver.end());
  }

  /** Half a snapshot is no data set; what is left of it must not be served or continued. */
  abandon(): void {
    this.#isOver = true;
    if (this.#receiver.hasEmptied) this.#env.flushAll();
  }

  #on(state: ReceiverState): void {
    if (this.#receiver.hasEmptied && !this.#isEmptied) {
      this.#isEmptied = true;
      this.#owner.onEmptied();
      this.#log('MASTER <-> REPLICA sync: Flushing old data');
      this.#log('MASTER <-> REPLICA sync: Loading DB in memory');
    }
    switch (state.state) {
      case 'receiving':
        return;
      case 'loading':
        this.#env.soon(() => {
          if (!this.#isOver) this.#on(this.#receiver.step());
        });
        return;
      case 'loaded':
        this.#isOver = true;
        this.#owner.onLoaded(state.streamDb);
        return;
      case 'failed':
        this.#owner.onFailed(state.reason);
    }
  }

  #log(text: string): void {
    this.#env.onEvent({ type: 'log', level: 'notice', text });
  }
}

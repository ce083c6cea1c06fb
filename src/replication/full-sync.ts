/**
 * A full sync that a replica's link is taking: whose history it is of, how far it has come, and
 * when it has begun to take the place of the old data.
 */
import type { ReplicationEnvironment } from './environment.js';
import type { ReceiverState, SnapshotReceiver } from './snapshot/snapshot-receiver.js';

/** What INFO and the gate ask. */
export type FullSyncState = Pick<
  FullSync,
  'isLoading' | 'isLoadingBeside' | 'loading' | 'readBytes' | 'totalBytes'
>;

/** What the link is told. */
export interface FullSyncOwner {
  /** The old data go. From here until it is loaded no offset describes the data. */
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
  readonly #isSameHistory: boolean;
  #hasBegun = false;
  #begunAtMs = 0;
  #isEmptied = false;
  #isOver = false;

  /**
   * @param history - that the data will be in; `isSame`: the old data are in it as well.
   * @param receiver - takes the bytes.
   */
  constructor(
    env: ReplicationEnvironment,
    owner: FullSyncOwner,
    history: { readonly replid: string; readonly offset: number; readonly isSame: boolean },
    receiver: SnapshotReceiver,
  ) {
    this.#env = env;
    this.#owner = owner;
    this.#receiver = receiver;
    this.replid = history.replid;
    this.offset = history.offset;
    this.#isSameHistory = history.isSame;
  }

  /**
   * Clients are to be told LOADING: the keyspace is neither the old nor the new one, or it is
   * another history's than the node will be in.
   */
  get isLoading(): boolean {
    return this.#receiver.hasBegun && !this.isLoadingBeside;
  }

  /** The old data, an earlier state of the new, are served meanwhile. */
  get isLoadingBeside(): boolean {
    const { way, hasBegun } = this.#receiver;
    return way === 'beside' && hasBegun && this.#isSameHistory;
  }

  /** How far the loading is: bytes of the snapshot, of how many, and since when. */
  loading(): { startedAtSeconds: number; totalBytes: number; loadedBytes: number } | null {
    if (!this.#hasBegun) return null;
    const { way, readBytes, loadedBytes } = this.#receiver;
    return {
      startedAtSeconds: Math.floor(this.#begunAtMs / 1000),
      // What is kept is loaded once all of it has come.
      totalBytes: way === 'kept' ? readBytes : (this.totalBytes ?? 0),
      loadedBytes,
    };
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

  /** There is no more to come. */
  abandon(): void {
    this.#isOver = true;
    const brokenAt = this.#receiver.abandon();
    if (brokenAt === null) return;
    const text = `Internal error in RDB reading offset ${brokenAt}, it goes no further`;
    this.#env.onEvent({ type: 'log', level: 'warning', text });
    if (this.#receiver.way === 'beside') {
      this.#log('MASTER <-> REPLICA sync: Discarding temporary DB in background');
    }
  }

  #on(state: ReceiverState): void {
    if (this.#receiver.hasBegun && !this.#hasBegun) this.#onBegun();
    switch (state.state) {
      case 'receiving':
        return;
      case 'loading':
        this.#env.soon(() => {
          if (!this.#isOver) this.#on(this.#receiver.step());
        });
        return;
      case 'complete':
        this.#swap();
        return;
      case 'loaded':
        this.#isOver = true;
        this.#owner.onLoaded(state.streamDb);
        return;
      case 'failed':
        this.#owner.onFailed(state.reason);
    }
  }

  #onBegun(): void {
    this.#hasBegun = true;
    this.#begunAtMs = this.#env.clock.wallMs();
    if (this.#receiver.hasEmptied) {
      this.#onEmptied();
      this.#log('MASTER <-> REPLICA sync: Flushing old data');
    }
    this.#log('MASTER <-> REPLICA sync: Loading DB in memory');
  }

  #swap(): void {
    const state = this.#receiver.swap();
    if (this.#receiver.hasEmptied) {
      this.#onEmptied();
      this.#log('MASTER <-> REPLICA sync: Swapping active DB with loaded DB');
      this.#log('MASTER <-> REPLICA sync: Discarding old DB in background');
    }
    this.#on(state);
  }

  #onEmptied(): void {
    if (this.#isEmptied) return;
    this.#isEmptied = true;
    this.#owner.onEmptied();
  }

  #log(text: string): void {
    this.#env.onEvent({ type: 'log', level: 'notice', text });
  }
}

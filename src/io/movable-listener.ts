/**
 * A listener that can go elsewhere while it runs (CONFIG SET `port`, `bind`).
 *
 * As in Redis the old place is left before the new one is tried, so that the two may overlap;
 * clients that are connected stay.
 *
 * @see redis/redis 7.0.15 src/server.c, changeListenPort(), changeBindAddr()
 */
/** What listens at one place. */
interface Listener {
  readonly port: number;
  /** Stop listening; connections live on. Resolves when the port is free. */
  close(): Promise<void>;
}

export interface Place {
  readonly port: number;
  readonly bind: readonly string[];
}

export class MovableListener {
  readonly #listen: (place: Place) => Promise<Listener>;
  #server: Listener | null = null;
  /** Where it is; '': nowhere. */
  #at = '';
  readonly #closing: Promise<void>[] = [];

  constructor(listen: (place: Place) => Promise<Listener>) {
    this.#listen = listen;
  }

  /** 0: it listens nowhere. */
  get port(): number {
    return this.#server?.port ?? 0;
  }

  /**
   * @param place - port 0: any free one.
   * @throws RingleaderError as listen() does.
   */
  async open(place: Place): Promise<void> {
    this.#server = await this.#listen(place);
    this.#at = nameOf({ ...place, port: this.#server.port });
  }

  /**
   * @param place - port 0, or no address: it goes nowhere.
   * @throws RingleaderError as listen() does; it is nowhere then.
   */
  async move(place: Place): Promise<void> {
    const to = place.port === 0 || place.bind.length === 0 ? '' : nameOf(place);
    if (to === this.#at) return;
    this.#leave();
    if (to !== '') await this.open(place);
  }

  /** Resolves when every place that it ever had is free, and its clients are gone. */
  async close(): Promise<void> {
    this.#leave();
    await Promise.all(this.#closing);
  }

  #leave(): void {
    if (this.#server !== null) this.#closing.push(this.#server.close());
    this.#server = null;
    this.#at = '';
  }
}

function nameOf({ port, bind }: Place): string {
  return [port, ...bind].join(' ');
}

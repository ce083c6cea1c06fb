/** Hears all that a sentinel that is a process publishes, for as long as it lives. */
import type { Address } from '../../base/address.js';
import { RespLink } from '../../io/resp-link.js';

/** ms before it is listened to again. */
const AGAIN_MS = 50;

export class SentinelEar {
  readonly #place: Address;
  readonly #onMessage: (channel: string, payload: string) => void;
  #link: RespLink<null> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(place: Address, onMessage: (channel: string, payload: string) => void) {
    this.#place = place;
    this.#onMessage = onMessage;
    this.#listen();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#link?.close();
  }

  #listen(): void {
    this.#link = RespLink.to(this.#place.host, this.#place.port, null, {
      onOpen() {},
      onReply() {},
      onMessage: this.#onMessage,
      onClose: () => {
        if (!this.#isClosed) this.#timer = setTimeout(() => this.#listen(), AGAIN_MS);
      },
    });
    this.#link.send(['PSUBSCRIBE', '*'], null);
  }
}

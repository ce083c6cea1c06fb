/**
 * Runs the production sentinel actor in the simulation: turns messages into steps and performs the
 * effects, in order, on the simulated network and a simulated disk.
 */
import type { Address } from '../../src/base/address.js';
import { sentinel } from '../../actors/sentinel.js';
import type { Prng } from '../../src/base/prng.js';
import type { Millis } from '../../src/base/time.js';
import { parseConfig } from '../../src/sentinel/config-file.js';
import type { LinkId, SentinelEffect, SentinelMessage } from '../../src/sentinel/messages.js';
import type { SentinelProfile } from '../../src/sentinel/profile.js';
import type { SentinelState } from '../../src/sentinel/state.js';
import type { Endpoint } from './network.js';
import type { World } from './world.js';

interface OpenLink {
  readonly kind: 'command' | 'pubsub';
  readonly target: Endpoint;
  readonly out: { lastAt: Millis };
  readonly back: { lastAt: Millis };
  opened: boolean;
}

export class SentinelHost implements Endpoint {
  readonly id: string;
  readonly address: Address;
  readonly profile: SentinelProfile;
  alive = false;
  frozenUntil: Millis = 0;
  life = 0;
  /** What is on disk: survives a crash. */
  file: string;
  state: SentinelState | null = null;
  readonly #world: World;
  readonly #random: Prng;
  #links = new Map<LinkId, OpenLink>();
  #wake = 0;

  constructor(world: World, index: number, file: string, random: Prng, profile: SentinelProfile) {
    this.id = `sentinel-${index}`;
    this.address = { host: '127.0.0.1', port: 26_379 + index };
    this.file = file;
    this.profile = profile;
    this.#world = world;
    this.#random = random;
  }

  get #env(): { now: Millis; wallMs: Millis; random: Prng } {
    const { now } = this.#world.queue;
    return { now, wallMs: 1_700_000_000_000 + now, random: this.#random };
  }

  /** Who is at the other end of a link. */
  targetOf(link: LinkId): string {
    return this.#links.get(link)?.target.id ?? 'nobody';
  }

  /** Begin, or begin again from what is on disk. */
  boot(): void {
    this.alive = true;
    const { address, profile } = this;
    const { state, ready } = sentinel.init(
      { file: parseConfig(this.file), address, profile },
      this.#env,
    );
    this.#keep(state, ready);
  }

  /** Lose everything but the disk. */
  crash(): void {
    this.alive = false;
    this.life++;
    this.state = null;
    for (const [id, link] of this.#links) this.#dropSubscription(id, link);
    this.#links = new Map();
  }

  receive(message: SentinelMessage): void {
    if (this.state === null) return;
    const { state, ready } = sentinel.step(this.state, message, this.#env);
    this.#keep(state, ready);
  }

  #keep(state: SentinelState, ready: readonly SentinelEffect[]): void {
    this.state = state;
    this.#world.observeState(this);
    for (const effect of ready) this.#perform(effect);
  }

  #perform(effect: SentinelEffect): void {
    const { queue, network } = this.#world;
    this.#world.observeEffect(this, effect);
    switch (effect.type) {
      case 'persist':
        this.file = effect.configText;
        return;
      case 'open-link':
        return this.#open(effect.link, effect.kind, effect.address);
      case 'close-link': {
        const link = this.#links.get(effect.link);
        if (link !== undefined) this.#dropSubscription(effect.link, link);
        this.#links.delete(effect.link);
        return;
      }
      case 'send': {
        const link = this.#links.get(effect.link);
        if (link === undefined) return;
        return network.send(this, link.target, link.out, () => {
          if (this.#links.get(effect.link) === link) this.#arrive(effect, link);
        });
      }
      case 'question':
      case 'answer': {
        const to = this.#world.sentinelByRunid(effect.to);
        if (to === undefined || this.state === null) return;
        const from = this.state.myid;
        return network.frame(this, to, () => {
          to.receive(
            effect.type === 'question'
              ? { type: 'question', from, question: effect.question }
              : { type: 'answer', from, answer: effect.answer },
          );
        });
      }
      case 'wake': {
        const wake = ++this.#wake;
        const { life } = this;
        queue.at(effect.atMs, () => {
          network.whenRunning(this, life, () => {
            if (wake === this.#wake) this.receive({ type: 'tick' });
          });
        });
        return;
      }
      case 'event':
      case 'reply':
      case 'run-script':
      case 'kill-script':
      case 'resolve':
      case 'crash':
        return; // For observers only.
    }
  }

  #open(id: LinkId, kind: 'command' | 'pubsub', address: Address): void {
    const { network, queue } = this.#world;
    const target = this.#world.at(address);
    if (target === undefined) return this.#lost(id, 'refused');
    const link = { kind, target, out: { lastAt: 0 }, back: { lastAt: 0 }, opened: false };
    this.#links.set(id, link);
    // A cut swallows the attempt, as it swallows a SYN: it ends by timeout.
    const { life } = this;
    queue.at(queue.now + 3000, () => {
      if (this.life === life && this.#links.get(id) === link && !link.opened) {
        this.#lost(id, 'timed out');
      }
    });
    queue.at(queue.now + network.delay(), () => {
      if (this.life !== life || network.isCut(this.id, target.id)) return;
      if (this.#links.get(id) !== link) return;
      if (!target.alive) return this.#lost(id, 'refused');
      link.opened = true;
      network.whenRunning(this, life, () =>
        this.receive({ type: 'link-opened', link: id, isLocal: true, localHost: null }),
      );
    });
  }

  /** A command reached the other side. */
  #arrive(effect: SentinelEffect & { type: 'send' }, { kind, target, back }: OpenLink): void {
    const { network } = this.#world;
    if (kind === 'pubsub') {
      if (effect.args[0] !== 'SUBSCRIBE') return;
      this.#world.subscribe(target, `${this.id}/${this.life}/${effect.link}`, (payload) => {
        network.send(target, this, back, () => {
          this.receive({ type: 'pubsub', link: effect.link, channel: effect.args[1]!, payload });
        });
      });
      return;
    }
    const value = this.#world.execute(target, effect.args);
    network.send(target, this, back, () => {
      this.receive({ type: 'reply', link: effect.link, tag: effect.tag, value });
    });
  }

  /** The other side died: every connection to it closes, unless a cut hides it. */
  peerDied(target: Endpoint): void {
    for (const [id, link] of this.#links) {
      if (link.target !== target) continue;
      if (!this.#world.network.isCut(this.id, target.id)) this.#lost(id, 'closed');
    }
  }

  #lost(id: LinkId, why: string): void {
    const { queue, network } = this.#world;
    const link = this.#links.get(id);
    if (link !== undefined) this.#dropSubscription(id, link);
    this.#links.delete(id);
    const { life } = this;
    queue.at(queue.now + 1, () => {
      network.whenRunning(this, life, () => this.receive({ type: 'link-closed', link: id, why }));
    });
  }

  #dropSubscription(id: LinkId, link: OpenLink): void {
    if (link.kind === 'pubsub') {
      this.#world.unsubscribe(link.target, `${this.id}/${this.life}/${id}`);
    }
  }
}

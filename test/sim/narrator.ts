/** Tells what happens in a world in lines that people can read; periodic traffic is left out. */
import type { SentinelEffect } from '../../src/sentinel/messages.js';
import type { SentinelHost } from './sentinel-host.js';
import type { Observer, World } from './world.js';

/** Commands that say nothing new in a story. */
const periodic = new Set(['PING', 'INFO', 'PUBLISH', 'SUBSCRIBE', 'CLIENT', 'AUTH']);

export class Narrator implements Observer {
  /** What each sentinel last said to each other one: the same again is not told again. */
  readonly #said = new Map<string, string>();
  readonly #world: World;
  readonly #print: (line: string) => void;

  constructor(world: World, print: (line: string) => void) {
    this.#world = world;
    this.#print = print;
  }

  note(who: string, what: string): void {
    const now = String(Math.round(this.#world.queue.now));
    this.#print(`${now.padStart(6)} ${who.padEnd(10)} ${this.#named(what)}`);
  }

  effect(host: SentinelHost, effect: SentinelEffect): void {
    const text = this.#tell(host, effect);
    if (text === null) return;
    if (effect.type === 'question' || effect.type === 'answer') {
      const key = `${host.id} ${effect.type} ${effect.to}`;
      if (this.#said.get(key) === text) return;
      this.#said.set(key, text);
    }
    this.note(host.id, text);
  }

  /** Tell everything again, from here on. */
  forget(): void {
    this.#said.clear();
  }

  #tell(host: SentinelHost, effect: SentinelEffect): string | null {
    switch (effect.type) {
      case 'event':
        return `${effect.channel} ${effect.payload}`;
      case 'persist': {
        const epochs = /^sentinel (?:config|leader|current)-epoch.*$/gm;
        const shown = effect.configText.match(epochs)?.map((line) => line.slice(9));
        return `saves ${shown?.join(', ').replaceAll(' mymaster', '')}`;
      }
      case 'question': {
        const { epoch, candidate } = effect.question;
        const vote = candidate === null ? '' : `, vote for ${candidate} in epoch ${epoch}?`;
        return `asks ${effect.to}: down?${vote}`;
      }
      case 'answer': {
        const { down, leader, leaderEpoch } = effect.answer;
        const vote = leader === null ? '' : `, voted for ${leader} in epoch ${leaderEpoch}`;
        return `answers ${effect.to}: ${down ? 'down' : 'not down'}${vote}`;
      }
      case 'send':
        if (periodic.has(effect.args[0] ?? '')) return null;
        return `tells ${host.targetOf(effect.link)}: ${effect.args.join(' ')}`;
      case 'reply':
        return effect.clientId === 0 ? null : `replies ${JSON.stringify(effect.reply)}`;
      case 'open-link':
      case 'close-link':
      case 'wake':
      default:
        return null;
    }
  }

  /** Names instead of run ids. */
  #named(text: string): string {
    return text.replace(/[0-9a-f]{40}/g, (runid) => this.#world.nameOf(runid) ?? runid);
  }
}

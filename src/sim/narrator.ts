/** Tells what happens in a world in lines that people can read; periodic traffic is left out. */
import type { LogLevel } from '../commands/node/process.js';
import type { Reply } from '../resp/reply.js';
import type { SentinelEffect } from '../sentinel/messages.js';
import type { SimNode } from './sim-node.js';
import type { SimSentinel } from './sim-sentinel.js';
import type { Observer } from './observer.js';
import type { World } from './world.js';

/** Commands that say nothing new in a story. */
const periodic = new Set(['PING', 'INFO', 'PUBLISH', 'SUBSCRIBE', 'CLIENT', 'AUTH']);

/** The answers to hellos and questions. */
const isRoutine = ({ type }: Reply): boolean => type === 'integer' || type === 'array';

export class Narrator implements Observer {
  /** What each sentinel last said to each other one: the same again is not told again. */
  readonly #said = new Map<string, string>();
  readonly #world: World;
  readonly #print: (line: string) => void;
  readonly #tellsLogs: boolean;

  /** @param tellsLogs - nodes' own logs as well. */
  constructor(world: World, print: (line: string) => void, tellsLogs = false) {
    this.#world = world;
    this.#print = print;
    this.#tellsLogs = tellsLogs;
  }

  note(who: string, what: string): void {
    const now = String(Math.round(this.#world.queue.now));
    this.#print(`${now.padStart(6)} ${who.padEnd(10)} ${this.#named(what)}`);
  }

  log({ id }: SimNode, level: LogLevel, text: string): void {
    if (this.#tellsLogs && level !== 'debug' && level !== 'verbose') this.note(id, `"${text}"`);
  }

  effect(host: SimSentinel, effect: SentinelEffect): void {
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

  #tell(host: SimSentinel, effect: SentinelEffect): string | null {
    switch (effect.type) {
      case 'event':
        return effect.channel === '' ? null : `${effect.channel} ${effect.payload}`;
      case 'persist': {
        const epochs = /^sentinel (?:config|leader|current)-epoch.*$/gm;
        const shown = effect.configText.match(epochs)?.map((line) => line.slice(9));
        if (this.#world.groups.length > 1) return `saves ${shown?.at(-1)}`;
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
        return effect.clientId === 0 || isRoutine(effect.reply)
          ? null
          : `replies ${JSON.stringify(effect.reply)}`;
      default:
        return null;
    }
  }

  /** Names instead of run ids. */
  #named(text: string): string {
    return text.replace(/[0-9a-f]{40}/g, (runid) => this.#world.nameOf(runid) ?? runid);
  }
}

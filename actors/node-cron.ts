/**
 * What a node does at its heart's beats: ten times a second while there is something to do, once a
 * second where nothing happens.
 */
import type { Millis } from '../src/base/time.js';
import type { Core } from '../src/core/core.js';
import type { Persistence } from '../src/persistence/persistence.js';
import type { Shutdown } from '../src/persistence/shutdown.js';
import type { Replicator } from '../src/replication/replicator.js';
import { clientsCron } from '../src/server/cron.js';
import type { NodeServices } from '../src/server/services.js';
import type { NodeAof } from './node-aof.js';
import type { NodeNews } from './node-news.js';
import type { NodeSurroundings } from './node-surroundings.js';

interface Parts {
  readonly core: Core;
  readonly services: NodeServices;
  readonly replicator: Replicator;
  readonly aof: NodeAof;
  readonly saved: Persistence;
  readonly end: Shutdown;
  readonly news: NodeNews;
  readonly around: Pick<NodeSurroundings, 'clock' | 'beatSoon' | 'shrinkHeap'>;
}

/** ms between two crons of a node that nothing is asked of; a beat may come a little early. */
const QUIET_CRON_MS = 900;

/** So many commands in a turn are those of sentinels and of people who look. */
const CALM_COMMANDS = 20;
/** ms of calm after which a node gives back what its work took, and how often it tries. */
const CALM_MS = 5000;
const CALM_TRIES = 3;

export class NodeCron {
  readonly #parts: Parts;
  /** What the last one found: the offset, and how many commands had been run. */
  #head = -1;
  #commands = -1;
  #turnedAt = -Infinity;
  readonly #calm: { since: Millis; tries: number };

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#calm = { since: parts.around.clock.monotonicMs(), tries: 0 };
  }

  /** Whether something was written since the last turn. */
  get hasNews(): boolean {
    return this.#parts.core.head() !== this.#head;
  }

  /** @param isSoon - something was left to be done. */
  onBeat(isSoon: boolean): void {
    const { core, services, replicator, around } = this.#parts;
    const { clock } = around;
    if (services.switches.pausesCron) return;
    const now = clock.monotonicMs();
    const isQuiet = !isSoon && !services.scripting.isBusy && this.#isIdle();
    if (!isQuiet || this.#run() !== this.#commands || now - this.#turnedAt > QUIET_CRON_MS) {
      return this.#turn(now);
    }
    core.setNow(clock.wallMs());
    replicator.onCron();
  }

  #turn(now: number): void {
    const { core, services, replicator, aof, saved, end, news, around } = this.#parts;
    const { clock, beatSoon } = around;
    if (services.scripting.isBusy) {
      clientsCron(services); // Nothing may change in the middle of a script.
      return beatSoon();
    }
    core.setNow(clock.wallMs());
    aof.onCron(); // Before the ring can be made smaller.
    replicator.onCron(); // First: it finds a fence before anything is done that would not count.
    clientsCron(services);
    services.upkeep.cron();
    end.onCron();
    saved.onCron();
    news.tell();
    this.#head = core.head();
    this.#giveBack(now, this.#run() - this.#commands);
    this.#commands = this.#run();
    this.#turnedAt = now;
    if (!this.#isIdle()) beatSoon();
  }

  #giveBack(now: number, commands: number): void {
    const calm = this.#calm;
    if (commands > CALM_COMMANDS) Object.assign(calm, { since: now, tries: 0 });
    if (calm.tries === CALM_TRIES || now - calm.since < CALM_MS) return;
    calm.since = now;
    calm.tries += 1;
    this.#parts.around.shrinkHeap();
  }

  /** Whether a turn would find nothing to do. */
  #isIdle(): boolean {
    const { services, replicator, aof, saved, end } = this.#parts;
    return (
      replicator.isSettled &&
      services.upkeep.isIdle &&
      services.pause.mode === 'none' &&
      aof.isIdle &&
      saved.isIdle &&
      end.isIdle
    );
  }

  /** Commands run so far. */
  #run(): number {
    const { core, services } = this.#parts;
    return services.stats.commands + core.counters().commands;
  }
}

/**
 * Makes the cluster's events out of what its actor system tells, and tells its parts what concerns
 * them.
 */
import type { SharedAccess } from '../cache/access.js';
import type { ElectionEntry } from '../coordinator/election-log.js';
import type { ActorSpec } from '../runtime/actor-record.js';
import type { ActorSystem, ActorSystemEvent } from '../runtime/actor-system.js';
import { type ClusterEmitter, upDown } from './events.js';
import { MasterNews } from './master-news.js';
import type { Members } from './members.js';
import type { SentinelWatch } from './sentinel-watch.js';

/** What a node calls the loss of its link to its master, by how far it was. */
const LINK_FAILURES: ReadonlySet<string> = new Set([
  'handshake-failed',
  'full-resync-failed',
  'link-down',
]);

export interface AnnouncerParts {
  readonly system: ActorSystem;
  readonly events: ClusterEmitter;
  readonly access: SharedAccess;
  readonly members: Members;
  readonly watch: SentinelWatch;
  readonly masterId: () => string;
}

export class Announcer {
  readonly #parts: AnnouncerParts;
  readonly #news = new MasterNews();

  constructor(parts: AnnouncerParts) {
    this.#parts = parts;
  }

  on(event: ActorSystemEvent): void {
    const { access, events, system, watch } = this.#parts;
    const { id, type } = event;
    const { kind } = system.record(id).spec;
    switch (type) {
      case 'up':
        access.onUp(id);
        if (kind === 'sentinel') watch.check(id);
        events.emit(upDown(kind, 'up'), { id, ...event.address });
        break;
      case 'down':
        events.emit(upDown(kind, 'down'), { id, reason: event.reason, detail: event.detail });
        break;
      case 'actor':
        this.#onActor(id, kind, event.name, event.payload);
        break;
      default:
        events.emit(type, event);
    }
    this.#announceMaster();
  }

  #onActor(id: string, kind: ActorSpec['kind'], name: string, payload: unknown): void {
    const { events, members } = this.#parts;
    if (kind === 'coordinator') {
      // The thread is of this same build: what it posts is what its type says.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      events.emit('election', payload as ElectionEntry);
      return;
    }
    if (kind === 'sentinel') {
      events.emit('sentinel', { id, channel: name, payload: String(payload) });
      return;
    }
    if (name === 'role-changed' && (payload === 'master' || payload === 'replica')) {
      members.setRole(id, payload);
    }
    if (name === 'link-up') members.setLinkFailure(id, null);
    else if (LINK_FAILURES.has(name)) {
      members.setLinkFailure(id, String(Object(payload).reason));
    }
    events.emit('node', { id, name, payload });
  }

  #announceMaster(): void {
    const { access, events, masterId, system, watch } = this.#parts;
    const news = this.#news.next(system);
    if (news === null) return;
    access.onMaster(masterId());
    watch.onMaster();
    if (news.type === 'following') events.emit('following', news.event);
    else events.emit('switch-master', news.event);
  }
}

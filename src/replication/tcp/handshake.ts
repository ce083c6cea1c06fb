/**
 * What a replica says to its master before the stream flows, and what it makes of the answers.
 *
 *   PING                                      is it a server, and does it answer
 *   AUTH [user] password                      with `masterauth`
 *   REPLCONF listening-port, ip-address       for the master's INFO; an old one may not know it
 *   REPLCONF capa eof capa psync2             likewise
 *   PSYNC replid offset [FAILOVER]            or, where that is not known, SYNC
 *
 * As Redis does, everything from AUTH to the capabilities is sent at once after the PONG. A step
 * function: no socket, no clock.
 *
 * @see redis/redis 7.0 src/replication.c, syncWithMaster(), slaveTryPartialResynchronization()
 */
import type { PsyncRequest } from '../psync.js';

export interface HandshakeConfig {
  /** `masteruser` and `masterauth`; '': none. */
  readonly user: string;
  readonly password: string;
  /**
   * Where this node listens, as its master is to show it; '' for the address: that of the socket.
   */
  readonly announcePort: number;
  readonly announceIp: string;
  readonly request: PsyncRequest;
  /** The request hands the master's role to the other side (FAILOVER). */
  readonly isFailover: boolean;
}

/** What is waited for. */
type Step = 'ping' | 'auth' | 'port' | 'ip' | 'capa' | 'psync';

export type HandshakeTurn =
  /** Send these commands, and wait for more lines. */
  | {
      readonly state: 'more';
      readonly send: readonly (readonly string[])[];
      readonly note?: string;
    }
  /** The stream goes on. @see MasterSessionOwner.onContinue */
  | { readonly state: 'continue'; readonly replid: string | null }
  /** A payload comes, then the stream from `offset` on. */
  | { readonly state: 'full'; readonly replid: string; readonly offset: number }
  /** The same, from a master that knows neither ids nor offsets, once SYNC is sent. */
  | { readonly state: 'sync'; readonly note: string }
  | { readonly state: 'failed'; readonly reason: string }
  /** It was to take over, and does not. */
  | { readonly state: 'rejected'; readonly reason: string };

const MORE: HandshakeTurn = { state: 'more', send: [] };

export class Handshake {
  readonly #config: HandshakeConfig;
  #waitingFor: readonly Step[] = ['ping'];

  constructor(config: HandshakeConfig) {
    this.#config = config;
  }

  /** The first question. */
  begin(): readonly (readonly string[])[] {
    return [['PING']];
  }

  /** @param line - the next line from the master, without its end. */
  onLine(line: string): HandshakeTurn {
    const [step, ...later] = this.#waitingFor;
    switch (step) {
      case 'ping':
        return this.#onPong(line);
      case 'auth':
        if (line.startsWith('-')) return failed(`Unable to AUTH to MASTER: ${line}`);
        return this.#advance(later);
      case 'port':
      case 'ip':
      case 'capa':
        return this.#advance(later, line.startsWith('-') ? misunderstood(step, line) : undefined);
      default:
        return this.#onPsync(line);
    }
  }

  #onPong(line: string): HandshakeTurn {
    const isFine =
      line.startsWith('+') ||
      ['-NOAUTH', '-NOPERM', '-ERR operation not permitted'].some((word) => line.startsWith(word));
    if (!isFine) return failed(`Error reply to PING from master: '${line}'`);
    const { user, password, announceIp, announcePort } = this.#config;
    const steps: [Step, string[]][] = [];
    if (password !== '') {
      steps.push(['auth', user === '' ? ['AUTH', password] : ['AUTH', user, password]]);
    }
    steps.push(['port', ['REPLCONF', 'listening-port', String(announcePort)]]);
    if (announceIp !== '') steps.push(['ip', ['REPLCONF', 'ip-address', announceIp]]);
    steps.push(['capa', ['REPLCONF', 'capa', 'eof', 'capa', 'psync2']]);
    this.#waitingFor = steps.map(([step]) => step);
    return { state: 'more', send: steps.map(([, command]) => command) };
  }

  #advance(later: readonly Step[], note?: string): HandshakeTurn {
    const extra = note === undefined ? {} : { note };
    if (later.length > 0) {
      this.#waitingFor = later;
      return { state: 'more', send: [], ...extra };
    }
    this.#waitingFor = ['psync'];
    const { request, isFailover } = this.#config;
    const command = ['PSYNC', request.replid, String(request.offset)];
    return { state: 'more', send: [isFailover ? [...command, 'FAILOVER'] : command], ...extra };
  }

  #onPsync(line: string): HandshakeTurn {
    if (line === '') return MORE; // Just to keep the connection alive.
    if (line.startsWith('+CONTINUE')) {
      const replid = line.slice('+CONTINUE '.length).trim();
      return { state: 'continue', replid: REPLID.test(replid) ? replid.toLowerCase() : null };
    }
    if (line.startsWith('+FULLRESYNC')) {
      const [, replid = '', offsetText = ''] = line.split(' ');
      const offset = Number(offsetText);
      if (!REPLID.test(replid) || !/^\d+$/.test(offsetText) || !Number.isSafeInteger(offset)) {
        return failed('Master replied with wrong +FULLRESYNC syntax.');
      }
      return { state: 'full', replid: replid.toLowerCase(), offset };
    }
    // Whoever is asked to take over serves this node, or does not.
    if (this.#config.isFailover) return { state: 'rejected', reason: line.replace(/^-/, '') };
    if (line.startsWith('-NOMASTERLINK') || line.startsWith('-LOADING')) {
      return failed(`Master is currently unable to PSYNC but should be in the future: ${line}`);
    }
    return {
      state: 'sync',
      note: `Master does not support PSYNC or is in error state (reply: ${line})`,
    };
  }
}

const REPLID = /^[0-9a-f]{40}$/i;

const failed = (reason: string): HandshakeTurn => ({ state: 'failed', reason });

const WORDS = { port: 'listening-port', ip: 'ip-address', capa: 'capa' } as const;

function misunderstood(step: keyof typeof WORDS, line: string): string {
  return `(Non critical) Master does not understand REPLCONF ${WORDS[step]}: ${line}`;
}

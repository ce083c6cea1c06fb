/** What a cluster's actors are: apart from the checks, since applications are given these types. */

/** The programs of real servers, by name or path. */
export interface ServerPrograms {
  /** `redis-server`, `valkey-server`. */
  readonly server: string;
  /** `redis-sentinel`; or the same as `server`, which gets --sentinel then. */
  readonly sentinel: string;
}

export type EngineChoice = 'threads' | 'processes' | ServerPrograms;

/** What sentinel.conf sets for all masters. */
export interface SentinelSettings {
  readonly announceIp: string | null;
  readonly announcePort: number | null;
  readonly sentinelUser: string | null;
  readonly sentinelPass: string | null;
  /** What clients have to say here; sentinels say it to each other if there is no sentinelPass. */
  readonly requirepass: string | null;
  readonly denyScriptsReconfig: boolean;
  readonly resolveHostnames: boolean;
  readonly announceHostnames: boolean;
  /** The file as it was read: its lines keep their places when it is rewritten. */
  readonly fileLines: readonly string[];
}

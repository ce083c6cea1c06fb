/** A user, as commands see it (ACL). */

/** A selector's permissions, as ACL GETUSER shows them. */
export interface SelectorText {
  readonly commands: string;
  readonly keys: string;
  readonly channels: string;
}

export interface AccessUser {
  readonly name: string;
  /** `on`, `off`, `nopass`, `skip-sanitize-payload`, `sanitize-payload`. */
  readonly flags: readonly string[];
  /** Hashes, 64 hexadecimal digits each. */
  readonly passwords: readonly string[];
  /** The root selector's first. */
  selectorTexts(): readonly SelectorText[];
  /** All of it, as a line of a file has it behind the name. */
  describe(): string;
}

/** @returns the line of a file that declares the user. */
export function userLine(user: AccessUser): string {
  return `user ${user.name} ${user.describe()}`;
}

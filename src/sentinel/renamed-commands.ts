/** Commands that a master's group calls by other names (`sentinel rename-command`). */

/** By name in lower case: the name as it was written, and what the group calls the command. */
export type RenamedCommands = ReadonlyMap<
  string,
  { readonly command: string; readonly other: string }
>;

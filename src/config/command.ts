/**
 * CONFIG SET's rule: all the directives given change together, or none does.
 *
 * @see redis/redis 7.0 src/config.c, configSetCommand()
 */
import type { AnySetting, Config } from './config.js';
import { SettingError } from './setting.js';

/**
 * A refused CONFIG SET: the reply's text without its `ERR `; or it must wait for the loading's end.
 */
export type SetResult =
  | SetOutcome
  | { readonly state: 'loading' }
  | { readonly state: 'pending'; result: Promise<SetOutcome> };

type SetOutcome = { readonly state: 'done' } | { readonly state: 'refused'; text: string };

interface Change {
  readonly setting: AnySetting;
  /** As it was spelled. */
  readonly name: string;
  readonly value: string;
}

/**
 * @param pairs - names and values, alternating; an even number.
 * @param options - `allowProtected`: whether this client may set protected directives; `mayWait`:
 *   whether it can wait for those that take a while. Without it they are refused. `isLoading`: a
 *   data set is being loaded.
 */
export function setConfig(
  config: Config,
  pairs: readonly string[],
  options: {
    readonly allowProtected: boolean;
    readonly mayWait: boolean;
    readonly isLoading: boolean;
  },
): SetResult {
  const changes: Change[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const name = pairs[i] ?? '';
    const setting = config.find(name);
    if (setting === undefined) {
      return refused(`Unknown option or number of arguments for CONFIG SET - '${name}'`);
    }
    if (setting.mutability === 'immutable') return failed(name, "can't set immutable config");
    if (setting.mutability === 'protected' && !options.allowProtected) {
      return failed(name, "can't set protected config");
    }
    if (setting.isAppliedLater && !options.mayWait) {
      return failed(name, 'it takes a while, which is not possible inside MULTI');
    }
    if (setting.isFixedWhileLoading && options.isLoading) return { state: 'loading' };
    if (changes.some((change) => change.setting === setting)) {
      return failed(name, 'duplicate parameter');
    }
    changes.push({ setting, name, value: pairs[i + 1] ?? '' });
  }

  const undo = changes.map(({ setting }) => setting.backup());
  const changed: Change[] = [];
  for (const change of changes) {
    const before = change.setting.text();
    try {
      change.setting.set(change.setting.takesMany ? change.value.split(' ') : [change.value]);
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      for (const putBack of undo) putBack();
      return failed(change.name, error.message);
    }
    const { isVolatile } = change.setting;
    if (isVolatile || change.setting.text() !== before) changed.push(change);
  }

  for (const { setting, name } of changed) {
    const reason = setting.apply();
    if (reason === null) continue;
    for (const putBack of undo) putBack();
    for (const other of changed) other.setting.apply();
    return failed(name, reason);
  }
  const slow = changed.filter(({ setting }) => setting.isAppliedLater);
  if (slow.length === 0) return { state: 'done' };
  return { state: 'pending', result: applyAll(slow, changed, undo) };
}

/** Apply what takes a while, and if one cannot be used put all back. */
async function applyAll(
  slow: readonly Change[],
  changed: readonly Change[],
  undo: readonly (() => void)[],
): Promise<SetOutcome> {
  const reasons = await Promise.all(slow.map(({ setting }) => setting.applyLater()));
  const failedAt = reasons.findIndex((reason) => reason !== null);
  if (failedAt === -1) return { state: 'done' };
  for (const putBack of undo) putBack();
  for (const { setting } of changed) setting.apply();
  await Promise.all(slow.map(({ setting }) => setting.applyLater()));
  return failed(slow[failedAt]?.name ?? '', reasons[failedAt] ?? '');
}

function failed(name: string, reason: string): SetOutcome {
  return refused(`CONFIG SET failed (possibly related to argument '${name}') - ${reason}`);
}

function refused(text: string): SetOutcome {
  return { state: 'refused', text };
}

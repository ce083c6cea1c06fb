/** What `drill()` and `DrillGround.drill()` take: checked, and completed with defaults. */
import * as z from 'zod';

import { checkFunction, checkOptions, refusal } from '../../base/refuse.js';
import type { Millis } from '../../base/time.js';
import { findScenario } from '../judge/catalogue.js';
import type { Scenario, ScenarioInput } from '../judge/scenario.js';
import type { ClientCode } from './client-session.js';

/** One drill on a cluster that is there. */
export interface DrillRun {
  /** A name from the catalogue, names joined by `+`, or a scenario of your own. */
  readonly scenario: string | ScenarioInput;
  /** The code to try. It should go on until `ctx.signal` is aborted. */
  readonly client: ClientCode;
  /** ms from the scenario's end within which an operation must succeed again. Default 5000. */
  readonly budgetMs?: Millis;
  /** ms after which a recovery counts as slow. Default: half of the budget. */
  readonly slowMs?: Millis;
  /** ms for the client code to get its first operation through. Default 10 000. */
  readonly startWithinMs?: Millis;
  /** ms of undisturbed work before the strike. Default 200. */
  readonly warmupMs?: Millis;
  /** ms that are watched after the recovery. Default 300. */
  readonly settleMs?: Millis;
}

const ms = z.int().min(0).max(3_600_000);
const numbers = z.object({
  budgetMs: ms.min(1).default(5_000),
  slowMs: ms.optional(),
  startWithinMs: ms.default(10_000),
  warmupMs: ms.default(200),
  settleMs: ms.default(300),
});

/** The same, complete. */
export interface CheckedRun extends Required<Omit<DrillRun, 'scenario'>> {
  readonly scenario: Scenario;
}

const NAMES = ['scenario', 'client', ...Object.keys(numbers.shape)];

/**
 * @param of - the function that was called: `drill()`.
 * @param others - names that it takes beside.
 * @throws RingleaderError CONFIG_INVALID: an unknown scenario or option, or a value that is not
 * taken.
 */
export function checkRun(of: string, run: DrillRun, others: readonly string[] = []): CheckedRun {
  checkOptions(of, run, [...NAMES, ...others]);
  checkFunction('client', run.client);
  const scenario = findScenario(run.scenario);
  const parsed = numbers.safeParse(run);
  if (parsed.success) {
    const { slowMs = parsed.data.budgetMs / 2, ...limits } = parsed.data;
    return { ...limits, slowMs, scenario, client: run.client };
  }
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') ?? 'options';
  throw refusal(field, issue?.message ?? 'not as it should be', Object(run)[field]);
}

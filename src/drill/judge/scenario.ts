/**
 * A failover scenario as data: steps that strike a cluster and its clients' links.
 *
 * Actors are named by their role when the scenario begins, not by id: a scenario is written once
 * and fits every cluster, and `master` stays the old master after another was promoted. Scenarios
 * are composed by joining their steps.
 */
import * as z from 'zod';

import { RingleaderError } from '../../base/errors.js';
import { refusal } from '../../base/refuse.js';

/**
 * `master`, `replica` (the first), `replicas`, `sentinel` (the first), `sentinels`,
 * `first-sentinels` (all but the last), `new-master` (who is master by then), or an id.
 */
const who = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const ms = z.int().min(0).max(600_000);

const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('kill'), who }),
  z.strictObject({ do: z.literal('freeze'), who }),
  z.strictObject({ do: z.literal('thaw'), who }),
  z.strictObject({
    do: z.literal('cut'),
    side: who,
    from: who.optional(),
    clients: z.enum(['side', 'rest', 'both']).default('both'),
  }),
  z.strictObject({
    do: z.literal('stall'),
    who,
    only: z.enum(['replies', 'both']).default('both'),
  }),
  z.strictObject({ do: z.literal('delay'), who, ms }),
  z.strictObject({ do: z.literal('reset'), who }),
  z.strictObject({ do: z.literal('refuse'), who }),
  z.strictObject({ do: z.literal('heal') }),
  z.strictObject({ do: z.literal('failover') }),
  z.strictObject({ do: z.literal('wait'), ms }),
  z.strictObject({
    do: z.literal('wait-for'),
    what: z.enum(['new-master', 'one-master']),
    withinMs: ms.default(30_000),
  }),
]);

const name = z.string().regex(/^[a-z0-9+-]+$/, 'lower case letters, digits, - and +');

const schema = z.strictObject({
  name,
  about: z.string().default(''),
  steps: z.array(step).min(1),
});

/** One name of an actor or role (see above), or several. */
export type Who = string | string[];

/** What a step does, but for the fields that have defaults. */
type PlainStep =
  /** End the thread as SIGKILL ends a process: its sockets close. */
  | { do: 'kill'; who: Who }
  /** Stop the thread where it stands: its sockets stay open, and no byte comes. */
  | { do: 'freeze'; who: Who }
  | { do: 'thaw'; who: Who }
  /** Each byte between clients and these takes so much longer, each way. */
  | { do: 'delay'; who: Who; ms: number }
  /** Clients' connections are reset (RST); new ones are accepted. */
  | { do: 'reset'; who: Who }
  /** Clients' connections are reset and new ones refused, until `heal`. */
  | { do: 'refuse'; who: Who }
  /** End all cuts, stalls, delays and refusals; frozen threads stay frozen. */
  | { do: 'heal' }
  /** SENTINEL FAILOVER, as an operator orders it. */
  | { do: 'failover' }
  | { do: 'wait'; ms: number };

/**
 * Cut one side off from the others (`from`: all others), among nodes and sentinels. Clients
 * are on the given side, their links to the other one hold all bytes back; or they reach both.
 */
interface Cut {
  do: 'cut';
  side: Who;
  from?: Who | undefined;
  clients: 'side' | 'rest' | 'both';
}

/** Clients' links stay open and pass no bytes; `replies`: requests pass, replies do not. */
interface Stall {
  do: 'stall';
  who: Who;
  only: 'replies' | 'both';
}

/** Another node is master; or all that can be reached agree on one. */
interface WaitFor {
  do: 'wait-for';
  what: 'new-master' | 'one-master';
  withinMs: number;
}

/** The same with a field that may be left out. */
type Default<T, Field extends keyof T> = Omit<T, Field> & { [Name in Field]?: T[Name] | undefined };

/** One step, its defaults filled in. */
export type Step = PlainStep | Cut | Stall | WaitFor;
/**
 * A step as it may be written: clients of a cut on both sides, a stall of both ways, 30 s to wait:
 * real sentinels take ten to make the old master of a partition a replica.
 */
export type StepInput =
  | PlainStep
  | Default<Cut, 'clients'>
  | Default<Stall, 'only'>
  | Default<WaitFor, 'withinMs'>;

/** A scenario, checked. */
export interface Scenario {
  name: string;
  /** What happens, in a sentence. */
  about: string;
  steps: Step[];
}

/** A scenario as it may be written. */
export interface ScenarioInput {
  name: string;
  about?: string | undefined;
  steps: StepInput[];
}

/** @throws RingleaderError CONFIG_INVALID, naming the field, the rule and the scenario. */
export function parseScenario(input: unknown): Scenario {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.map(String).join('.') || 'scenario';
  const called = String(Object(input)['name'] ?? 'without a name');
  throw new RingleaderError(
    'CONFIG_INVALID',
    `cannot use scenario ${called}: ${field}: ${issue?.message ?? 'not as it should be'}`,
  );
}

/**
 * One scenario after the other, without a pause between them.
 *
 * @throws RingleaderError CONFIG_INVALID: none are given, or one is no scenario.
 */
export function compose(...parts: readonly ScenarioInput[]): Scenario {
  const scenarios = parts.map(parseScenario);
  return parseScenario({
    name: scenarios.map((part) => part.name).join('+'),
    about: scenarios.map(({ about }) => about).join(' Then: '),
    steps: scenarios.flatMap(({ steps }) => steps),
  });
}

/**
 * The same steps so many times.
 *
 * @throws RingleaderError CONFIG_INVALID: no whole number from 1 to 1000, or no steps.
 */
export function repeat(times: number, steps: readonly StepInput[]): StepInput[] {
  if (!Number.isInteger(times) || times < 1 || times > 1_000) {
    throw refusal('times', 'a whole number, 1 to 1000', times);
  }
  if (!Array.isArray(steps)) throw refusal('steps', 'a list of steps', steps);
  return Array.from({ length: times }, () => steps).flat();
}

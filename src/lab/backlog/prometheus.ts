/**
 * A series straight from Prometheus, or from what speaks its API: VictoriaMetrics, Thanos, Mimir,
 * Grafana's proxy of a data source.
 *
 * Given the server alone, `redis_master_repl_offset` and the number of replicas are asked for; a
 * whole /api/v1/query_range URL is used as it is, and what it leaves open is filled in. A range
 * that comes to more points than a server gives at once is asked for in parts.
 */
import { unescape } from 'node:querystring';

import { RingleaderError } from '../../base/errors.js';
import { unusable } from '../../base/refuse.js';
import { parseDuration } from '../../base/quantity.js';
import type { Millis } from '../../base/time.js';
import { withoutSecrets } from '../../cluster/server-url.js';

export interface RangeQuery {
  /** Unix ms: the end of the range, where the URL does not say. */
  readonly now: Millis;
  readonly forMs: Millis;
  readonly everyMs: Millis;
  readonly labels: readonly string[];
}

const PATH = '/api/v1/query_range';
/** Prometheus gives 11,000 points of a series at once. */
const MOST_POINTS = 10_000;
const WITHIN_MS = 60_000;

/** Whether a source is a Prometheus' rather than a file or a Redis. */
export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/**
 * @returns the answer, as one of /api/v1/query_range; or what else the URL names.
 * @throws RingleaderError CONFIG_INVALID: the URL is none, or the query is refused.
 * @throws RingleaderError CONNECTION_LOST: the server cannot be reached.
 */
export async function fetchSeries(name: string, text: string, query: RangeQuery): Promise<string> {
  const label = withoutSecrets(text);
  if (!URL.canParse(text)) throw unusable(name, 'a URL is needed', JSON.stringify(label));
  const url = new URL(text);
  const headers = authorization(url);
  if (!url.pathname.includes('/api/v1/')) url.pathname = url.pathname.replace(/\/*$/, PATH);
  // An export, say: a file that happens to lie elsewhere.
  if (!url.pathname.endsWith(PATH)) return (await get(label, url, headers)).body;
  const parameters = url.searchParams;
  if (!parameters.has('query')) parameters.set('query', defaultQuery(query.labels));
  const end = toUnixSeconds(parameters.get('end')) ?? query.now / 1000;
  const start = toUnixSeconds(parameters.get('start')) ?? end - query.forMs / 1000;
  const step = toStepSeconds(parameters.get('step')) ?? query.everyMs / 1000;
  const results = new Map<string, { metric: unknown; values: unknown[] }>();
  for (let from = start; from <= end; from += MOST_POINTS * step) {
    parameters.set('start', String(from));
    parameters.set('end', String(Math.min(end, from + (MOST_POINTS - 1) * step)));
    parameters.set('step', String(step));
    for (const { metric, values } of await ask(name, label, url, headers)) {
      const key = JSON.stringify(metric);
      const before = results.get(key);
      if (before === undefined) results.set(key, { metric, values: [...values] });
      else for (const value of values) before.values.push(value);
    }
  }
  return JSON.stringify({ data: { resultType: 'matrix', result: [...results.values()] } });
}

/** What a URL has of a user, which fetch does not take there. */
function authorization(url: URL): Record<string, string> {
  const { username, password } = url;
  if (username === '' && password === '') return {};
  url.username = '';
  url.password = '';
  const plain = [username, password].map(unescape).join(':');
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}

function defaultQuery(labels: readonly string[]): string {
  const matchers = labels.map((label) => {
    const [key = '', ...value] = label.split('=');
    return `,${key}=${JSON.stringify(value.join('='))}`;
  });
  return `{__name__=~"redis_master_repl_offset|redis_connected_slaves"${matchers.join('')}}`;
}

async function ask(
  name: string,
  label: string,
  url: URL,
  headers: Record<string, string>,
): Promise<{ readonly metric: unknown; readonly values: readonly unknown[] }[]> {
  const { status, body } = await get(label, url, headers);
  let value: unknown = null;
  try {
    value = JSON.parse(body);
  } catch {
    // Said below.
  }
  const { data, error } = Object(value);
  const result: unknown = Object(data)['result'];
  if (status !== 200 || !Array.isArray(result)) {
    const why = typeof error === 'string' ? error : `status ${status}`;
    throw unusable(name, `${label} must answer a range query`, why);
  }
  return result.map((each: unknown) => {
    const { metric, values } = Object(each);
    return { metric, values: Array.isArray(values) ? values : [] };
  });
}

async function get(
  label: string,
  url: URL,
  headers: Record<string, string>,
): Promise<{ readonly status: number; readonly body: string }> {
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(WITHIN_MS) });
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
    const { message = '', code = String(cause) }: { message?: string; code?: string } =
      Object(cause);
    throw new RingleaderError('CONNECTION_LOST', `cannot reach ${label}: ${message || code}`);
  }
}

function toUnixSeconds(text: string | null): number | null {
  if (text === null) return null;
  const seconds = Number(text);
  if (!Number.isNaN(seconds)) return seconds;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms / 1000;
}

/** `15`, or as Prometheus writes durations: `15s`, `1m`. */
function toStepSeconds(text: string | null): number | null {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text ?? '') ?? [];
  const ms = number === undefined ? null : parseDuration(`${number}${unit}`);
  return ms === null || ms === 0 ? null : ms / 1000;
}

/**
 * Tests against a real redis-server.
 *
 * They are skipped by name where the program is missing, unless RINGLEADER_REQUIRE_REDIS=1 makes
 * that a failure.
 */
import test from 'ava';
import { hasProgram } from './redis-process.js';

export { hasProgram, RealRedis } from './redis-process.js';

/** @returns `test`, or what skips a test that needs a program when there is none. */
export function testWith(program: string): typeof test | typeof test.skip {
  const isRequired = process.env['RINGLEADER_REQUIRE_REDIS'] === '1';
  return isRequired || hasProgram(program) ? test : test.skip;
}

export const testWithRedis = testWith('redis-server');

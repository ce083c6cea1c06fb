/** `DEBUG PROTOCOL`: one reply of each type, for the tests of client libraries. */
import { replyBytes } from '../../resp/encode.js';
import { ReplyError, reply } from '../../resp/reply.js';
import type { CommandResult } from '../spec.js';

/** What Redis sends too; written so that it is not taken for a careless pi. */
const SAMPLE_DOUBLE = 3141 / 1000;

/** @param resp - what the client speaks: attributes and pushes exist in RESP3 only. */
export function sampleReply(type: string, resp: 2 | 3): CommandResult {
  const three = [reply.integer(0), reply.integer(1), reply.integer(2)];
  switch (type) {
    case 'string':
      return reply.bulk('Hello World');
    case 'integer':
      return reply.integer(12345);
    case 'double':
      return reply.double(SAMPLE_DOUBLE);
    case 'bignum':
      return resp === 3 ? raw(`(${BIG_NUMBER}\r\n`) : reply.bulk(BIG_NUMBER);
    case 'null':
      return reply.null;
    case 'array':
      return reply.array(three);
    case 'set':
      return reply.set(three);
    case 'map':
      return reply.map([0, 1, 2].map((n) => [reply.integer(n), reply.boolean(n === 1)]));
    case 'attrib':
      return withAttribute(resp);
    case 'push':
      return withPush(resp);
    case 'verbatim':
      return reply.verbatim('This is a verbatim\nstring');
    case 'true':
    case 'false':
      return reply.boolean(type === 'true');
    default:
      throw new ReplyError(
        'ERR Wrong protocol type name. Please use one of the following: string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false',
      );
  }
}

const BIG_NUMBER = '1234567999999999999999999999999999999';

/** An attribute, then the reply that it is about. */
function withAttribute(resp: 2 | 3): CommandResult {
  const answer = reply.bulk('Some real reply following the attribute');
  if (resp === 2) return answer;
  const attribute = [
    reply.bulk('key-popularity'),
    reply.array([reply.bulk('key:123'), reply.integer(90)]),
    answer,
  ];
  return raw(
    Buffer.concat([Buffer.from('|1\r\n'), ...attribute.map((part) => replyBytes(part, 3))]),
  );
}

/** A push, then the reply that the client waits for. */
function withPush(resp: 2 | 3): CommandResult {
  if (resp === 2) throw new ReplyError('ERR RESP2 is not supported by this command');
  const push = reply.push([reply.bulk('server-cpu-usage'), reply.integer(42)]);
  const answer = reply.bulk('Some real reply following the push reply');
  return raw(Buffer.concat([replyBytes(push, 3), replyBytes(answer, 3)]));
}

function raw(bytes: Uint8Array | string): CommandResult {
  return { type: 'raw', bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes };
}

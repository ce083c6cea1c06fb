/**
 * The commands of Redis 7.0 that are not here yet: whoever calls one is told so, and not as if the
 * name were misspelt.
 */
import { notSupportedYet } from '../resp/reply.js';

/**
 * Lower case; a subcommand with its container's name. A container that is missing has no entry for
 * each.
 */
export const notYet: ReadonlySet<string> = new Set(
  [
    // generic
<<<<<<< HEAD
    'migrate',
    // server
    'module',
    'restore-asking',
=======
    'migrate sort sort_ro',
    // geo
    'geoadd geodist geohash geopos georadius georadius_ro georadiusbymember',
    'georadiusbymember_ro geosearch geosearchstore',
    // list
    'blmove blmpop blpop brpop brpoplpush lindex linsert llen lmove lmpop lpop lpos lpush',
    'lpushx lrange lrem lset ltrim rpop rpoplpush rpush rpushx',
    // set
    'sadd scard sdiff sdiffstore sinter sintercard sinterstore sismember smembers smismember',
    'smove spop srandmember srem sscan sunion sunionstore',
    // sorted-set
    'bzmpop bzpopmax bzpopmin zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard',
    'zinterstore zlexcount zmpop zmscore zpopmax zpopmin zrandmember zrange zrangebylex',
    'zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank zremrangebyscore',
    'zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion zunionstore',
>>>>>>> bbb2ad2 (CLUSTER, ASKING, READONLY, READWRITE and MODULE answer as in a Redis without cluster mode and modules; access rules can name them; ECHO runs in the core)
  ].flatMap((names) => names.split(' ')),
);

/**
 * @param name - of the command, lower case.
 * @param subcommand - the argument that may name one, lower case.
 * @returns the error, or null: it is not one of these.
 */
export function notYetError(name: string, subcommand: string): string | null {
  const full = `${name}|${subcommand}`;
  const found = notYet.has(full) ? full : notYet.has(name) ? name : null;
  return found === null ? null : notSupportedYet(found);
}

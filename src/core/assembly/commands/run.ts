/** Which function a command's number stands for. */
import { replyStatus } from '../protocol/reply';
import { bitop } from './bitop';
import { bitcount, bitpos, getbit, setbit } from './bits';
import {
  expire,
  expireat,
  expiretime,
  persist,
  pexpire,
  pexpireat,
  pexpiretime,
  pttl,
  ttl,
} from './expiry';
import * as ids from './ids';
import { del, exists, type } from './keys';
import { getrange, setrange } from './ranges';
import { getset, mset, msetnx, psetex, set, setex, setnx } from './set';
import { append, decr, decrby, get, getdel, getex, incr, incrby, mget, strlen } from './strings';

export function runCommand(id: u32): void {
  switch (id) {
    case ids.ID_GET:
      return get();
    case ids.ID_SET:
      return set();
    case ids.ID_DEL:
      return del();
    case ids.ID_UNLINK:
      return del();
    case ids.ID_EXISTS:
      return exists();
    case ids.ID_TYPE:
      return type();
    case ids.ID_INCR:
      return incr();
    case ids.ID_DECR:
      return decr();
    case ids.ID_INCRBY:
      return incrby();
    case ids.ID_DECRBY:
      return decrby();
    case ids.ID_APPEND:
      return append();
    case ids.ID_STRLEN:
      return strlen();
    case ids.ID_MGET:
      return mget();
    case ids.ID_MSET:
      return mset();
    case ids.ID_EXPIRE:
      return expire();
    case ids.ID_PEXPIRE:
      return pexpire();
    case ids.ID_EXPIREAT:
      return expireat();
    case ids.ID_PEXPIREAT:
      return pexpireat();
    case ids.ID_TTL:
      return ttl();
    case ids.ID_PTTL:
      return pttl();
    case ids.ID_EXPIRETIME:
      return expiretime();
    case ids.ID_PEXPIRETIME:
      return pexpiretime();
    case ids.ID_PERSIST:
      return persist();
    case ids.ID_SETNX:
      return setnx();
    case ids.ID_SETEX:
      return setex();
    case ids.ID_PSETEX:
      return psetex();
    case ids.ID_GETSET:
      return getset();
    case ids.ID_GETDEL:
      return getdel();
    case ids.ID_GETEX:
      return getex();
    case ids.ID_PING:
      return replyStatus('+PONG');
    case ids.ID_MSETNX:
      return msetnx();
    case ids.ID_SETRANGE:
      return setrange();
    case ids.ID_GETRANGE:
      return getrange();
    case ids.ID_SUBSTR:
      return getrange();
    case ids.ID_SETBIT:
      return setbit();
    case ids.ID_GETBIT:
      return getbit();
    case ids.ID_BITCOUNT:
      return bitcount();
    case ids.ID_BITPOS:
      return bitpos();
    case ids.ID_BITOP:
      return bitop();
    default:
      unreachable();
  }
}

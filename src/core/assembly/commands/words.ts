/** The options of the core's commands, as argWord() gives them. */
import { word } from '../bytes';

export const NX: u64 = word('NX');
export const XX: u64 = word('XX');
export const GT: u64 = word('GT');
export const LT: u64 = word('LT');
export const GET: u64 = word('GET');
export const KEEPTTL: u64 = word('KEEPTTL');
export const PERSIST: u64 = word('PERSIST');
export const EX: u64 = word('EX');
export const PX: u64 = word('PX');
export const EXAT: u64 = word('EXAT');
export const PXAT: u64 = word('PXAT');
export const BIT: u64 = word('BIT');
export const BYTE: u64 = word('BYTE');
export const AND: u64 = word('AND');
export const OR: u64 = word('OR');
export const XOR: u64 = word('XOR');
export const NOT: u64 = word('NOT');
export const BEFORE: u64 = word('BEFORE');
export const AFTER: u64 = word('AFTER');
export const RANK: u64 = word('RANK');
export const COUNT: u64 = word('COUNT');
export const MAXLEN: u64 = word('MAXLEN');
/** WITHVALUES is longer than a word: its first eight letters, and its last. */
export const WITHVALU: u64 = word('WITHVALU');
export const THVALUES: u64 = word('THVALUES');
export const CH: u64 = word('CH');
export const INCR: u64 = word('INCR');
export const BYLEX: u64 = word('BYLEX');
export const BYSCORE: u64 = word('BYSCORE');
export const REV: u64 = word('REV');
export const LIMIT: u64 = word('LIMIT');
export const MIN: u64 = word('MIN');
export const MAX: u64 = word('MAX');
export const SUM: u64 = word('SUM');
export const WEIGHTS: u64 = word('WEIGHTS');

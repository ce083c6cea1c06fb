/** Bytes that RESP gives a meaning, and the length of its lines. */

export const ASTERISK = 0x2a;
export const DOLLAR = 0x24;
export const DIGIT_ZERO = 0x30;
export const CR = 0x0d;
export const LF = 0x0a;
/** Redis looks for a line's end as C does: not beyond this. */
export const NUL = 0;
/** Redis' PROTO_INLINE_MAX_SIZE: a line whose end has not come by then never will. */
export const MAX_LINE_BYTES = 64 * 1024;

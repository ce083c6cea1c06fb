// Makes dist/src/scripting/lua.wasm of the Lua engine's module (lua-redis-wasm: Redis' own Lua 5.1,
// compiled by Emscripten), with changes that src/scripting/lua-machine.ts builds on:
//
// - The hook that counts instructions asks the host ('env.host_hook') whether the script is to be
//   killed, in place of counting fuel.
// - A script can be left in the middle of that hook and taken up again (Binaryen's pass "asyncify"):
//   then a node answers its other clients while a script runs that takes too long. Only the functions
//   that can be under way when the hook runs are changed, those through which Lua calls Lua: the rest
//   stays as fast as it was.
// - setfenv, which the engine takes away, is there under another name: libraries get surroundings of
//   their own by it.
// - A number that is an argument of redis.call becomes text with 17 digits, as in Redis, and RESP3's
//   null becomes nil once the script has chosen RESP3.
// - The memory may grow up to 1 GiB, from 1 MiB; as published it is 64 MiB, no more and no less.
//
// The functions of the module have no names but numbers, so all of this is about one version of it.
import binaryen from 'binaryen';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where npm has put the engine. */
export const LUA_PACKAGE = path.dirname(
  path.dirname(createRequire(import.meta.url).resolve('lua-redis-wasm')),
);
const SOURCE = path.join(LUA_PACKAGE, 'dist/redis_lua.wasm');
const SHA256 = 'c95b450f963b03479fe34da98bfecff67f277708dff89893ce2e40f898a0b42a';

/** The functions of that version that matter here. */
const HOOK = '8';
const CALL_HOOK = '127';
/** Calls functions of C, which may call Lua in turn. */
const PRECALL = '128';
const EXECUTE = '217';
const LUA_ERROR = '221';
const PROTECTED_CALL = 'fimport$7';
const COMMON_CALL = '30';
const TO_STRING = '49';
const DECODE_REPLY = '31';
const PUSH_BOOLEAN = '60';
const PUSH_NIL = '53';
/** Where the engine keeps the version of RESP that the script has chosen. */
const RESP_VERSION = 27960;
/** The second digit of "%.14g", by which Lua writes numbers. */
const NUMBER_DIGIT = 4310;
/** Where "Script killed by fuel limit" stands in the memory: the error's text. */
const KILLED_TEXT = 1894;
/**
 * What reaches the interpreter's loop, but not from where it may be left: error handlers (the host is
 * told while one runs), finalizers (there are none), the compiler, formatting of errors' texts, the
 * beginning of a state.
 */
const NEVER_LEFT = ['121', '139', '193', '168', '4', '221', '120'];

/** 64 KiB pages, each as two bytes of LEB128. */
const MEMORY = [
  [0x05, 0x06, 0x01, 0x01, 0x80, 0x08, 0x80, 0x08],
  [0x05, 0x06, 0x01, 0x01, 0x90, 0x00, 0xff, 0x7f],
];
/** An entry of the base library: where its name stands, and its function. What stands there is "newproxy". */
const SETFENV = [
  [0x27, 0x06, 0, 0, 55, 0, 0, 0],
  [0x03, 0x04, 0, 0, 55, 0, 0, 0], // "proxy".
];

/** @param output - left alone if it is newer than what it is made of. */
export function buildLua(output) {
  const inputs = [SOURCE, 'scripts/lua-wasm.mjs', 'package-lock.json'];
  const newestMs = Math.max(...inputs.map((file) => statSync(file).mtimeMs));
  if (existsSync(output) && statSync(output).mtimeMs > newestMs) return;
  mkdirSync(path.dirname(output), { recursive: true });
  writeFileSync(output, resumable(readFileSync(SOURCE)));
}

function resumable(source) {
  const sha256 = createHash('sha256').update(source).digest('hex');
  if (sha256 !== SHA256) throw new Error(`${SOURCE} is not the version that is known here`);
  for (const [from, to] of [MEMORY, SETFENV]) {
    const at = source.indexOf(Buffer.from(from));
    if (at < 0 || source.includes(Buffer.from(from), at + 1)) {
      throw new Error(`${SOURCE} is not what it was: ${String(from)}`);
    }
    Buffer.from(to).copy(source, at);
  }

  const module = binaryen.readBinary(source);
  module.setFeatures(binaryen.Features.All);
  const { i32, none } = binaryen;
  const left = leftFunctions(module.emitText());
  module.addFunctionImport('host_hook', 'env', 'host_hook', none, i32);
  module.removeFunction(HOOK);
  const raise = module.call(
    LUA_ERROR,
    [module.local.get(0, i32), module.i32.const(KILLED_TEXT), module.i32.const(0)],
    i32,
  );
  const body = module.if(module.call('host_hook', [], i32), module.drop(raise));
  module.addFunction(HOOK, binaryen.createType([i32, i32]), none, [], body);

  alterReplies(module);

  binaryen.setOptimizeLevel(0);
  binaryen.setPassArgument('asyncify-imports', 'env.host_hook,env.invoke_vii');
  binaryen.setPassArgument('asyncify-onlylist', left.join(','));
  module.runPasses(['asyncify']);
  binaryen.setOptimizeLevel(2);
  for (const name of left) module.optimizeFunction(name);
  const binary = module.emitBinary();
  module.dispose();
  return binary;
}

function alterReplies(module) {
  const { i32, none } = binaryen;
  const local = (index) => module.local.get(index, i32);
  const digit = (text) =>
    module.i32.store8(
      0,
      1,
      module.i32.const(NUMBER_DIGIT),
      module.i32.const(text.codePointAt(0)),
      '0',
    );
  const three = binaryen.createType([i32, i32, i32]);
  const steps = [
    digit('7'),
    module.local.set(3, module.call(TO_STRING, [local(0), local(1), local(2)], i32)),
    digit('4'),
    local(3),
  ];
  module.addFunction('argument', three, i32, [i32], module.block(null, steps, i32));
  redirect(module, COMMON_CALL, TO_STRING, 'argument', () => true);

  const isResp3 = module.i32.eq(
    module.i32.load(0, 4, module.i32.const(RESP_VERSION), '0'),
    module.i32.const(3),
  );
  const push = module.if(
    isResp3,
    module.call(PUSH_NIL, [local(0)], none),
    module.call(PUSH_BOOLEAN, [local(0), local(1)], none),
  );
  module.addFunction('null', binaryen.createType([i32, i32]), none, [], push);
  redirect(module, DECODE_REPLY, PUSH_BOOLEAN, 'null', isNull);
}

/** Whether a call pushes the constant "false". */
function isNull({ operands: [, value] }) {
  const { id, value: constant } = binaryen.getExpressionInfo(value);
  return id === binaryen.ConstId && constant === 0;
}

const PARTS = [
  'children',
  'condition',
  'ifTrue',
  'ifFalse',
  'body',
  'value',
  'left',
  'right',
  'ptr',
  'operands',
];

/** The one call of `from` in a function that is meant becomes one of `to`. */
function redirect(module, within, from, to, isMeant) {
  let found = 0;
  const visit = (expression) => {
    const info = binaryen.getExpressionInfo(expression);
    if (info.id === binaryen.ConstId) return;
    if (info.id === binaryen.CallId && info.target === from && isMeant(info)) {
      binaryen.Call.setTarget(expression, to);
      found += 1;
    }
    for (const part of PARTS) for (const each of [info[part] ?? []].flat()) if (each) visit(each);
  };
  visit(binaryen.getFunctionInfo(module.getFunction(within)).body);
  if (found !== 1) throw new Error(`${found} calls of ${from} in ${within}`);
}

/** @returns the functions that can be under way when the hook runs. */
function leftFunctions(text) {
  const callers = new Map();
  for (const [, name, code] of text.matchAll(/\n \(func \$(\d+)([^]*?)(?=\n \(func |\n\)\s*$)/g)) {
    for (const [, callee] of code.matchAll(/\(call \$([\w$]+)/g)) {
      const known = callers.get(callee) ?? new Set();
      callers.set(callee, known.add(name));
    }
  }
  const found = new Set([HOOK, CALL_HOOK]);
  const open = [EXECUTE, PRECALL, PROTECTED_CALL];
  while (open.length > 0) {
    const callee = open.pop();
    if (callee !== PROTECTED_CALL) found.add(callee);
    for (const caller of callers.get(callee) ?? []) {
      if (!found.has(caller) && !NEVER_LEFT.includes(caller)) open.push(caller);
    }
  }
  return [...found];
}

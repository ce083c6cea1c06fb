/** The Lua engine's file, for the first script of a thread. */
import { readFileSync } from 'node:fs';

import { packageFile } from '../base/package-file.js';

export function loadLua(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(packageFile('dist/src/scripting/lua.wasm')));
}

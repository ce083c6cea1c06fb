/**
 * What each Lua state runs first (lua-machine.ts). The state keeps compiled scripts, or libraries;
 * the host reaches them through one function, in the place of Redis' `__redis__err__handler`,
 * which wants a word that scripts do not know.
 *
 * A state is EVAL's or the functions', as in Redis: SCRIPT FLUSH leaves libraries alone.
 *
 * @see redis/redis 7.0.15 src/eval.c, scriptingInit(); src/function_lua.c
 */
import { API_PRELUDE } from './prelude-api.js';
import { RESULTS_PRELUDE } from './prelude-results.js';

/** The scripts of EVAL: compiled once, by their SHA-1. */
const SCRIPTS = `
local scripts, operations = {}, {}
function operations.define(sha)
  local f, e = loadstring(ARGV[1], '@user_script')
  if f == nil then return e end
  scripts[sha] = f
  return ''
end
function operations.run(sha, protocol) return run(sha, protocol, scripts[sha]) end
function operations.forget() scripts = {} collectgarbage() return '' end
setmetatable(_G, { __index = nonexistent })
`;

/** Libraries: what they see while they are loaded, and afterwards. */
const LIBRARIES = `
local libraries, operations, registered = {}, {}, nil
local function refuse(text) error(failure(text)) end
local flagnames = {}
for _, name in next, { 'no-writes', 'allow-oom', 'allow-stale', 'no-cluster', 'allow-cross-slot-keys' } do
  flagnames[name] = true
end
local function textof(v, refusal)
  if type(v) ~= 'string' and type(v) ~= 'number' then refuse(refusal) end
  return tostring(v)
end
local function namedarguments(given)
  if type(given) ~= 'table' then
    refuse('calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).')
  end
  local f = { flags = {} }
  for k, v in next, given do
    if type(k) ~= 'string' and type(k) ~= 'number' then
      refuse('named argument key given to redis.register_function is not a string')
    end
    k = lower(k)
    if k == 'function_name' then
      f.name = textof(v, 'function_name argument given to redis.register_function must be a string')
    elseif k == 'description' then
      f.description = textof(v, 'description argument given to redis.register_function must be a string')
    elseif k == 'callback' then
      if type(v) ~= 'function' then
        refuse('callback argument given to redis.register_function must be a function')
      end
      f.callback = v
    elseif k == 'flags' then
      if type(v) ~= 'table' then
        refuse('flags argument to redis.register_function must be a table representing function flags')
      end
      local i = 1
      while v[i] ~= nil do
        local flag = type(v[i]) == 'string' and lower(v[i])
        if not flagnames[flag] then refuse('unknown flag given') end
        f.flags[i] = flag
        i = i + 1
      end
    else refuse('unknown argument given to redis.register_function') end
  end
  if f.name == nil then refuse('redis.register_function must get a function name argument') end
  if f.callback == nil then refuse('redis.register_function must get a callback argument') end
  return f
end
local function register(...)
  if not loading then refuse('redis.register_function can only be called on FUNCTION LOAD command') end
  local n, f = select('#', ...), nil
  if n < 1 or n > 2 then refuse('wrong number of arguments to redis.register_function') end
  if n == 1 then f = namedarguments(...)
  else
    local name, callback = ...
    name = textof(name, 'first argument to redis.register_function must be a string')
    if type(callback) ~= 'function' then
      refuse('second argument to redis.register_function must be a function')
    end
    f = { name = name, callback = callback, flags = {} }
  end
  if not find(f.name, '^[%w_]+$') then
    refuse('Library names can only contain letters, numbers, or underscores(_) and must be at least one character long')
  end
  if registered.byname[f.name] then refuse('Function already exists in the library') end
  registered.byname[f.name] = f.callback
  registered[#registered + 1] = f
end
local library = { register_function = register, log = api.log }
for _, constants in pairs({ version, levels }) do
  for name, constant in pairs(constants) do library[name] = constant end
end
local unknown = { __index = nonexistent }
setmetatable(library, unknown)
local globals = _G
setmetatable(globals, unknown)
local environment = setmetatable({}, {
  __index = function(_, name)
    if loading then
      if name == 'redis' then return library end
      error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
    end
    local found = rawget(globals, name)
    if found == nil or name == 'KEYS' or name == 'ARGV' then
      error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
    end
    return found
  end,
})
local function describe(e)
  if type(e) == 'table' then return fieldof(e, 'err', 'string') or 'ERR unknown error' end
  return 'ERR ' .. tostring(e)
end
function operations.load(id)
  local f, e = loadstring(ARGV[1], '@user_function')
  if f == nil then return 'Error compiling function: ' .. e end
  setfenv(f, environment)
  registered, loading = { byname = {} }, true
  local ok, failed = rawpcall(f)
  loading = false
  if not ok then
    if iskill(failed) then failed = failure('FUNCTION LOAD timeout') end
    failed = errorof(failed)
    return 'Error registering functions: ' .. describe(failed)
  end
  local answer = {}
  libraries[id] = registered.byname
  for i, each in next, registered do
    if i ~= 'byname' then
      answer[i] = { each.name, each.description or false, each.flags }
    end
  end
  return answer
end
function operations.drop(id) libraries[id] = nil return '' end
function operations.call(id, name, protocol)
  local keys, args = KEYS, ARGV
  return run(name, protocol, libraries[id][name], keys, args)
end
locked[1], locked[2] = environment, getmetatable(environment)
locked[3], locked[4] = library, unknown
`;

const END = `
local secret = ...
function __redis__err__handler(word, operation, ...)
  if word == secret then return operations[operation](...) end
  return located(word)
end
for _, t in pairs({ _G, getmetatable(_G), redis, math, coroutine }) do locked[#locked + 1] = t end
local places = {}
for i, t in ipairs(locked) do places[i] = match(tostring(t), '0x(%x+)$') end
return concat(places, ' ')
`;

/** For EVAL's state. Gets the secret word; returns the addresses of the tables to be locked. */
export const SCRIPTS_PRELUDE = `${API_PRELUDE}${RESULTS_PRELUDE}${SCRIPTS}${END}`;
/** The same for the state of libraries. */
export const LIBRARIES_PRELUDE = `${API_PRELUDE}${RESULTS_PRELUDE}${LIBRARIES}${END}`;

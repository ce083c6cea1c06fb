/**
 * The first part of what a Lua state begins with (prelude.ts): `redis` as Redis has it, its pcall
 * and random numbers. What the engine brings is taken where it is Redis' own C (the language,
 * cjson, cmsgpack, struct, bit), and replaced where it is not.
 *
 * @see redis/redis 7.0.15 src/script_lua.c, src/rand.c
 */

/** What the engine raises when the hook says that a script is to end. */
export const KILLED = 'Script killed by fuel limit';

/**
 * In front of a command's error that redis.call raises; behind it "c" if the error is counted
 * already, else "n".
 */
export const ERROR_MARK = '#ringleader:error#';

export const API_PRELUDE = `
local enginepcall, rawpcall, rawxpcall = redis.pcall, pcall, xpcall
local enginelog, enginesetresp, enginesha1hex = redis.log, redis.setresp, redis.sha1hex
local type, tostring, tonumber, select, unpack = type, tostring, tonumber, select, unpack
local error, pairs, ipairs, next, rawget, setmetatable = error, pairs, ipairs, next, rawget, setmetatable
local format, find, sub, gsub, match = string.format, string.find, string.sub, string.gsub, string.match
local lower, concat, floor, ceil = string.lower, table.concat, math.floor, math.ceil
-- The build has given it this name. Scripts do not get it: it leads out of their surroundings.
local loadstring, setfenv = loadstring, proxy
proxy = nil
local KILLED, locked = '${KILLED}', {}
local MARK, BADARGUMENT = '${ERROR_MARK}', '__RLUA_E__:command-arg-type'
local running, loading, resp = false, false, 2

-- The host hears it as a digest that is asked for, which scripts can ask for only behind an "s".
local function tell(what, ...)
  local parts = { ... }
  for i, part in ipairs(parts) do parts[i] = #tostring(part) .. ':' .. tostring(part) end
  return enginesha1hex('t' .. what .. ' ' .. concat(parts))
end

local function failure(text) return { err = 'ERR ' .. text } end
local function mustrun(what)
  if not running then error(failure(what .. ' can only be called inside a script invocation')) end
end

-- An error as Redis' Lua has it: a command's is a table. The engine raises it as text that is marked.
local function errorof(e)
  if type(e) ~= 'string' then return e end
  if e == BADARGUMENT then
    return failure('Lua redis lib command arguments must be strings or integers')
  end
  local _, at = find(e, MARK, 1, true)
  if at == nil then return e end
  return { err = sub(e, at + 2), ignore_error_stats_update = sub(e, at + 1, at + 1) == 'c' }
end
local function iskill(e) return type(e) == 'string' and find(e, KILLED, 1, true) end

-- pcall gives the text of Redis' errors. A script that is to end cannot go on.
local function caught(ok, e, ...)
  if ok then return ok, e, ... end
  if iskill(e) then error(e, 0) end
  e = errorof(e)
  if type(e) == 'table' then
    local text = e.err
    if type(text) == 'string' or type(text) == 'number' then return ok, text end
  end
  return ok, e, ...
end
local function passed(ok, e, ...)
  if ok then return ok, e, ... end
  if iskill(e) then error(e, 0) end
  return ok, errorof(e), ...
end
function pcall(...) return caught(rawpcall(...)) end
function xpcall(f, handler)
  return passed(rawxpcall(f, function(e)
    if iskill(e) then return e end
    tell('enter')
    local ok, result = rawpcall(handler, errorof(e))
    tell('leave')
    if not ok then error(result, 0) end
    return result
  end))
end
local routines = {}
for name, value in pairs(coroutine) do routines[name] = value end
local resume = coroutine.resume
function routines.resume(...) return passed(resume(...)) end
coroutine = routines

-- call is the engine's own function: the place of an error is found by the frame that calls it.
local api = { call = redis.call }
function api.pcall(...)
  local ok, result = rawpcall(enginepcall, ...)
  if not ok then
    if iskill(result) then error(result, 0) end
    return errorof(result)
  end
  if type(result) == 'table' and result.err ~= nil then result.ignore_error_stats_update = true end
  return result
end
function api.error_reply(...)
  local text = ...
  if select('#', ...) ~= 1 or type(text) ~= 'string' then
    return failure('wrong number or type of arguments')
  end
  if sub(text, 1, 1) == '-' then text = sub(text, 2) end
  local code, rest = match(text, '^([^ ]*) (.*)$')
  if code == nil then code, rest = 'ERR', text end
  return { err = code .. ' ' .. gsub(gsub(rest, '^[\\r\\n]+', ''), '[\\r\\n]+$', '') }
end
function api.status_reply(...)
  local text = ...
  if select('#', ...) ~= 1 or type(text) ~= 'string' then
    return failure('wrong number or type of arguments')
  end
  return { ok = text }
end
function api.sha1hex(...)
  local text = ...
  if select('#', ...) ~= 1 then error(failure('wrong number of arguments')) end
  if type(text) ~= 'string' and type(text) ~= 'number' then text = '' end
  return enginesha1hex('s' .. text)
end
function api.log(...)
  local n, level = select('#', ...), ...
  if n < 2 then error(failure('redis.log() requires two arguments or more.')) end
  level = tonumber(level)
  if level == nil then error(failure('First argument must be a number (log level).')) end
  level = level < 0 and ceil(level) or floor(level)
  if level < 0 or level > 3 then error(failure('Invalid debug level.')) end
  local parts = {}
  for i = 2, n do
    local part = select(i, ...)
    if type(part) == 'string' or type(part) == 'number' then parts[#parts + 1] = part end
  end
  enginelog(level, concat(parts, ' '))
end
function api.setresp(...)
  mustrun('redis.setresp')
  if select('#', ...) ~= 1 then error(failure('redis.setresp() requires one argument.')) end
  local version = tonumber((...)) or 0
  if version ~= 2 and version ~= 3 then error(failure('RESP version must be 2 or 3.')) end
  resp = version
  enginesetresp(version)
end
function api.set_repl(...)
  mustrun('redis.set_repl')
  if select('#', ...) ~= 1 then error(failure('redis.set_repl() requires two arguments.')) end
  local flags = tonumber((...)) or 0
  if flags < 0 or flags > 3 then
    error(failure('Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.'))
  end
  tell('repl', flags)
end
function api.acl_check_cmd(...)
  mustrun('redis.acl_check_cmd')
  local args, n = { ... }, select('#', ...)
  if n == 0 then error(failure('Please specify at least one argument for this redis lib call')) end
  for i = 1, n do
    local kind = type(args[i])
    if kind == 'number' then args[i] = format('%.17g', args[i])
    elseif kind ~= 'string' then
      error(failure('Lua redis lib command arguments must be strings or integers'))
    end
  end
  local answer = tell('acl', unpack(args, 1, n))
  if answer == ' ' then error(failure('Invalid command passed to redis.acl_check_cmd()')) end
  return answer == '1'
end
function api.replicate_commands() return true end
function api.breakpoint() return false end
function api.debug() end
local version = { REDIS_VERSION = '7.0.15', REDIS_VERSION_NUM = 0x7000f }
local levels = { LOG_DEBUG = 0, LOG_VERBOSE = 1, LOG_NOTICE = 2, LOG_WARNING = 3 }
for _, constants in pairs({ version, levels }) do
  for name, value in pairs(constants) do api[name] = value end
end
api.REPL_NONE, api.REPL_AOF, api.REPL_SLAVE, api.REPL_REPLICA, api.REPL_ALL = 0, 1, 2, 2, 3
redis = api

-- drand48's sequence, in three words of 16 bits.
local x0, x1, x2 = 0x330E, 0xABCD, 0x1234
local function draw()
  local p = 0xE66D * x0 + 0xB
  local q = 0xE66D * x1 + 0xDEEC * x0 + floor(p / 65536)
  x2 = (0xE66D * x2 + 0xDEEC * x1 + 5 * x0 + floor(q / 65536)) % 65536
  x0, x1 = p % 65536, q % 65536
  return (x2 * 32768 + floor(x1 / 2)) % 2147483647 / 2147483647
end
local function checked(n, v)
  local number = tonumber(v)
  if number == nil then
    local got = v == nil and 'no value' or type(v)
    error("bad argument #" .. n .. " to 'random' (number expected, got " .. got .. ')', 3)
  end
  return number < 0 and ceil(number) or floor(number)
end
local numbers = {}
for name, value in pairs(math) do numbers[name] = value end
function numbers.random(...)
  if not running then error('math.random can only be called inside a script invocation', 2) end
  local n = select('#', ...)
  if n > 2 then error('wrong number of arguments', 2) end
  local r, low, high = draw(), ...
  if n == 0 then return r end
  low = checked(1, low)
  if n == 1 then low, high = 1, low else high = checked(2, high) end
  if low > high then error('bad argument #' .. n .. " to 'random' (interval is empty)", 2) end
  return floor(r * (high - low + 1)) + low
end
function numbers.randomseed(seed)
  if not running then error('math.randomseed can only be called inside a script invocation', 2) end
  seed = checked(1, seed) % 4294967296
  x0, x1, x2 = 0x330E, seed % 65536, floor(seed / 65536)
end
math = numbers

local function nonexistent(_, name)
  error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
end
`;

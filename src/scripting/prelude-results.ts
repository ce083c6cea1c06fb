/**
 * The second part (prelude.ts): a script is run, and its result becomes RESP, each value as Redis
 * writes it in the client's protocol; an error gets the place of the script's code that it came
 * from.
 *
 * @see redis/redis 7.0.15 src/script_lua.c, luaReplyToRedisReply(), luaCallFunction()
 */

/** Lua's source. */
export const RESULTS_PRELUDE = `
local out, count, client
local function put(text) count = count + 1 out[count] = text end
local function bulk(text) put('$' .. #text .. '\\r\\n') put(text) put('\\r\\n') end
local function line(text) return (gsub(text, '[\\r\\n]', ' ')) end
local function integer(v)
  if v ~= v or v >= 2^63 or v < -2^63 then return '-9223372036854775808' end
  return format('%.0f', v < 0 and ceil(v) or floor(v))
end
local function double(v)
  if v == 1/0 then return 'inf' elseif v == -1/0 then return '-inf' end
  return format('%.17g', v)
end
local function fieldof(v, name, kind)
  local field = rawget(v, name)
  if type(field) == kind then return field end
end
local value
local function members(v, mark, flat, depth, each)
  local at, n = count + 1, 0
  put('')
  for k, item in next, v do
    value(k, depth + 1)
    if each then value(item, depth + 1) end
    n = n + 1
  end
  out[at] = (client == 3 and mark .. n or '*' .. n * flat) .. '\\r\\n'
end
local function tableof(v, depth)
  local text = fieldof(v, 'err', 'string')
  if text then return put('-' .. line((gsub(text, '[\\r\\n]+$', ''))) .. '\\r\\n') end
  text = fieldof(v, 'ok', 'string')
  if text then return put('+' .. line(text) .. '\\r\\n') end
  text = fieldof(v, 'double', 'number')
  if text then
    text = double(text)
    if client == 3 then return put(',' .. text .. '\\r\\n') end
    return bulk(text)
  end
  text = fieldof(v, 'big_number', 'string')
  if text then
    text = line(text)
    if client == 3 then return put('(' .. text .. '\\r\\n') end
    return bulk(text)
  end
  local part = fieldof(v, 'verbatim_string', 'table')
  if part then
    local kind, content = fieldof(part, 'format', 'string'), fieldof(part, 'string', 'string')
    if kind and content then
      if client ~= 3 then return bulk(content) end
      put('=' .. #content + 4 .. '\\r\\n' .. sub(kind .. '   ', 1, 3) .. ':' .. content .. '\\r\\n')
      return
    end
  end
  part = fieldof(v, 'map', 'table')
  if part then return members(part, '%', 2, depth, true) end
  part = fieldof(v, 'set', 'table')
  if part then return members(part, '~', 1, depth, false) end
  local at, n = count + 1, 0
  put('')
  while true do
    local item = rawget(v, n + 1)
    if item == nil then break end
    n = n + 1
    value(item, depth + 1)
  end
  out[at] = '*' .. n .. '\\r\\n'
end
function value(v, depth)
  if depth > 2600 then return put('-ERR reached lua stack limit\\r\\n') end
  local kind = type(v)
  if kind == 'string' then bulk(v)
  elseif kind == 'number' then put(':' .. integer(v) .. '\\r\\n')
  elseif kind == 'table' then tableof(v, depth)
  elseif kind == 'boolean' and resp == 3 then
    if client == 3 then put(v and '#t\\r\\n' or '#f\\r\\n') else put(v and ':1\\r\\n' or ':0\\r\\n') end
  elseif v == true then put(':1\\r\\n')
  else put(client == 3 and '_\\r\\n' or '$-1\\r\\n') end
end

-- An error, with the place of the script's code that it came from.
local function located(e)
  tell('enter')
  if iskill(e) then e = failure('Script killed by user with SCRIPT KILL...') end
  e = errorof(e)
  if type(e) ~= 'table' then e = failure(tostring(e)) end
  local level = 2
  while level < 250 do
    local _, where = rawpcall(error, '', level)
    local source, number = match(where, '^(user_%l+):(%d+): $')
    if source then
      e.source, e.line = '@' .. source, number
      break
    end
    level = level + 1
  end
  tell('leave')
  return e
end
local function scripterror(e, name)
  local text = fieldof(e, 'err', 'string') or 'ERR unknown error'
  if e.line and e.source then
    text = text .. ' script: ' .. name .. ', on ' .. e.source .. ':' .. e.line .. '.'
  end
  local noted = e.ignore_error_stats_update == true and '\\2' or '\\1'
  return noted .. '-' .. line((gsub(text, '[\\r\\n]+$', ''))) .. '\\r\\n'
end

-- Byte 1 before a result: it is an error, to be counted; byte 2: an error that is counted already.
local function run(name, protocol, f, ...)
  running, resp, client = true, 2, protocol
  local call = f
  if select('#', ...) > 0 then
    local keys, args = ...
    call = function() return (f(keys, args)) end
  end
  local ok, result = rawxpcall(call, located)
  running = false
  if not ok then
    if type(result) ~= 'table' then result = failure(tostring(result)) end
    return scripterror(result, name)
  end
  local kind = type(result)
  if kind == 'string' then return '$' .. #result .. '\\r\\n' .. result .. '\\r\\n' end
  out, count = {}, 0
  value(result, 0)
  local text = concat(out, '', 1, count)
  out = nil
  if kind == 'table' and fieldof(result, 'err', 'string') then
    return (result.ignore_error_stats_update == true and '\\2' or '\\1') .. text
  end
  return text
end
`;

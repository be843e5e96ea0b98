-- What wrk asks: wrk … -s load.lua URL -- KIND ARGUMENT…

local kinds = {}
local json = { ["Content-Type"] = "application/json" }

local function person(accounts)
  return string.format("person%07d@example.com", math.random(accounts))
end

-- Made beforehand, of a few thousand of them: they go by so fast that to make each would be a tenth of the machine.
function kinds.requests(accounts)
  local made = {}
  for number = 1, 4096 do
    made[number] =
      wrk.format("POST", "/password-reset/request", json, '{"email":"' .. person(accounts) .. '","locale":"en"}')
  end
  return function() return made[math.random(#made)] end
end

function kinds.logins(accounts, password)
  return function()
    return wrk.format("POST", "/login", json, '{"user":"' .. person(accounts) .. '","password":"' .. password .. '"}')
  end
end

function kinds.get(path, token)
  local headers = { ["Accept"] = "text/html", ["Accept-Encoding"] = "br" }
  if token then headers = { ["Authorization"] = "Bearer " .. token } end
  local same = wrk.format("GET", path, headers)
  return function() return same end
end

function kinds.search(accounts, token)
  local headers = { ["Authorization"] = "Bearer " .. token }
  return function()
    return wrk.format("GET", string.format("/admin/accounts?search=person%07d", math.random(accounts)), headers)
  end
end

function kinds.echo(body)
  local same = wrk.format("POST", "/", json, body)
  return function() return same end
end

-- Each link once. Who comes after the last one waits, until wrk is told to stop.
function kinds.confirmations(file)
  -- wrk asks for one request before it begins, and does not send it.
  local tokens, next_one = {}, -1
  for line in io.lines(file) do tokens[#tokens + 1] = line end
  local last = #tokens
  delay = function() return next_one >= last and 600000 or 0 end
  local answered = 0
  response = function()
    answered = answered + 1
    if answered == last then
      print("END " .. now())
      io.stdout:flush()
    end
  end
  return function()
    next_one = next_one + 1
    if next_one == 1 then print("BEGIN " .. now()) end
    -- Whose connection is new asks without having waited.
    if next_one > last then return wrk.format("GET", "/health/live") end
    return wrk.format("POST", "/password-reset/confirm", json, '{"token":"' .. (tokens[next_one] or "") .. '"}')
  end
end

local ffi = require("ffi")
ffi.cdef "typedef struct { long s; long us; } moment; int gettimeofday(moment *, void *);"
function now()
  local moment = ffi.new("moment")
  ffi.C.gettimeofday(moment, nil)
  return string.format("%.6f", tonumber(moment.s) + tonumber(moment.us) / 1e6)
end

function init(arguments)
  math.randomseed(20261124)
  local kind = table.remove(arguments, 1)
  for at, value in ipairs(arguments) do arguments[at] = tonumber(value) or value end
  request = kinds[kind](unpack(arguments))
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    'RESULT {"answers": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "refused": %d, "broken": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end

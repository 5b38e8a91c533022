-- One decision over one or several limits, all or nothing.
--
-- ARGV: op (take, upto, peek, refund), now in milliseconds or '' for the
-- server's, how many limits; for each limit its kind, cost, limit, window,
-- extra (refill or burst), 1 when a dynamic limit may replace the limit; how
-- many events to count, and for each its number, member and TTL; the rest are
-- members to look for in the deny list.
-- KEYS: for each limit its own, then that of its dynamic limit; those of the
-- events; the deny list.
--
-- Reply: now, a bit for each denied member, and for each limit
-- 1 when it grants, the units taken, the limit, and its state a, b, c.
local op, k, v = ARGV[1], 0, 3

local function key()
  k = k + 1
  return KEYS[k]
end

local function arg()
  v = v + 1
  return ARGV[v]
end

now = tonumber(ARGV[2])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local limits = {}
for i = 1, tonumber(ARGV[3]) do
  local l = { kind = kinds[arg()], a = 0, b = 0, c = 0, units = 0 }
  l.cost, l.limit, l.window, l.extra = tonumber(arg()), tonumber(arg()), tonumber(arg()), tonumber(arg())
  for j = 1, l.kind.keys do
    l[j] = key()
  end
  if arg() == '1' then
    l.limit = tonumber(redis.call('GET', key()) or l.limit)
  end
  limits[i] = l
end

for _ = 1, tonumber(arg()) do
  local events, times, member, ttl = key(), arg(), arg(), tonumber(arg())
  redis.call('ZINCRBY', events, times, member)
  if ttl > 0 then
    redis.call('PEXPIRE', events, ttl)
  end
end

local denied = 0
if v < #ARGV then
  local listed = redis.call('SMISMEMBER', key(), unpack(ARGV, v + 1))
  for i, is in ipairs(listed) do
    if is == 1 then
      denied = denied + 2 ^ (i - 1)
    end
  end
end

local all = denied == 0
for _, l in ipairs(limits) do
  if l.kind.whole then
    l.ok = l.kind.whole(l, op)
    l.units = l.ok and l.cost or 0
  elseif denied == 0 then
    local available = l.kind.load(l, op)
    l.wanted = op == 'upto' and math.max(math.min(l.cost, available), 0) or l.cost
    l.ok = l.wanted > 0 and l.wanted <= available
    all = all and l.ok
  end
end

for _, l in ipairs(limits) do
  if l.kind.whole or denied > 0 or op == 'peek' then
    -- it is done, or there is nothing to do
  elseif op == 'refund' then
    l.kind.refund(l)
  elseif all then
    l.kind.commit(l, l.wanted)
    l.units = l.wanted
  elseif l.kind.cancel then
    l.kind.cancel(l)
  end
end

local reply = { now, denied }
for _, l in ipairs(limits) do
  for _, number in ipairs({ l.ok and 1 or 0, l.units, l.limit, l.a, l.b, l.c }) do
    reply[#reply + 1] = number
  end
end
return reply

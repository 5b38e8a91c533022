-- GCRA: a string "T:r", the instant at which the limit is whole again, of T
-- milliseconds and r parts of one that is divided into as many as the limit is.
-- So every number is whole, and nothing is ever rounded.
local function store(l)
  local ttl = l.a - now
  if l.b > 0 then
    ttl = ttl + 1
  end
  if ttl <= 0 then
    redis.call('DEL', l[1])
    return
  end
  redis.call('SET', l[1], string.format('%.0f:%.0f', l.a, l.b), 'PX', ttl)
end

kinds.gcra = {
  keys = 1,
  load = function(l)
    l.a, l.b = now, 0
    local stored = redis.call('GET', l[1])
    if stored then
      local whole, parts = string.match(stored, '^(%d+):(%d+)$')
      if tonumber(whole) >= now then
        l.a, l.b = tonumber(whole), tonumber(parts)
      end
    end
    local burst = l.extra > 0 and l.extra or l.limit
    return math.floor((burst * l.window - (l.a - now) * l.limit - l.b) / l.window)
  end,
  commit = function(l, units)
    local parts = l.b + units * l.window
    l.a, l.b = l.a + math.floor(parts / l.limit), parts % l.limit
    store(l)
  end,
  refund = function(l)
    local parts = math.max((l.a - now) * l.limit + l.b - l.cost * l.window, 0)
    if l.a > now or l.b > 0 then
      l.a, l.b = now + math.floor(parts / l.limit), parts % l.limit
      store(l)
    end
  end,
}

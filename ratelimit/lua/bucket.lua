-- Token bucket: a hash of the tokens left and the instant of the last refill.
-- A bucket that is full is not stored.
local function store(l)
  local missing = l.limit - l.a
  if missing <= 0 then
    redis.call('DEL', l[1])
    return
  end
  redis.call('HSET', l[1], 'refilledAt', l.b, 'tokens', l.a)
  redis.call('PEXPIRE', l[1], math.ceil(missing / l.extra) * l.window)
end

kinds.bucket = {
  keys = 1,
  load = function(l)
    local stored = redis.call('HMGET', l[1], 'refilledAt', 'tokens')
    l.a, l.b = l.limit, now
    if stored[1] then
      l.a, l.b = tonumber(stored[2] or l.limit), tonumber(stored[1])
      local refills = math.max(math.floor((now - l.b) / l.window), 0)
      l.a = math.min(l.a + refills * l.extra, l.limit)
      l.b = l.b + refills * l.window
    end
    return l.a
  end,
  commit = function(l, units)
    l.a = l.a - units
    store(l)
  end,
  refund = function(l)
    if l.a < l.limit then
      l.a = math.min(l.a + l.cost, l.limit)
      store(l)
    end
  end,
}

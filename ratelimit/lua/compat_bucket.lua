-- Token bucket as @upstash/ratelimit has it: reading ignores refills, and a
-- refund may lift the tokens above the limit until the next refill.
kinds.compat_bucket = {
  keys = 1,
  whole = function(l, op)
    local stored = redis.call('HMGET', l[1], 'refilledAt', 'tokens')
    l.a, l.b = l.limit, now
    if stored[1] then
      l.a, l.b = tonumber(stored[2] or l.limit), tonumber(stored[1])
    end
    if op == 'peek' then
      l.c = l.a
      return true
    end
    if stored[1] and now >= l.b + l.window then
      local refills = math.floor((now - l.b) / l.window)
      l.a = math.min(l.limit, l.a + refills * l.extra)
      l.b = l.b + refills * l.window
    end
    if l.cost > 0 and l.a < l.cost then
      l.c = -1
      return false
    end
    l.a = l.a - l.cost
    l.c = l.a
    redis.call('HSET', l[1], 'refilledAt', l.b, 'tokens', l.a)
    local ttl = math.ceil((l.limit - l.a) / l.extra) * l.window
    if ttl > 0 then
      redis.call('PEXPIRE', l[1], ttl)
    end
    return l.c >= 0
  end,
}

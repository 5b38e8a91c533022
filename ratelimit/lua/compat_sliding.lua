-- Sliding window as @upstash/ratelimit has it: the cost is no part of the test,
-- and stays counted when it overshoots.
kinds.compat_sliding = {
  keys = 2,
  whole = function(l, op)
    local counters = redis.call('MGET', l[1], l[2])
    l.a, l.b = tonumber(counters[1] or 0), tonumber(counters[2] or 0)
    local carried = math.floor((1 - (now % l.window) / l.window) * l.b)
    if op ~= 'peek' then
      if l.cost > 0 and carried + l.a >= l.limit then
        l.c = -1
        return false
      end
      l.a = redis.call('INCRBY', l[1], l.cost)
      if l.a == l.cost then
        redis.call('PEXPIRE', l[1], l.window * 2 + 1000)
      end
    end
    l.c = l.limit - carried - l.a
    return l.c >= 0
  end,
}

-- Sliding window: the counters of this window and of the one before, which
-- weighs less the older it gets. Its weight is computed in doubles, in the same
-- order as elsewhere: another order rounds differently.
kinds.sliding = {
  keys = 2,
  load = function(l)
    local counters = redis.call('MGET', l[1], l[2])
    l.a, l.b = tonumber(counters[1] or 0), tonumber(counters[2] or 0)
    return l.limit - math.floor((1 - (now % l.window) / l.window) * l.b) - l.a
  end,
  commit = function(l, units)
    l.a = redis.call('INCRBY', l[1], units)
    if l.a == units then -- kept until it is no more the window before
      redis.call('PEXPIRE', l[1], l.window * 2 + 1000)
    end
  end,
  refund = function(l)
    local units = math.min(l.cost, l.a)
    if units > 0 then
      l.a = redis.call('DECRBY', l[1], units)
    end
  end,
}

-- Fixed window as @upstash/ratelimit has it: what is rejected is counted, too.
kinds.compat_fixed = {
  keys = 1,
  whole = function(l, op)
    if op == 'peek' then
      l.a = tonumber(redis.call('GET', l[1]) or 0)
    else
      l.a = redis.call('INCRBY', l[1], l.cost)
      if l.a == l.cost then
        redis.call('PEXPIRE', l[1], l.window)
      end
    end
    l.c = l.limit - l.a
    return l.c >= 0
  end,
}

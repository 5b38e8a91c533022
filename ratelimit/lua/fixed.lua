-- Fixed window: a counter for each window, as a string. It is raised first and
-- lowered again by what is not granted: one command less where all of it is.
local function raise(l, units)
  l.a = redis.call('INCRBY', l[1], units)
  if l.a == units then -- the first of this window
    redis.call('PEXPIRE', l[1], l.window)
  end
end

local function lower(l, units)
  if units > 0 then
    l.a = redis.call('DECRBY', l[1], units)
  end
end

kinds.fixed = {
  keys = 1,
  load = function(l, op)
    if op == 'upto' or op == 'take' and l.cost <= l.limit then
      raise(l, l.cost)
      l.raised = l.cost
      return l.limit - l.a + l.cost
    end
    l.raised = 0
    l.a = tonumber(redis.call('GET', l[1]) or 0)
    return l.limit - l.a
  end,
  commit = function(l, units)
    lower(l, l.raised - units)
  end,
  cancel = function(l)
    lower(l, l.raised)
  end,
  refund = function(l)
    lower(l, math.min(l.cost, l.a))
  end,
}

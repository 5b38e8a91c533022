-- Sliding log: a string of "instant:units", oldest first, of what was granted
-- within the window. No more than limit entries: each has one unit at least.
local function store(l)
  local newest = l.entries[#l.entries]
  if not newest then
    redis.call('DEL', l[1])
    l.b = now
    return
  end
  local texts = {}
  for i, entry in ipairs(l.entries) do
    texts[i] = string.format('%.0f:%.0f', entry[1], entry[2])
  end
  l.b = newest[1] + l.window
  redis.call('SET', l[1], table.concat(texts, ' '), 'PX', l.b - now)
end

kinds.log = {
  keys = 1,
  load = function(l, op)
    l.entries, l.a, l.b = {}, 0, now
    for at, units in string.gmatch(redis.call('GET', l[1]) or '', '(%d+):(%d+)') do
      local entry = { tonumber(at), tonumber(units) }
      if entry[1] > now - l.window then
        l.entries[#l.entries + 1] = entry
        l.a = l.a + entry[2]
        l.b = entry[1] + l.window
      end
    end
    local wanted, left = op == 'take' and l.cost or 1, l.a
    for _, entry in ipairs(l.entries) do -- c: when enough of them have left
      if left + wanted <= l.limit then
        break
      end
      left = left - entry[2]
      l.c = entry[1] + l.window
    end
    return l.limit - l.a
  end,
  commit = function(l, units)
    local i = #l.entries
    while i > 0 and l.entries[i][1] > now do -- of a clock that is ahead
      i = i - 1
    end
    if i > 0 and l.entries[i][1] == now then
      l.entries[i][2] = l.entries[i][2] + units
    else
      table.insert(l.entries, i + 1, { now, units })
    end
    l.a = l.a + units
    store(l)
  end,
  refund = function(l)
    local left, before = l.cost, l.a
    while left > 0 and #l.entries > 0 do
      local newest = l.entries[#l.entries]
      local units = math.min(left, newest[2])
      newest[2], left, l.a = newest[2] - units, left - units, l.a - units
      if newest[2] == 0 then
        table.remove(l.entries)
      end
    end
    if l.a < before then
      store(l)
    end
  end,
}

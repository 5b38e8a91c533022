-- Ends all sessions of a user but one, or but the one that it was renewed to.
-- Marks stay: they lead to nothing that ended.
--
-- KEYS[1]  the user's hash
-- ARGV[1]  the ID of the session that stays
--
-- Reply    how many sessions ended
--
-- Two commands, one more for each mark on the way to the session, and one more
-- for each 1,000 fields; time in proportion to the user's sessions.

local fields, stays = redis.call('HKEYS', KEYS[1]), ARGV[1]
local marks = {}
for _, field in ipairs(fields) do
  marks[field] = string.sub(field, -2) == '#x'
end
while marks[stays .. '#x'] do
  local mark = redis.call('HGET', KEYS[1], stays .. '#x')
  marks[stays .. '#x'] = false
  stays = string.match(mark or '', '^%d+:[^:]+:([^:]+)$') or stays
end

local count, out = 0, {}
for _, field in ipairs(fields) do
  if string.sub(field, 1, #stays) ~= stays and string.sub(field, -2) ~= '#x' then
    out[#out + 1] = field
    if not string.find(field, '#', 1, true) then
      count = count + 1
    end
  end
end
for from = 1, #out, 1000 do
  redis.call('HDEL', KEYS[1], unpack(out, from, math.min(from + 999, #out)))
end
return count

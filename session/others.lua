-- Ends all sessions of a user but one.
--
-- KEYS[1]  the user's hash
-- ARGV[1]  the ID of the session that stays
--
-- Reply    how many sessions ended
--
-- Two commands, and one more for each 1,000 fields; time in proportion to the
-- user's sessions.

local count, out = 0, {}
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, #ARGV[1]) ~= ARGV[1] then
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

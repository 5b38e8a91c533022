-- KEYS[1] the board; ARGV[1] the member, ARGV[2] how many above and below.
-- Returns the position of the first one, from 0, and the members with scores.
local position = redis.call('ZREVRANK', KEYS[1], ARGV[1])
if not position then
  return false
end
local first = math.max(0, position - tonumber(ARGV[2]))
local last = position + tonumber(ARGV[2])
return {first, redis.call('ZRANGE', KEYS[1], first, last, 'REV', 'WITHSCORES')}

-- KEYS[1] the board; ARGV[1] the member, ARGV[2] what is added, ARGV[3] the
-- time as it is packed, ARGV[4] 2^bits, all of it exact in a double; ARGV[5]
-- when the board ends, in seconds since 1970, or 0.
-- Returns 1, or 0 when the sum would not be exact.
local unit = tonumber(ARGV[4])
local packed = redis.call('ZSCORE', KEYS[1], ARGV[1])
local sum = tonumber(ARGV[2])
if packed then
  sum = sum + math.floor(tonumber(packed) / unit)
end
local bound = 9007199254740992 / unit
if sum < -bound or sum >= bound then
  return 0
end
redis.call('ZADD', KEYS[1], string.format('%.0f', sum * unit + tonumber(ARGV[3])), ARGV[1])
if ARGV[5] ~= '0' then
  redis.call('EXPIREAT', KEYS[1], ARGV[5])
end
return 1

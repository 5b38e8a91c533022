-- KEYS[1] the board; ARGV[1] the member, ARGV[2] 2^bits.
-- Returns how many have a higher score, whatever their time.
local packed = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not packed then
  return false
end
local unit = tonumber(ARGV[2])
local highest = math.floor(tonumber(packed) / unit) * unit + unit - 1
return redis.call('ZCOUNT', KEYS[1], '(' .. string.format('%.0f', highest), '+inf')

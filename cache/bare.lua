-- Stores a bare value, for the holder of its lease.
--
-- KEYS[1]  the entry
-- KEYS[2]  the lease beside it
-- ARGV[1]  the lease's token
-- ARGV[2]  the value
-- ARGV[3]  its milliseconds
-- ARGV[4]  "=" and the text that it replaces, empty where there is nothing
--
-- Reply    1 if it did

if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[2])
if ARGV[4] == '' then
  return redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3], 'NX') and 1 or 0
end
local now = redis.call('GET', KEYS[1])
if not now or '=' .. now ~= ARGV[4] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1

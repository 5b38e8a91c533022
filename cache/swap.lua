-- Writes a value over another one, for servers without SET IFEQ and DELEX.
--
-- KEYS[1]  the key
-- ARGV[1]  how the value begins that is to be replaced: no other begins so
-- ARGV[2]  the new value, empty to delete
-- ARGV[3]  its milliseconds
--
-- Reply    1 if it did

if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then
  return 0
end
if ARGV[2] == '' then
  return redis.call('DEL', KEYS[1])
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1

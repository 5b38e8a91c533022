-- Writes a value for the holder of the newest fencing token of a lock, and for
-- nobody else.
--
-- KEYS[1]  the key to write
-- KEYS[2]  the counter of the lock's fencing tokens
-- ARGV[1]  the writer's fencing token
-- ARGV[2]  the value
--
-- Replies  1 when it was written; 0 when a newer token is out, or the counter
--          is gone and nobody knows.
--
-- O(1): 2 commands, 1 when it was refused.

if redis.call('GET', KEYS[2]) ~= ARGV[1] then
	return 0
end
redis.call('SET', KEYS[1], ARGV[2])
return 1

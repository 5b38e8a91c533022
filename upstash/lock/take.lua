-- Takes a lock that is free and gives its holder the next fencing token.
--
-- KEYS[1]  the lock
-- KEYS[2]  the counter of its fencing tokens, which never expires
-- ARGV[1]  what the lock holds while it is the caller's
-- ARGV[2]  TTL in milliseconds
--
-- Replies  {1, token} when it was free, {2, token} when the caller had it
--          already, {0, 0} when somebody else has it.
--
-- O(1): 2 commands, 1 when somebody else has it; 2 more for a new counter.

local holder = redis.call('SET', KEYS[1], ARGV[1], 'NX', 'GET', 'PX', ARGV[2])
if holder and holder ~= ARGV[1] then
	return { 0, 0 }
end

-- Nobody else can have counted since the caller took the lock.
local token = holder and redis.call('GET', KEYS[2])
if token then
	return { 2, tonumber(token) }
end

token = redis.call('INCR', KEYS[2])
if token == 1 then
	-- A counter that was lost must not start over below tokens that are out: it
	-- goes on from the microseconds of the server's clock, which no lock is
	-- acquired as often as. Lua counts exactly up to 2^53, which is in 2255.
	local now = redis.call('TIME')
	token = tonumber(now[1]) * 1000000 + tonumber(now[2])
	redis.call('SET', KEYS[2], string.format('%.0f', token))
end
return { holder and 2 or 1, token }

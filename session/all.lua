-- Reads all sessions of a user. A script, and no plain HGETALL, because a
-- replica that lags behind could answer that one and miss a session.
--
-- KEYS[1]  the user's hash
--
-- Reply    fields and values, one after the other
--
-- One command; time in proportion to what is stored.

return redis.call('HGETALL', KEYS[1])

-- Places a new session: beside the others of its user, of whom the oldest make
-- room, or in the place of an old session, which ends in the same step and leaves
-- a mark.
--
-- KEYS[1]  the hash of the new session's user
-- KEYS[2]  the hash of the old session's user; may be the same
-- ARGV[1]  how many sessions the user may have, 0 for any number
-- ARGV[2]  PX or PXAT, and
-- ARGV[3]  its number: when the new session ends unless it is used
-- ARGV[4]  the new session's ID, and its
-- ARGV[5]  header,
-- ARGV[6]  payload,
-- ARGV[7]  device,
-- ARGV[8]  time of the last touch
-- ARGV[9]  the old session's ID, or empty, and the
-- ARGV[10] header it should have
-- ARGV[11] for how many milliseconds to keep the mark of the old one, and
-- ARGV[12] the mark
--
-- Reply    "ok" and the IDs of the sessions that made room, or "gone", or
--          "conflict" with the header and the payload of the old session and an
--          empty string, or "moved" with those of the session that the mark of
--          the old one names (empty when it names none), and the mark
--
-- A new session that is there already was placed by this very request, sent
-- before: its ID is random. 2 commands for a create, 5 for a rotation, and 2 more
-- when somebody makes room; time in proportion to the user's sessions.

local limit, id, old = tonumber(ARGV[1]), ARGV[4], ARGV[9]

if old ~= '' then
  local have = redis.call('HMGET', KEYS[2], old, old .. '#d', old .. '#x')
  if have[1] ~= ARGV[10] or not have[2] then
    if have[1] and have[2] then
      return {'conflict', have[1], have[2], ''}
    elseif redis.call('HEXISTS', KEYS[1], id) == 1 then
      return {'ok'}
    end
    if not have[3] then
      return {'gone'}
    end
    local heir = string.match(have[3], '^%d+:[^:]+:([^:]+)$')
    local there = heir and redis.call('HMGET', KEYS[2], heir, heir .. '#d') or {}
    return {'moved', there[1] or '', there[2] or '', have[3]}
  end
end

local evicted = {}
if limit > 0 then
  local ids = {}
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    if field == id then
      return {'ok'}
    elseif field ~= old and not string.find(field, '#', 1, true) then
      ids[#ids + 1] = field
    end
  end
  if #ids >= limit then
    local oldest = {}
    for from = 1, #ids, 1000 do
      local some = {unpack(ids, from, math.min(from + 999, #ids))}
      for i, header in ipairs(redis.call('HMGET', KEYS[1], unpack(some))) do
        local created = string.match(header or '', '^%d+:%d+:(%d+):')
        oldest[#oldest + 1] = {tonumber(created or 0), some[i]}
      end
    end
    table.sort(oldest, function(a, b)
      if a[1] ~= b[1] then return a[1] < b[1] end
      return a[2] < b[2]
    end)
    for i = 1, #ids - limit + 1 do
      local out = oldest[i][2]
      redis.call('HDEL', KEYS[1], out, out .. '#d', out .. '#m', out .. '#t')
      evicted[i] = out
    end
  end
end

if old ~= '' then
  redis.call('HDEL', KEYS[2], old, old .. '#d', old .. '#m', old .. '#t')
  redis.call('HSETEX', KEYS[2], 'PX', ARGV[11], 'FIELDS', 1, old .. '#x', ARGV[12])
end
redis.call('HSETEX', KEYS[1], ARGV[2], ARGV[3], 'FIELDS', 4,
  id, ARGV[5], id .. '#d', ARGV[6], id .. '#m', ARGV[7], id .. '#t', ARGV[8])
return {'ok', unpack(evicted)}

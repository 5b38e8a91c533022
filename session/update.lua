-- Replaces the payload of sessions that are as the caller last saw them.
--
-- KEYS[1]  the user's hash
-- ARGV     for each session 4: its ID, the header it should have, the header it
--          shall have, the new payload
--
-- Reply    for each session 4: "ok" or "gone" with three empty strings, or
--          "conflict" with the header and the payload there are and an empty
--          string, or "moved" with those of the session that the mark names
--          (empty when it names none), and the mark
--
-- A session that has the new header already was written by this very request,
-- sent before. FXX with KEEPTTL can neither create nor prolong anything. Two
-- commands whatever the number of sessions, and one for each that was renewed.

local names = {}
for i = 1, #ARGV, 4 do
  names[#names + 1] = ARGV[i]
  names[#names + 1] = ARGV[i] .. '#d'
  names[#names + 1] = ARGV[i] .. '#x'
end
local have = redis.call('HMGET', KEYS[1], unpack(names))

local reply, writes = {}, {}
local function say(state, header, payload, mark)
  reply[#reply + 1] = state
  reply[#reply + 1] = header or ''
  reply[#reply + 1] = payload or ''
  reply[#reply + 1] = mark or ''
end
for i = 1, #ARGV, 4 do
  local at = (i - 1) / 4 * 3
  local header, payload, mark = have[at + 1], have[at + 2], have[at + 3]
  if not header or not payload then
    local heir = mark and string.match(mark, '^%d+:[^:]+:([^:]+)$')
    local there = heir and redis.call('HMGET', KEYS[1], heir, heir .. '#d') or {}
    say(mark and 'moved' or 'gone', there[1], there[2], mark)
  elseif header == ARGV[i + 2] then
    say('ok')
  elseif header ~= ARGV[i + 1] then
    say('conflict', header, payload)
  else
    say('ok')
    writes[#writes + 1] = ARGV[i]
    writes[#writes + 1] = ARGV[i + 2]
    writes[#writes + 1] = ARGV[i] .. '#d'
    writes[#writes + 1] = ARGV[i + 3]
  end
end
if #writes > 0 then
  redis.call('HSETEX', KEYS[1], 'FXX', 'KEEPTTL', 'FIELDS', #writes / 2, unpack(writes))
end
return reply

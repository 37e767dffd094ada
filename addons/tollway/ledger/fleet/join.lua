-- A node joins, or comes back: from now on this session of it is heard, and none before.
--
-- KEYS: meta, nodes, leases, awaited. ARGV: node, session, now, the end of its lease, how long hard limits stay closed
-- at the most and at the least (microseconds), the server that the node told all to before ('' for none: it has nothing to
-- tell), the nodes that it knew, as msgpack, and its session before this one ('' for none).
--
-- Data that were lost, a server that was started anew, a replica that was promoted: in each case another server answers
-- than the data were written by. What it has may be old: hard limits are closed until all nodes have told theirs again,
-- and for long enough that each node that lives has noticed: those that came up last are known to no other.
--
-- Answers msgpack: {'other'} if another process goes by the node's name since this one was heard, and nothing was done;
-- else {server, whether it still had the node's part, the nodes that are waited for, what is left of both times, the
-- nodes that live, `evicts`, whether it was started anew and has nothing, though it keeps a file of all that is written}.

local node, session, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local wrote = redis.call('HGET', KEYS[1], 'server')
local known = cmsgpack.unpack(ARGV[8])

local forgot = not wrote and ARGV[7] ~= '' and ARGV[7] ~= server
  and string.find(redis.call('INFO', 'persistence'), 'aof_enabled:1', 1, true) ~= nil
if wrote ~= server then
  local living = redis.call('ZRANGEBYSCORE', KEYS[3], field(now), '+inf')
  redis.call('DEL', KEYS[2], KEYS[4])
  redis.call('HSET', KEYS[1], 'server', server, 'closed_us', field(now + tonumber(ARGV[5])),
    'opens_us', ARGV[6] == '0' and '0' or field(now + tonumber(ARGV[6])))
  for _, each in ipairs(living) do
    redis.call('SADD', KEYS[4], each)
  end
end
local before = redis.call('HGET', KEYS[2], node)
local process = string.match(ARGV[9], '^.*:')
if before and process and string.sub(before, 1, #process) ~= process then
  return cmsgpack.pack({'other'})
end
local was_known = before == ARGV[9] -- else it was taken for dead, or has joined without hearing of it
redis.call('HSET', KEYS[2], node, session)
redis.call('ZADD', KEYS[3], ARGV[4], node)
local closed_us = tonumber(redis.call('HGET', KEYS[1], 'closed_us') or '0')
if closed_us > now and ARGV[7] ~= '' and ARGV[7] ~= server then
  redis.call('SADD', KEYS[4], node)
  for _, each in ipairs(known) do
    if redis.call('HEXISTS', KEYS[2], each) == 0 then
      redis.call('SADD', KEYS[4], each)
    end
  end
end
local awaited = redis.call('SMEMBERS', KEYS[4])
local opens_us = tonumber(redis.call('HGET', KEYS[1], 'opens_us') or '0')
local left = {math.max(0, closed_us - now), math.max(0, opens_us - now)}
local living = redis.call('ZRANGEBYSCORE', KEYS[3], field(now), '+inf')
return cmsgpack.pack({server, was_known, awaited, left, living, evicts(), forgot})

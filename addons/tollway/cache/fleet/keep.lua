-- An answer is kept, all of it, in the place of one that is there; or nothing of it, where it has no room.
--
-- KEYS: the index, the answer, where its pieces have come to, if it has several. ARGV: its name in the index, when it was made
-- and when it is over (microseconds), in how many milliseconds Redis may forget it, what it is of, its size, the bytes that all
-- answers may take; then the fields of one that has a single piece, and what is in them.
-- Answers {whether it is kept, what the server does where its memory ends: '' if it has no end}.

local member, size, came = ARGV[1], tonumber(ARGV[6]), #ARGV == 7
local before, now = size_of(member), total()
local most, memory, policy = room(tonumber(ARGV[7]), now)

if now - before + size > most or now - before + (came and 0 or size) > memory then
  redis.call('DEL', KEYS[7])
  return {0, policy}
end
if came then
  redis.call('RENAME', KEYS[7], KEYS[6]) -- first: if they are there no more, nothing was done
else
  redis.call('DEL', KEYS[6])
  redis.call('HSET', KEYS[6], unpack(ARGV, 8))
end
redis.call('PEXPIRE', KEYS[6], ARGV[4])
redis.call('ZADD', KEYS[1], ARGV[2], member)
redis.call('ZADD', KEYS[2], ARGV[3], member)
redis.call('HSET', KEYS[3], member, ARGV[5])
redis.call('HDEL', KEYS[4], member)
set_total(now - before + size)
return {1, policy}

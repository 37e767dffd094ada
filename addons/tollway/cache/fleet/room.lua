-- What was used the longest ago makes room: some of it, as others wait.
--
-- KEYS: the index, then answers that may have to. ARGV: the bytes that all answers may take, those of one that is to come, how
-- many names are wanted, the bytes that are enough for now, the names of these in the index. Answers {whether there is room by
-- now, the names of those that are next}.

local place = {}
for n = 5, #ARGV do
  place[ARGV[n]] = KEYS[n + 1]
end
local now, size = total(), tonumber(ARGV[2])
local enough = now - tonumber(ARGV[4])
local most, memory = room(tonumber(ARGV[1]), now)
most = math.min(most - size, memory - 4 * size) -- it comes in copies, which the server lets go of again
while now > most and now > enough do
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  if not oldest or not place[oldest] then
    break
  end
  now = now - forget(oldest, place[oldest])
end
return {now <= most and 1 or 0, redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[3]) - 1)}

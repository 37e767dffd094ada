-- Answers are deleted that are over by a time: some of them, as others wait.
--
-- KEYS: the index, then answers. ARGV: the time ('+inf': whenever), the bytes that are enough for now, their names in the index.
-- Answers {how many were looked at, how many were deleted, their bytes}.

local by, enough, count, bytes = tonumber(ARGV[1]) or math.huge, tonumber(ARGV[2]), 0, 0
for n = 3, #ARGV do
  local until_us = redis.call('ZSCORE', KEYS[2], ARGV[n])
  if until_us and tonumber(until_us) <= by then
    count = count + 1
    bytes = bytes + forget(ARGV[n], KEYS[n + 3])
  end
  if bytes >= enough or n == #ARGV then
    return {n - 2, count, string.format('%.0f', bytes)}
  end
end

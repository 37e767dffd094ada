-- Answers were given: they count, and are the last to make room.
-- KEYS: the index. ARGV: name in the index, how often, when the last time was (microseconds), and so on.

for n = 1, #ARGV, 3 do
  if redis.call('ZSCORE', KEYS[1], ARGV[n]) then
    redis.call('ZADD', KEYS[1], 'GT', ARGV[n + 2], ARGV[n])
    redis.call('HINCRBY', KEYS[4], ARGV[n], ARGV[n + 1])
  end
end
return 1

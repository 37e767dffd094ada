-- Whether an alert is the first of its kind: once in a calendar's window, and once in a rolling window's length.
--
-- KEYS: the alerts of a bucket. ARGV: level, at, the length of a rolling window or '', when all expires in milliseconds.

local at = redis.call('HGET', KEYS[1], ARGV[1])
if at and (ARGV[3] == '' or tonumber(at) > tonumber(ARGV[2]) - tonumber(ARGV[3])) then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1

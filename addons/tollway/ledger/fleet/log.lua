-- Rows are added to the log of calls, which has a most that it keeps.
-- KEYS: the log. ARGV: how many it keeps, then rows.

for place = 2, #ARGV do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'row', ARGV[place])
end
return #ARGV - 1

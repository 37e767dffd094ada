-- What the scripts of answers share. Their first keys are the index, in this order: when each answer was last given,
-- when it is over, what it is of (msgpack, its size first), how often it was given, what all of them take.

local function size_of(member)
  local facts = redis.call('HGET', KEYS[3], member)
  local is_one, told = pcall(cmsgpack.unpack, facts or '')
  return is_one and type(told) == 'table' and tonumber(told[1]) or 0
end

local function total()
  return tonumber(redis.call('GET', KEYS[5]) or '0')
end

local function set_total(bytes) -- after the first write: a server that is full would not take it else
  redis.call('SET', KEYS[5], string.format('%.0f', math.max(0, bytes)))
end

-- Lets go of an answer, if it is there: its bytes.
local function forget(member, answer)
  local size = size_of(member)
  redis.call('ZREM', KEYS[1], member)
  redis.call('ZREM', KEYS[2], member)
  redis.call('HDEL', KEYS[3], member)
  redis.call('HDEL', KEYS[4], member)
  redis.call('DEL', answer)
  if redis.call('ZCARD', KEYS[1]) == 0 then
    redis.call('DEL', KEYS[5])
  else
    set_total(total() - size)
  end
  return size
end

-- The bytes that answers may take, of which these are taken: as many as they are said to, but no more than leaves a quarter of
-- the server's memory to all else, if that has an end: limits need room for what is new. And what the server does then.
local function room(most, taken)
  local told = redis.call('INFO', 'memory')
  local memory = tonumber(string.match(told, 'maxmemory:(%d+)') or '0')
  local left = memory * 3 / 4 - tonumber(string.match(told, 'used_memory:(%d+)'))
  if memory == 0 then
    return most, math.huge, ''
  end
  return most, taken + left, string.match(told, 'maxmemory_policy:([%w-]+)') or ''
end

-- What a rate counts in a window that slides, as `budget.sliding.Sliding` has it. Fields of a bucket: `t` the total,
-- `o` and `n` the oldest and the newest slot that count, and each slot by its number.

local MINUTE_MS = 60000

local function field(number)
  return string.format('%.0f', number + 0) -- there is a -0, which Redis takes for no number
end

local function state(key)
  local found = redis.call('HMGET', key, 't', 'o', 'n')
  return {
    key = key,
    is_there = found[1] ~= false,
    total = tonumber(found[1] or '0'),
    oldest = tonumber(found[2] or '1'),
    newest = tonumber(found[3] or '0'),
  }
end

local function slots_of(it, first, last)
  local names = {}
  for slot = first, last do
    names[#names + 1] = field(slot)
  end
  return names
end

-- The newest slot, and what counts in those up to it; false of a rate that never counted anything.
local function slots(key)
  local it = state(key)
  if it.oldest > it.newest then
    return it.is_there and {it.newest, {}}
  end
  return {it.newest, redis.call('HMGET', key, unpack(slots_of(it, it.oldest, it.newest)))}
end

local function drop(it, last)
  local names = slots_of(it, it.oldest, last)
  for _, amount in ipairs(redis.call('HMGET', it.key, unpack(names))) do
    it.total = it.total - tonumber(amount or '0')
  end
  redis.call('HDEL', it.key, unpack(names))
  it.oldest = last + 1
end

local function keep(it, window_us)
  redis.call('HSET', it.key, 't', field(it.total), 'o', field(it.oldest), 'n', field(it.newest))
  redis.call('PEXPIRE', it.key, field(math.floor(window_us / 1000) * 2 + MINUTE_MS))
end

-- Lets what has left the window go.
local function slide(key, slot_us, window_us, now)
  local it = state(key)
  if now < it.newest * slot_us then
    if it.newest * slot_us - now <= window_us then
      now = it.newest * slot_us
    else -- a clock was set back far: all counts as of now
      local total, slot = it.total, math.floor(now / slot_us)
      if it.oldest <= it.newest then
        redis.call('HDEL', key, unpack(slots_of(it, it.oldest, it.newest)))
      end
      it.oldest, it.newest = slot, slot
      redis.call('HSET', key, field(slot), field(total))
      keep(it, window_us)
    end
  end
  local first = math.floor((now - window_us) / slot_us)
  if first > it.oldest and it.oldest <= it.newest then
    drop(it, math.min(first - 1, it.newest))
    keep(it, window_us)
  end
  return it
end

local function count(it, slot_us, window_us, amount, now)
  local slot = math.floor(now / slot_us)
  if slot > it.newest then
    it.oldest = it.oldest <= it.newest and it.oldest or slot
    it.newest = slot
  elseif it.oldest > it.newest then
    it.oldest = it.newest
  end
  redis.call('HINCRBY', it.key, field(it.newest), field(amount))
  it.total = it.total + amount
  keep(it, window_us)
end

-- Counts more, or less, as of a moment, but for what has left the window; never less than nothing.
local function correct(key, slot_us, window_us, more, at)
  local it, slot = state(key), math.floor(at / slot_us)
  if slot > it.newest then
    if more > 0 then
      count(slide(key, slot_us, window_us, at), slot_us, window_us, more, at)
    end
  elseif slot >= it.oldest then
    local there = tonumber(redis.call('HGET', key, field(slot)) or '0')
    more = math.max(more, -there)
    redis.call('HINCRBY', key, field(slot), field(more))
    it.total = it.total + more
    keep(it, window_us)
  end
end

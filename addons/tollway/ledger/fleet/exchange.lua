-- One exchange with a node: what changed there is noted, what it asks about is told, calls are admitted.
--
-- KEYS: meta, nodes, leases, awaited, the set of buckets that the node has a part in, all buckets by when they expire;
-- then buckets.
-- ARGV: node, session, now, the end of its lease (both microseconds since the epoch), and the payload: msgpack of
--   parts        {bucket, settled, held, expires in ms or 0, described or '', began, grows, aside}: what the node has
--                settled and holds there, with what is set aside for it; grows: 0, or the amount of the limit of which more
--                may be
--   corrections  {bucket, slot, window, more, at}: of rates in a window
--   asks         {now, hard, wants}; a want: {bucket, amount, enforce, hold, overlooks, below, slot, window, expires,
--                described, began}
--   looks        {now, bucket, slot, window}
--   is_complete  whether all that the node has a part in has been told since it joined
--   asks_who     whether it wants to know who lives
-- where a bucket is its place among the KEYS of buckets, and -1 stands for what is not there.
--
-- Answers msgpack: {'join'} if the node is to join first, for then nothing was done; else {'done', for each part what is
-- settled and held by all and how much more the node holds there by now, set aside for it, for each ask {outcome, what was
-- found in each want, slots of rates that have no room}, looks, the nodes that live}.
-- Outcomes: 0 admitted, 1 not, 2 hard limits are closed.

local FIRST, HARD, SOFT, LARGEST_HOLD = 7, 0, 1, 5e15
local ASIDE, LOW, ALL = 40, 10, 10 -- as of mirror.py; ALL: of what is left, a tenth is set aside for all together
local node, session, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
local settled_by, held_by = 's:' .. node, 'h:' .. node

if redis.call('HGET', KEYS[2], node) ~= session then
  return cmsgpack.pack({'join'})
end
redis.call('ZADD', KEYS[3], ARGV[4], node)
local parts, corrections, asks, looks, is_complete, asks_who = unpack(cmsgpack.unpack(ARGV[5]))

local function describe(key, described, expires, began)
  if described ~= '' then
    redis.call('HSET', key, 'd', described)
    redis.call('HSETNX', key, 'b', field(began))
    if expires > 0 then
      redis.call('ZADD', KEYS[6], field(now / 1000 + expires), key)
    end
  end
  if expires > 0 then
    redis.call('PEXPIRE', key, field(expires))
  end
end

-- What is settled and held by all, and held by the node.
local function look(now, key, slot_us, window_us)
  if slot_us > 0 then
    return slide(key, slot_us, window_us, now).total, 0, 0
  end
  local found = redis.call('HMGET', key, 's', 'h', held_by)
  return tonumber(found[1] or '0'), tonumber(found[2] or '0'), tonumber(found[3] or '0')
end

local opens
local function is_open()
  if opens == nil then
    local found = redis.call('HMGET', KEYS[1], 'opens_us', 'closed_us')
    opens = found[1] and tonumber(found[1]) <= now
      and (tonumber(found[2]) <= now or redis.call('SCARD', KEYS[4]) == 0)
  end
  return opens
end

local function set_aside(key, amount, aside, all_settled, all_held)
  local left = amount - all_settled - all_held + aside
  if amount == 0 or left * LOW < amount or not is_open() then
    return 0
  end
  local fair = math.floor(left / math.max(ASIDE, ALL * redis.call('ZCARD', KEYS[3])))
  if fair == 0 or fair < 2 * aside then
    return 0
  end
  redis.call('HINCRBY', key, 'h', field(fair - aside))
  redis.call('HINCRBY', key, held_by, field(fair - aside))
  return fair - aside
end

local function tell(part)
  local key, settled, held = KEYS[FIRST + part[1]], part[2], part[3]
  local was = redis.call('HMGET', key, settled_by, held_by, 's', 'h')
  if settled == 0 and held == 0 and not was[1] and not was[2] then -- it may have expired, and is not to come back
    redis.call('SREM', KEYS[5], key)
    local all_settled, all_held = look(now, key, 0, 0)
    return all_settled, all_held, 0
  end
  local all_settled = tonumber(was[3] or '0') + settled - tonumber(was[1] or '0')
  local all_held = tonumber(was[4] or '0') + held - tonumber(was[2] or '0')
  redis.call('HSET', key, settled_by, field(settled), held_by, field(held), 's', field(all_settled), 'h', field(all_held))
  if settled == 0 and held == 0 then
    redis.call('HDEL', key, settled_by, held_by)
    redis.call('SREM', KEYS[5], key)
  elseif not was[1] and not was[2] then
    redis.call('SADD', KEYS[5], key)
  end
  describe(key, part[5], part[4], part[6])
  local more = set_aside(key, part[7], part[8], all_settled, all_held)
  return all_settled, all_held + more, more
end

local function fits(want, settled, held)
  local left = want[2] - settled - held
  if want[6] >= 0 and settled + held >= want[6] then
    return false
  elseif want[3] == HARD then
    return want[4] <= left
  end
  return want[3] ~= SOFT or want[5] or left > 0
end

local function hold(now, want, all_held, held)
  local key, amount = KEYS[FIRST + want[1]], math.min(want[4], LARGEST_HOLD)
  if want[7] > 0 then
    count(state(key), want[7], want[8], amount, now)
    describe(key, want[10], 0, want[11])
    return
  end
  redis.call('HSET', key, 'h', field(all_held + amount), held_by, field(held + amount))
  if held == 0 then
    redis.call('SADD', KEYS[5], key)
  end
  describe(key, want[10], want[9], want[11])
end

local function admit(ask)
  local found, mine, full, outcome = {}, {}, {}, 0
  if ask[2] and not is_open() then
    return {2, found, full}
  end
  for place, want in ipairs(ask[3]) do
    local settled, held, held_here = look(ask[1], KEYS[FIRST + want[1]], want[7], want[8])
    found[place], mine[place] = {settled, held}, held_here
    if not fits(want, settled, held) then
      outcome = 1
    end
  end
  local held_in = {}
  for place, want in ipairs(ask[3]) do
    if outcome == 1 then
      full[place] = want[7] > 0 and slots(KEYS[FIRST + want[1]])
    elseif not held_in[want[1]] then
      held_in[want[1]] = true
      hold(ask[1], want, found[place][2], mine[place])
    end
  end
  return {outcome, found, full}
end

local told, admitted, seen = {}, {}, {}
for place, part in ipairs(parts) do
  told[place] = {tell(part)}
end
for _, each in ipairs(corrections) do
  correct(KEYS[FIRST + each[1]], each[2], each[3], each[4], each[5])
end
if is_complete then
  redis.call('SREM', KEYS[4], node)
end
for place, ask in ipairs(asks) do
  admitted[place] = admit(ask)
end
for place, each in ipairs(looks) do
  local settled, held = look(each[1], KEYS[FIRST + each[2]], each[3], each[4])
  seen[place] = {settled, held}
end
local living = asks_who and redis.call('ZRANGEBYSCORE', KEYS[3], field(now), '+inf')
return cmsgpack.pack({'done', told, admitted, seen, living})

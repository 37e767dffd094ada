-- By which `maxmemory-policy` Redis deletes keys by itself once its memory ends, of limits as well; '' if it does not.
local function evicts()
  local memory = redis.call('INFO', 'memory')
  local policy = string.match(memory, 'maxmemory_policy:([%w-]+)') or ''
  local is_bounded = (string.match(memory, 'maxmemory:(%d+)') or '0') ~= '0'
  return is_bounded and policy ~= 'noeviction' and policy or ''
end

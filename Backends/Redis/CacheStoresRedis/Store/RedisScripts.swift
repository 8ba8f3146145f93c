#if Redis
import CacheStores

/// The scripts that keep the contract of cache stores inside the server, each as one step.
///
/// | key | holds |
/// | --- | --- |
/// | `{ns}:e:<digest>` | the record, with `PX` |
/// | `{ns}:q` | sorted set of digests by order of insertion |
/// | `{ns}:x` | sorted set of digests by expiry |
/// | `{ns}:p` | hash: `version` of this layout, `capacity`, number of `shards` |
/// | `{ns}:h:<digest>` | the moment of a key's removal and when it is forgotten, with `PX` |
/// | `{ns}:H` | the same for all keys |
/// | `{ns}:l:<digest>` | the end of a lease and its holder, with `PX` |
/// | `{ns}:m:<digest>` | a mark's moment and end |
/// | `{ns}:y` | sorted set of the digests of marks by end |
///
/// If a namespace has several shards, the tags after the first are `{ns+1}` and so on. A script that writes also names
/// a key that never exists (see ``Namespace/nowhere``).
///
/// Times are milliseconds since 1970 by the server's clock, or by the injected clock of a test, which is an argument.
enum RedisScripts {
    static let layout = 1
    private static let removalMargin = RedisStore.removalMargin.millisecondsTowardZero

    /// The beginning of every script: the current time, and helpers for `PX` and for moments.
    static let preamble = """
        local now = tonumber(ARGV[1])
        local injected = now ~= nil
        if not injected then
          local t = redis.call('TIME')
          now = t[1] * 1000 + math.floor(t[2] / 1000)
        end
        local function life(till)
          if injected then return 3600000 end
          return math.max(1, math.min(till - now, 4503599627370496))
        end
        -- A removal is kept longer than it counts: volatile-ttl evicts the keys with the least time first.
        local function keep(till) return life(till + 3600000) end
        local function number(n) return string.format('%.0f', n) end
        -- Reads 'moment end'. A single number counts as both.
        local function span(text)
          local gap = string.find(text, ' ', 1, true) or 0
          return tonumber(string.sub(text, 1, gap - 1)), tonumber(string.sub(text, gap + 1))
        end
        -- Writes 'moment end' and returns the end. An existing one whose end has not passed is merged: the later of each
        -- stays. Without `lasting` the key has no time to live.
        local function remember(key, moment, till, lasting)
          local text = redis.call('GET', key)
          if text then
            local former, last = span(text)
            if former and last and last > now then
              moment, till = math.max(moment, former), math.max(till, last)
            end
          end
          local value = number(moment) .. ' ' .. number(till)
          if lasting then
            redis.call('SET', key, value, 'PX', number(lasting(till)))
          else
            redis.call('SET', key, value)
          end
          return till
        end
        local function outlive(key, ms)
          local left = redis.call('PTTL', key)
          if left >= 0 and left < ms or left == -1 then redis.call('PEXPIRE', key, number(ms * 2)) end
        end

        """

    private static let forgetting = """
        local function forget(digest)
          redis.call('ZREM', KEYS[1], digest)
          redis.call('ZREM', KEYS[2], digest)
          return redis.call('DEL', ARGV[2] .. digest)
        end

        """

    /// Stores an entry and returns how many live ones were evicted.
    ///
    /// `KEYS`: q, x, p, h, H, e, nowhere. `ARGV`: now, prefix of entries, digest, record, expiry, capacity or none,
    /// whether to store nothing, shards, capacity if none is recorded, `asked` or none, `before` or none.
    static let set = RedisScript(
        preamble + forgetting + """
            local digest, expiry = ARGV[3], tonumber(ARGV[5])
            local asked, before = tonumber(ARGV[10]), tonumber(ARGV[11])
            if before and now >= before then return 0 end
            for _, removal in ipairs(redis.call('MGET', KEYS[4], KEYS[5])) do
              if removal then
                local moment, till = span(removal)
                if till > now and not (asked and asked > moment + \(removalMargin)) then return 0 end
              end
            end
            local place = redis.call('ZSCORE', KEYS[2], digest)
            if ARGV[7] == '1' or expiry <= now then
              if place then forget(digest) else redis.call('DEL', KEYS[6]) end
              return 0
            end
            -- Read before the first write, so that a value of a wrong type fails here.
            local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
            local capacity = tonumber(redis.call('HGET', KEYS[3], 'capacity'))
            if place then
              local whole = redis.call('EXISTS', KEYS[6]) == 1 and redis.call('ZSCORE', KEYS[1], digest)
              if tonumber(place) <= now or not whole then
                forget(digest)
                place = false
              end
            end
            redis.call('SET', KEYS[6], ARGV[4], 'PX', number(life(expiry)))
            redis.call('ZADD', KEYS[2], number(expiry), digest)
            local evicted = 0
            if not place then
              redis.call('ZADD', KEYS[1], number((tonumber(last[2]) or 0) + 1), digest)
              if not capacity then
                capacity = tonumber(ARGV[6] ~= '' and ARGV[6] or ARGV[9])
                redis.call('HSET', KEYS[3], 'version', '1', 'shards', ARGV[8])
                if ARGV[6] ~= '' then redis.call('HSET', KEYS[3], 'capacity', ARGV[6]) end
              end
              local total = redis.call('ZCARD', KEYS[1])
              if total > capacity then
                for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', number(now), 'LIMIT', 0, 16)) do
                  forget(dead)
                end
                total = redis.call('ZCARD', KEYS[1])
              end
              if total > capacity then
                -- The server may have evicted an index, so only the entries in both count.
                local live = redis.call('ZCOUNT', KEYS[2], '(' .. number(now), '+inf')
                local excess = math.min(live, total) - capacity
                for _, oldest in ipairs(redis.call('ZRANGE', KEYS[1], 0, 15)) do
                  local till = tonumber(redis.call('ZSCORE', KEYS[2], oldest) or now)
                  if total <= capacity or till > now and excess <= 0 then break end
                  local existed = forget(oldest)
                  total = total - 1
                  if till > now then
                    evicted = evicted + existed
                    excess = excess - 1
                  end
                end
              end
            end
            local ttl = life(expiry) + 60000
            outlive(KEYS[1], ttl)
            outlive(KEYS[2], ttl)
            outlive(KEYS[3], math.max(ttl, 604800000))
            return evicted
            """
    )

    /// Returns whether there was a live entry.
    ///
    /// `KEYS`: q, x, h, nowhere. `ARGV`: now, prefix of entries, digest, for how long it is remembered.
    static let remove = RedisScript(
        preamble + forgetting + """
            local expiry = redis.call('ZSCORE', KEYS[2], ARGV[3])
            local existed = forget(ARGV[3])
            local length = tonumber(ARGV[4])
            if length > 0 then remember(KEYS[3], now, now + length, keep) end
            if existed == 1 and (not expiry or tonumber(expiry) > now) then return 1 end
            return 0
            """
    )

    /// Remembers a removal of all keys, and returns the place of the last entry.
    ///
    /// `KEYS`: q, H, nowhere. `ARGV`: now, -, for how long it is remembered.
    static let rememberRemovalOfAll = RedisScript(
        preamble + """
            local length = tonumber(ARGV[3])
            -- After a first write, which may be a DEL, a lack of memory does not stop a script.
            redis.call('DEL', KEYS[3])
            if length > 0 then remember(KEYS[2], now, now + length, keep) end
            local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
            return last[2] or '0'
            """
    )

    /// Removes entries up to a place, and returns whether none is left there.
    ///
    /// `KEYS`: q, x, nowhere. `ARGV`: now, prefix of entries, place, limit.
    static let removeThrough = RedisScript(
        preamble + forgetting + """
            local keys = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3], 'LIMIT', 0, ARGV[4])
            for _, key in ipairs(keys) do forget(key) end
            if #keys < tonumber(ARGV[4]) then return 1 end
            return 0
            """
    )

    /// Removes what only the index of expiries knows, and returns where to go on; nothing if none of that is left.
    ///
    /// Both indexes gain and lose the same digests, so the one that has lost more is a part of the other.
    /// ``removeThrough`` empties the order of insertion; this script removes what that has lost. The sizes decide when
    /// it is done, not the end of the iteration: a cursor that another server gave, before a failover, skips digests.
    ///
    /// `KEYS`: q, x, nowhere. `ARGV`: now, prefix of entries, cursor, limit.
    static let removeUnordered = RedisScript(
        preamble + forgetting + """
            if redis.call('ZCARD', KEYS[2]) <= redis.call('ZCARD', KEYS[1]) then return false end
            local found = redis.call('ZSCAN', KEYS[2], ARGV[3], 'COUNT', ARGV[4])
            for i = 1, #found[2], 2 do
              if not redis.call('ZSCORE', KEYS[1], found[2][i]) then forget(found[2][i]) end
            end
            return found[1]
            """
    )

    /// Drops expired entries, and the oldest without an expiry, and returns whether none is left.
    ///
    /// `KEYS`: q, x, nowhere. `ARGV`: now, prefix of entries, limit.
    static let dropDead = RedisScript(
        preamble + forgetting + """
            local keys = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', number(now), 'LIMIT', 0, ARGV[3])
            for _, key in ipairs(keys) do forget(key) end
            local dropped = #keys
            for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[3] - 1)) do
              if redis.call('ZSCORE', KEYS[2], key) then break end
              forget(key)
              dropped = dropped + 1
            end
            if dropped < tonumber(ARGV[3]) then return 1 end
            return 0
            """
    )

    /// Removes the entries that no index knows.
    ///
    /// `KEYS`: q, x, nowhere, then entries. `ARGV`: now, prefix of entries.
    static let removeStray = RedisScript(
        preamble + forgetting + """
            for i = 4, #KEYS do
              local digest = string.sub(KEYS[i], #ARGV[2] + 1)
              if not redis.call('ZSCORE', KEYS[1], digest) then forget(digest) end
            end
            return 0
            """
    )

    /// Returns how many entries are live.
    ///
    /// `KEYS`: x. `ARGV`: now.
    static let count = RedisScript(
        preamble + "return redis.call('ZCOUNT', KEYS[1], '(' .. number(now), '+inf')"
    )

    /// Returns version, capacity, former capacity and number of shards.
    ///
    /// `KEYS`: p. `ARGV`: now, capacity or none, whether to change one that is recorded, shards.
    static let open = RedisScript(
        preamble + """
            local version = redis.call('HGET', KEYS[1], 'version')
            if version and version ~= '1' then return {version, '', '', ''} end
            local shards = redis.call('HGET', KEYS[1], 'shards') or version and '1' or ARGV[4]
            local recorded = redis.call('HGET', KEYS[1], 'capacity')
            if shards ~= ARGV[4] then return {'1', recorded or '', recorded or '', shards} end
            local capacity = recorded
            if ARGV[2] ~= '' and (ARGV[3] == '1' or not recorded) then capacity = ARGV[2] end
            local fields = {'version', '1', 'shards', shards}
            if capacity and capacity ~= recorded then
              fields[5], fields[6] = 'capacity', capacity
            end
            -- A replica, or a server without memory, can be read from all the same.
            local noted = redis.pcall('HSET', KEYS[1], unpack(fields))
            if type(noted) == 'number' then
              outlive(KEYS[1], 604800000)
            else
              capacity = recorded
            end
            return {'1', capacity or '', recorded or '', shards}
            """
    )
}
#endif

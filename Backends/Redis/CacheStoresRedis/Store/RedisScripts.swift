import CacheStores

/// The programs by which the contract of cache stores is kept inside the server, one step each.
///
/// | key | holds |
/// | --- | --- |
/// | `{ns}:e:<digest>` | the record, with `PX` |
/// | `{ns}:q` | sorted set of digests by order of insertion |
/// | `{ns}:x` | sorted set of digests by expiry |
/// | `{ns}:p` | hash: `version` of this layout, `capacity`, number of `shards` |
/// | `{ns}:h:<digest>` | the moment of a key's removal, and until when it is remembered, with `PX` |
/// | `{ns}:H` | the same for every key |
/// | `{ns}:l:<digest>` | until when a lease lasts, and its holder, with `PX` |
/// | `{ns}:m:<digest>` | a mark's moment and its end, with `PX` |
///
/// Where a namespace has several shards, the tag of all but the first is `{ns+1}` and so on. Programs that write name
/// one key more than they use, which never exists (see ``Namespace/nowhere``).
///
/// Times are milliseconds since 1970 by the server's clock; a clock that a test injects is an argument instead.
enum RedisScripts {
    static let layout = 1
    private static let removalMargin = RedisStore.removalMargin.wholeMilliseconds

    /// What every program begins with: the moment, and what it means for `PX`.
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
        -- A removal stays longer than it counts, or a server that is short of memory would evict it before any entry.
        local function keep(till) return life(till + 3600000) end
        local function number(n) return string.format('%.0f', n) end
        -- Two moments, 'moment end'. An end alone is a removal that an older release noted: it counts as the moment too.
        local function span(text)
          local gap = string.find(text, ' ', 1, true) or 0
          return tonumber(string.sub(text, 1, gap - 1)), tonumber(string.sub(text, gap + 1))
        end
        -- Notes a moment until an end; of two that count, the later moment and the later end stay.
        local function remember(key, moment, till, lasting)
          local text = redis.call('GET', key)
          if text then
            local former, last = span(text)
            if former and last and last > now then
              moment, till = math.max(moment, former), math.max(till, last)
            end
          end
          redis.call('SET', key, number(moment) .. ' ' .. number(till), 'PX', number(lasting(till)))
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
    /// whether nothing is to be stored, shards, capacity if none was ever chosen, when it was asked or none, before
    /// when it has to be stored or none.
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
            -- Read before anything is written: what is of a wrong type fails here.
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
                -- Of an index that the server took away the other one tells nothing: what is in both counts.
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
    /// `KEYS`: q, x, h, nowhere. `ARGV`: now, prefix of entries, digest, for how long to remember.
    static let remove = RedisScript(
        preamble + forgetting + """
            local expiry = redis.call('ZSCORE', KEYS[2], ARGV[3])
            local existed = forget(ARGV[3])
            local hold = tonumber(ARGV[4])
            if hold > 0 then remember(KEYS[3], now, now + hold, keep) end
            if existed == 1 and (not expiry or tonumber(expiry) > now) then return 1 end
            return 0
            """
    )

    /// Returns the place of the last entry.
    ///
    /// `KEYS`: q, H, nowhere. `ARGV`: now, -, for how long to remember.
    static let holdAll = RedisScript(
        preamble + """
            local hold = tonumber(ARGV[3])
            -- A script that has written something is not kept from writing more by a lack of memory.
            redis.call('DEL', KEYS[3])
            if hold > 0 then remember(KEYS[2], now, now + hold, keep) end
            local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
            return last[2] or '0'
            """
    )

    /// Returns whether nothing is left up to the place.
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

    /// Drops what has expired, and the oldest whose expiry is lost, and returns whether nothing is left of that.
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

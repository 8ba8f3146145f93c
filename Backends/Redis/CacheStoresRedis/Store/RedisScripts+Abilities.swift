#if Redis
extension RedisScripts {
    /// Returns whether the holder has the lease.
    ///
    /// `KEYS`: l. `ARGV`: now, holder, length.
    static let acquireLease = RedisScript(
        preamble + """
            local lease = redis.call('GET', KEYS[1])
            if lease then
              local gap = string.find(lease, ' ', 1, true)
              local till, holder = tonumber(string.sub(lease, 1, gap - 1)), string.sub(lease, gap + 1)
              if till > now and holder ~= ARGV[2] then return 0 end
            end
            local length = tonumber(ARGV[3])
            if length > 0 then
              redis.call('SET', KEYS[1], number(now + length) .. ' ' .. ARGV[2], 'PX', number(life(now + length)))
            else
              redis.call('DEL', KEYS[1])
            end
            return 1
            """
    )

    /// Releases a lease if the holder still has it.
    ///
    /// `KEYS`: l. `ARGV`: now, holder.
    static let releaseLease = RedisScript(
        preamble + """
            local lease = redis.call('GET', KEYS[1])
            if lease and string.sub(lease, string.find(lease, ' ', 1, true) + 1) == ARGV[2] then
              return redis.call('DEL', KEYS[1])
            end
            return 0
            """
    )

    /// Sets a mark, or moves it forward; an earlier moment changes nothing.
    ///
    /// Returns 0 where a mark may be evicted. Marks have no time to live, so that no `volatile-*` policy evicts them: each mark that is set sweeps up to 16
    /// whose end has passed.
    ///
    /// `KEYS`: m, y, nowhere. `ARGV`: now, moment, end, prefix of marks, digest, whether marks may be evicted.
    static let setMark = RedisScript(
        preamble + """
            local moment, till = tonumber(ARGV[2]), tonumber(ARGV[3])
            if ARGV[6] ~= '1' then
              local memory = redis.pcall('INFO', 'memory')
              local policy = type(memory) == 'string' and string.match(memory, 'maxmemory_policy:([%w-]+)')
              if not policy or string.find(policy, 'allkeys', 1, true) == 1 then return 0 end
            end
            -- After a first write, which may be a DEL, a lack of memory does not stop a script.
            redis.call('DEL', KEYS[3])
            for _, passed in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', number(now), 'LIMIT', 0, 16)) do
              redis.call('ZREM', KEYS[2], passed)
              redis.call('DEL', ARGV[4] .. passed)
            end
            if till <= now then return 1 end
            till = remember(KEYS[1], moment, till)
            redis.call('ZADD', KEYS[2], number(till), ARGV[5])
            return 1
            """
    )
}
#endif

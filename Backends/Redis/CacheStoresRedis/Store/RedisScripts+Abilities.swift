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
    /// `KEYS`: m. `ARGV`: now, moment, end.
    static let setMark = RedisScript(
        preamble + """
            local moment, till = tonumber(ARGV[2]), tonumber(ARGV[3])
            if till <= now then return 0 end
            remember(KEYS[1], moment, till, life)
            return 1
            """
    )
}

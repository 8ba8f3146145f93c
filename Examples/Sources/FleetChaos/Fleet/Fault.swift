/// Something that befalls a fleet.
enum Fault: Sendable, CustomStringConvertible {
    case redis(BackendFault)
    case authority(BackendFault)
    case redisFlushed
    case redisClientsKilled(pubSub: Bool)
    case redisClientsPaused(Duration)
    case gateKilled(Int, Duration)
    case gateStopped(Int, Duration)
    case storeCut(Int, Duration)
    case storeConnectionsBroken(Int)
    case authorityCut(Duration)
    case keysCut(Duration)

    enum BackendFault: Sendable {
        case killed(Duration)
        case stopped(Duration)
    }

    /// One that befalls Redis or the authorization server.
    static func ofBackends(_ random: inout Seeded, _ pace: Pace) -> Self {
        let duration = pace.faultLength(upTo: 3000, &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return .redis(.killed(duration))
        case 1: return .redis(.stopped(duration))
        case 2: return .redisClientsPaused(duration)
        case 3: return .redisFlushed
        case 4: return .redisClientsKilled(pubSub: false)
        case 5: return .redisClientsKilled(pubSub: true)
        case 6: return .authority(.killed(duration))
        case 7: return .authority(.stopped(duration))
        case 8: return .keysCut(duration)
        default: return .authorityCut(duration)
        }
    }

    /// One that befalls one of some gates, or its way to the store.
    static func ofGates(_ count: Int, _ random: inout Seeded, _ pace: Pace) -> Self {
        let gate = Int.random(in: 0..<count, using: &random)
        let duration = pace.faultLength(upTo: 4000, &random)
        switch Int.random(in: 0..<4, using: &random) {
        // The first one lives on, so that it shows what it leaks.
        case 0: return .gateKilled(max(gate, 1), duration)
        case 1: return .gateStopped(gate, duration)
        case 2: return .storeCut(gate, duration)
        default: return .storeConnectionsBroken(gate)
        }
    }

    /// What it is counted as.
    var name: String {
        switch self {
        case .redis(.killed): "Redis killed"
        case .redis(.stopped): "Redis stopped"
        case .authority(.killed): "authority killed"
        case .authority(.stopped): "authority stopped"
        case .redisFlushed: "Redis flushed"
        case .redisClientsKilled(let pubSub): pubSub ? "subscribers killed" : "Redis clients killed"
        case .redisClientsPaused: "Redis clients paused"
        case .gateKilled: "gate killed"
        case .gateStopped: "gate stopped"
        case .storeCut: "gate cut off from Redis"
        case .storeConnectionsBroken: "gate's connections broken"
        case .authorityCut: "authority cut off"
        case .keysCut: "issuer's keys cut off"
        }
    }

    var description: String {
        switch self {
        case .redis(.killed(let duration)), .redis(.stopped(let duration)), .authority(.killed(let duration)),
            .authority(.stopped(let duration)), .redisClientsPaused(let duration),
            .authorityCut(let duration), .keysCut(let duration):
            "\(name) for \(duration)"
        case .gateKilled(let gate, let duration), .gateStopped(let gate, let duration),
            .storeCut(let gate, let duration):
            "\(name): gate \(gate), for \(duration)"
        case .storeConnectionsBroken(let gate): "\(name): gate \(gate)"
        case .redisFlushed, .redisClientsKilled: name
        }
    }
}

import CacheStores

extension StoreError {
    /// What a server's complaint means.
    ///
    /// Of the complaint only the first word is repeated: the rest may quote a command.
    init(redis complaint: String, from server: RedisEndpoint) {
        let word = String(complaint.prefix { $0 != " " }.prefix(32))
        let code: Code
        let meaning: String
        switch word {
        case "OOM": (code, meaning) = (.full, "the server has no memory left")
        case "READONLY": (code, meaning) = (.readOnly, "the server is a replica that can't be written to")
        case "NOAUTH", "WRONGPASS":
            (code, meaning) = (.accessDenied, "the server does not accept our credentials")
        case "NOPERM": (code, meaning) = (.accessDenied, "the server does not permit this to us")
        case "LOADING": (code, meaning) = (.unavailable, "the server is loading its data")
        case "BUSY": (code, meaning) = (.unavailable, "the server is busy with somebody's script")
        case "MISCONF": (code, meaning) = (.unavailable, "the server can't save its data and refuses writes")
        case "CLUSTERDOWN": (code, meaning) = (.unavailable, "the cluster is down")
        case "TRYAGAIN": (code, meaning) = (.unavailable, "the cluster is moving this slot")
        case "MOVED", "ASK":
            (code, meaning) = (
                .unavailable, "the server belongs to a cluster, which this address does not say"
            )
        case "WRONGTYPE": (code, meaning) = (.incompatible, "somebody else uses this namespace")
        default: (code, meaning) = (.unavailable, "the server refused a command")
        }
        self.init(code: code, message: "\(server): \(meaning) (\(word))")
    }

    static func lostConnection(to server: RedisEndpoint) -> StoreError {
        StoreError(code: .unavailable, message: "the connection to \(server) is lost")
    }

    static func noAnswer(from server: RedisEndpoint) -> StoreError {
        StoreError(code: .unavailable, message: "\(server) gave an answer that is none")
    }

    static var storeIsShutDown: StoreError {
        StoreError(code: .shutDown, message: "the store was shut down")
    }
}

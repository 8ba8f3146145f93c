#if Redis
import CacheStores

extension StoreError {
    /// Translates a server's error reply.
    ///
    /// The message repeats only the reply's first word, since the rest may quote a command. A missing permission is
    /// repeated whole: Redis names the command there, never an argument.
    ///
    /// - Parameters:
    ///   - complaint: the error reply without its `-`.
    ///   - server: the server that sent it.
    ///   - command: the name of the command that it answers.
    init(redis complaint: String, from server: RedisEndpoint, to command: String) {
        let word = Self.word(of: complaint)
        let code: Code
        let meaning: String
        switch word {
        case "OOM": (code, meaning) = (.full, "the server has no memory left")
        case "READONLY": (code, meaning) = (.readOnly, "the server is a replica and refuses writes")
        case "NOAUTH", "WRONGPASS":
            (code, meaning) = (.accessDenied, "the server refuses the address's user and password")
        case "NOPERM":
            let said = String(
                String.UnicodeScalarView(complaint.unicodeScalars.prefix(300).filter(Self.isPlain))
            )
            meaning =
                "the server's ACL denies \(command), or a command or key that it uses: \"\(said)\""
            code = .accessDenied
        case "LOADING": (code, meaning) = (.unavailable, "the server is loading its data")
        case "BUSY": (code, meaning) = (.unavailable, "the server is busy with a script")
        case "MISCONF": (code, meaning) = (.readOnly, "the server can't save its data and refuses writes")
        case "NOREPLICAS":
            (code, meaning) = (.readOnly, "the server has too few replicas and refuses writes")
        case "CLUSTERDOWN": (code, meaning) = (.unavailable, "the cluster is down")
        case "TRYAGAIN": (code, meaning) = (.unavailable, "the cluster is moving this slot")
        case "MOVED", "ASK":
            (code, meaning) = (
                .unavailable,
                "the server is a node of a cluster, so the address needs the scheme redis+cluster"
            )
        case "WRONGTYPE":
            (code, meaning) = (.incompatible, "a key of the namespace holds a value of another type")
        default: (code, meaning) = (.unavailable, "the server answers \(command) with an error")
        }
        self.init(code: code, message: "\(server): \(meaning) (\(word))")
    }

    /// The word that tells the kind of an error reply.
    ///
    /// Redis 7.0 begins a permission that a script lacks with `ERR`. Redis 6 wraps the error of a command within a
    /// script: `ERR Error running script … : -OOM …`.
    private static func word(of complaint: String) -> String {
        let denials = ["The user executing the script can't", "ACL failure in script"]
        if denials.contains(where: complaint.contains) { return "NOPERM" }
        let words = complaint.split(separator: " ")
        let isWrapped = complaint.hasPrefix("ERR Error running script")
        let inner = isWrapped ? words.first { $0.hasPrefix("-") }?.dropFirst() : nil
        return String((inner ?? words.first ?? "").prefix(32))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool { (" "..."~").contains(scalar) }

    static func lostConnection(to server: RedisEndpoint) -> StoreError {
        StoreError(code: .unavailable, message: "the connection to \(server) is lost")
    }

    static func unexpectedReply(from server: RedisEndpoint) -> StoreError {
        StoreError(code: .unavailable, message: "\(server) sent a reply of an unexpected form")
    }

    static var storeIsShutDown: StoreError {
        StoreError(code: .shutDown, message: "the store was shut down")
    }
}
#endif

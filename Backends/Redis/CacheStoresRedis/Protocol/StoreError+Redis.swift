import CacheStores

extension StoreError {
    /// What a server's complaint means.
    ///
    /// Of the complaint only the first word is repeated, since the rest may quote a command. A complaint about a
    /// permission is repeated whole: it names the command, never an argument.
    ///
    /// - Parameters:
    ///   - complaint: the reply without its `-`.
    ///   - server: which server said it.
    ///   - command: the name of the command that it answers.
    init(redis complaint: String, from server: RedisEndpoint, to command: String) {
        let word = Self.word(of: complaint)
        let code: Code
        let meaning: String
        switch word {
        case "OOM": (code, meaning) = (.full, "the server has no memory left")
        case "READONLY": (code, meaning) = (.readOnly, "the server is a replica that can't be written to")
        case "NOAUTH", "WRONGPASS":
            (code, meaning) = (.accessDenied, "the server does not accept our credentials")
        case "NOPERM":
            let said = String(
                String.UnicodeScalarView(complaint.unicodeScalars.prefix(300).filter(Self.isPlain))
            )
            meaning =
                "the server's ACL does not permit \(command) to us, or what it uses; it said \"\(said)\""
            code = .accessDenied
        case "LOADING": (code, meaning) = (.unavailable, "the server is loading its data")
        case "BUSY": (code, meaning) = (.unavailable, "the server is busy with another client's script")
        case "MISCONF": (code, meaning) = (.readOnly, "the server can't save its data and refuses writes")
        case "NOREPLICAS":
            (code, meaning) = (.readOnly, "the server has too few replicas and refuses writes")
        case "CLUSTERDOWN": (code, meaning) = (.unavailable, "the cluster is down")
        case "TRYAGAIN": (code, meaning) = (.unavailable, "the cluster is moving this slot")
        case "MOVED", "ASK":
            (code, meaning) = (
                .unavailable, "the server belongs to a cluster, which this address does not say"
            )
        case "WRONGTYPE": (code, meaning) = (.incompatible, "another application uses this namespace")
        default: (code, meaning) = (.unavailable, "the server refused \(command)")
        }
        self.init(code: code, message: "\(server): \(meaning) (\(word))")
    }

    /// The word that says what kind of complaint it is.
    ///
    /// Where a script may not do something, Redis 7.0 says `ERR` for it; Redis 6 wraps every complaint of a command
    /// within a script into one of its own, `ERR Error running script … : -OOM …`.
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

    static func noAnswer(from server: RedisEndpoint) -> StoreError {
        StoreError(code: .unavailable, message: "\(server) gave an answer that is none")
    }

    static var storeIsShutDown: StoreError {
        StoreError(code: .shutDown, message: "the store was shut down")
    }
}

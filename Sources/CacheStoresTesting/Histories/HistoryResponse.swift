import CacheStores

/// What a store answered, with values reduced to the numbers stamped into them.
enum HistoryResponse: Sendable, Equatable {
    /// An entry as a history speaks of it.
    struct Entry: Sendable, Equatable {
        /// The number of the write; `nil` if the bytes are those of no single write.
        var number: UInt64?
        var expiry: Timestamp
    }

    case done
    case evicted(Int)
    case found(Entry?)
    case removed(Bool)
    case number(Int)
    case contents([Int: Entry])
}

extension HistoryResponse.Entry: CustomStringConvertible {
    var description: String { "value \(number.map(String.init) ?? "torn"), expiring at \(expiry)" }
}

extension HistoryResponse: CustomStringConvertible {
    var description: String {
        switch self {
        case .done: "done"
        case .evicted(let number): "\(number) evicted"
        case .found(let entry): entry.map { "\($0)" } ?? "nothing"
        case .removed(let wasLive): "\(wasLive)"
        case .number(let number): "\(number)"
        case .contents(let entries):
            "{ "
                + entries.sorted { $0.key < $1.key }.map { "key \($0.key): \($0.value)" }
                .joined(separator: "; ") + " }"
        }
    }
}

/// One call in a concurrent history: what was asked, what came back, and when.
struct ConcurrentCall: Sendable {
    enum Action: Sendable, Hashable {
        case set(number: UInt64)
        case setExpired
        case lookUp
        case remove(holding: Bool)
        case removeAll
        case count
    }

    enum Result: Sendable, Hashable {
        case done
        case found(UInt64?)
        /// The bytes of no single write.
        case torn
        case removed(Bool)
        case number(Int)
        case failed(String)
    }

    let task: Int
    /// The key's number; where the call is about no key in particular, it means nothing.
    let key: Int
    let action: Action
    var result = Result.done
    /// When the call began and when it ended, by a counter that all tasks share.
    var invoked = 0
    var returned = 0
}

extension ConcurrentCall.Action: CustomStringConvertible {
    var description: String {
        switch self {
        case .set(let number): "set to value \(number)"
        case .setExpired: "set to an expired entry"
        case .lookUp: "look up"
        case .remove(let holding): holding ? "remove, holding" : "remove"
        case .removeAll: "remove all"
        case .count: "count"
        }
    }
}

extension ConcurrentCall.Result: CustomStringConvertible {
    var description: String {
        switch self {
        case .done: "done"
        case .found(let number): number.map { "value \($0)" } ?? "nothing"
        case .torn: "a torn value"
        case .removed(let wasLive): "\(wasLive)"
        case .number(let number): "\(number)"
        case .failed(let error): "threw \(error)"
        }
    }
}

extension ConcurrentCall: CustomStringConvertible {
    var description: String { "[\(invoked), \(returned)] task \(task): \(action), key \(key): \(result)" }
}

/// A line in the log that a process keeps of what it does to its store.
package struct LoggedOperation: Sendable {
    package enum Action: String, Sendable {
        case set, lookUp, remove, removeForLong, count
    }

    package let action: Action
    /// The number of the entry; where the operation is about no entry in particular, it means nothing.
    package let number: Int
    /// Which write it is, if it is one; no two have the same.
    package let version: Int
    /// How many entries were evicted or counted, which version was found (-1: none), or whether one was removed.
    package let result: Int
    /// When it began and when it ended, in nanoseconds by a clock that all processes share.
    package let began: UInt64
    package let ended: UInt64

    package init(
        _ action: Action,
        _ number: Int,
        version: Int,
        result: Int,
        began: UInt64,
        ended: UInt64
    ) {
        self.action = action
        self.number = number
        self.version = version
        self.result = result
        self.began = began
        self.ended = ended
    }

    /// Reads a line back.
    package init?(line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count == 6, let began = UInt64(words[0]), let ended = UInt64(words[1]),
            let action = Action(rawValue: String(words[2])), let number = Int(words[3]),
            let version = Int(words[4]), let result = Int(words[5])
        else { return nil }
        self.init(action, number, version: version, result: result, began: began, ended: ended)
    }
}

extension LoggedOperation: CustomStringConvertible {
    /// The line.
    package var description: String { "\(began) \(ended) \(action.rawValue) \(number) \(version) \(result)" }
}

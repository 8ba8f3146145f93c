/// What a random history can do, complete in itself so that any step can be left out.
enum HistoryStep: Sendable, Hashable {
    /// Sets an entry; its life, when its question began and from when on it has no effect count from now.
    case set(key: Int, number: UInt64, lasting: Int, asked: Int? = nil, before: Int? = nil)
    case lookUp(key: Int)
    case remove(key: Int, holding: Int)
    case removeAll(holding: Int)
    case count
    case capacity
    /// Looks up every key.
    case survey
    /// Moves the clock by so many milliseconds, backwards if negative.
    case moveClock(by: Int)
    /// Shuts the handle down and opens the store again, perhaps with another capacity.
    case reopen(capacity: Int?)
}

extension HistoryStep: CustomStringConvertible {
    var description: String {
        switch self {
        case .set(let key, let number, let life, let asked, let before):
            "set key \(key) to value \(number), lasting \(life) ms"
                + (asked.map { ", asked at \($0) ms" } ?? "") + (before.map { ", before \($0) ms" } ?? "")
        case .lookUp(let key): "look up key \(key)"
        case .remove(let key, let hold): "remove key \(key), holding \(hold) ms"
        case .removeAll(let hold): "remove all, holding \(hold) ms"
        case .count: "count"
        case .capacity: "capacity"
        case .survey: "look up every key"
        case .moveClock(let milliseconds): "move the clock by \(milliseconds) ms"
        case .reopen(let capacity): "reopen with capacity \(capacity.map(String.init) ?? "nil")"
        }
    }
}

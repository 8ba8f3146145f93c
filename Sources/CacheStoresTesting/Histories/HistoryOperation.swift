/// A step, and the handle through which it is taken.
struct HistoryOperation: Sendable, Hashable {
    let handle: Int
    let step: HistoryStep
}

extension HistoryOperation: CustomStringConvertible {
    var description: String { handle == 0 ? "\(step)" : "\(step), through the second handle" }
}

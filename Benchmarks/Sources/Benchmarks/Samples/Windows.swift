import Synchronization

/// One part of a range after the other, round and round.
final class Windows: Sendable {
    private let size: Int
    private let number: Int
    private let taken = Atomic(0)

    init(of size: Int, over count: Int) {
        self.size = min(size, count)
        number = max(1, count / self.size)
    }

    func next() -> Range<Int> {
        let first = taken.wrappingAdd(1, ordering: .relaxed).oldValue % number * size
        return first..<first + size
    }
}

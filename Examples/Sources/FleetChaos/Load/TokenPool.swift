import Synchronization

/// The tokens that gates are asked about at the moment, and what is known about these and earlier ones.
final class TokenPool: Sendable {
    private struct State {
        var tokens: [Int: KnownToken] = [:]
        var inUse: Set<Int> = []
        var issued = 0
    }

    private let state = Mutex(State())

    /// A number for one more token.
    func nextNumber() -> Int {
        state.withLock { state in
            state.issued += 1
            return state.issued
        }
    }

    subscript(number: Int) -> KnownToken? {
        state.withLock { $0.tokens[number] }
    }

    func add(_ token: KnownToken) {
        state.withLock { state in
            state.tokens[token.number] = token
            state.inUse.insert(token.number)
        }
    }

    /// Has gates asked about a token no more; what is said about it may still be on its way.
    func retire(_ number: Int) {
        state.withLock { _ = $0.inUse.remove(number) }
    }

    func learn(about number: Int, _ change: (inout KnownToken) -> Void) {
        state.withLock { state in
            guard var token = state.tokens[number] else { return }
            change(&token)
            state.tokens[number] = token
        }
    }

    func any(using random: inout Seeded) -> KnownToken? {
        let drawn = random.next()
        return state.withLock { state in
            let numbers = state.inUse.sorted()
            return numbers.isEmpty ? nil : state.tokens[numbers[Int(drawn % UInt64(numbers.count))]]
        }
    }
}

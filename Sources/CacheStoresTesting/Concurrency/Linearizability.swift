/// Whether the calls on one key can be put into an order, each at a moment between its beginning and its end,
/// in which a plain register would have answered as the store did.
///
/// Wing and Gong, "Testing and verifying concurrent objects", 1993: try every call that may come first, and
/// remember which combinations of calls done and register were tried before.
struct Linearizability {
    /// The register: which write it shows, and whether a remembered removal refuses further ones.
    private struct Register: Hashable {
        var number: UInt64?
        var isRemoved = false
    }

    private struct Situation: Hashable {
        /// A bit for each call that is done.
        var done: UInt64
        var register: Register
    }

    /// How many calls a history may have.
    static let mostCalls = 64

    private let calls: [ConcurrentCall]
    private let mayEvict: Bool

    /// - Parameters:
    ///   - calls: the calls on one key, those of `removeAll` among them; at most ``mostCalls``.
    ///   - mayEvict: whether an entry may vanish at any moment because others need its room.
    init(of calls: [ConcurrentCall], mayEvict: Bool) {
        precondition(calls.count <= Self.mostCalls, "a bit mask has no room for more calls")
        self.calls = calls.sorted { $0.invoked < $1.invoked }
        self.mayEvict = mayEvict
    }

    /// Whether there is such an order.
    func holds() -> Bool {
        var tried: Set<Situation> = []
        var open = [Situation(done: 0, register: Register())]
        while let situation = open.popLast() {
            guard tried.insert(situation).inserted else { continue }
            let pending = calls.indices.filter { situation.done & (1 << UInt64($0)) == 0 }
            guard let end = pending.map({ calls[$0].returned }).min() else { return true }
            for index in pending where calls[index].invoked < end {
                guard let register = register(after: calls[index], on: situation.register) else { continue }
                open.append(Situation(done: situation.done | 1 << UInt64(index), register: register))
            }
        }
        return false
    }

    /// The register after a call, or `nil` if it would have answered differently.
    private func register(after call: ConcurrentCall, on before: Register) -> Register? {
        var after = before
        switch (call.action, call.result) {
        case (.set(let number), .done):
            if !before.isRemoved { after.number = number }
        case (.setExpired, .done), (.removeAll, .done):
            after.number = nil
        case (.lookUp, .found(let number)):
            guard number == before.number || number == nil && mayEvict else { return nil }
            after.number = number
        case (.remove(let holding), .removed(let wasLive)):
            guard wasLive == (before.number != nil) || !wasLive && mayEvict else { return nil }
            after = Register(number: nil, isRemoved: before.isRemoved || holding)
        default:
            return nil
        }
        return after
    }
}

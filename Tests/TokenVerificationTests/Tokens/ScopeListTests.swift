import Testing
import TokenVerification

@Suite struct ScopeListTests {
    /// Numbers as texts, whose order is not that of the numbers.
    @Test(arguments: 0...40)
    func `finds what a set of the same scopes has`(count: Int) {
        let scopes = (0..<count).map { "scope:\($0 * 2)" }
        let list = ScopeList(scopes.shuffled())
        #expect(list.set == Set(scopes))
        for number in -1...2 * count {
            #expect(list.contains("scope:\(number)") == scopes.contains("scope:\(number)"), "\(number)")
        }
    }

    @Test func `has each scope once and in order`() {
        #expect(ScopeList(["b", "a", "b", "c", "a"]).texts == ["a", "b", "c"])
        #expect(ScopeList(["a", "a"]) == ScopeList(["a"]))
        #expect(ScopeList([]).texts.isEmpty)
    }

    @Test func `equals one that was made in another order`() {
        #expect(ScopeList(["x", "y", "z"]) == ScopeList(["z", "x", "y"]))
        #expect(ScopeList(["x", "y"]) != ScopeList(["x", "y", "z"]))
    }
}

import CacheStores
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct ScopeListTests {
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

    /// Unicode takes the Kelvin sign for the letter K, and `String`'s `<` is no order where the two meet.
    @Test func `tells texts apart by their bytes`() {
        let letters = ["K", "\u{212A}", "z", "\u{E9}", "e\u{301}", "a"]
        var texts = letters
        for _ in 1...2 { texts += texts.flatMap { text in letters.map { text + $0 } } }
        let kelvin = texts.filter { $0.utf8.contains(0xE2) }
        let others = texts.filter { !$0.utf8.contains(0xE2) }
        let list = ScopeList(others)
        for text in others { #expect(list.contains(text), "\(text.debugDescription)") }
        for text in kelvin { #expect(!list.contains(text), "\(text.debugDescription)") }
        #expect(ScopeList(texts.shuffled()) == ScopeList(texts.shuffled()))
        #expect(ScopeList(["K"]) != ScopeList(["\u{212A}"]))
        #expect(ScopeList(["K", "\u{212A}", "K"]).texts.count == 2)
    }

    @Test func `is read and set without losing a scope`() {
        var content = VerifiedToken.Content(verifiedAt: Timestamp(millisecondsSince1970: 0))
        #expect(content.orderedScopes == nil)
        content.orderedScopes = ["\u{212A}x", "a", "Kx", "a"]
        let bytes = VerifiedToken(content).orderedScopes?.map { Array($0.utf8) }
        #expect(bytes == ["Kx", "a", "\u{212A}x"].map { Array($0.utf8) })
    }

    @Test func `equals one that was made in another order`() {
        #expect(ScopeList(["x", "y", "z"]) == ScopeList(["z", "x", "y"]))
        #expect(ScopeList(["x", "y"]) != ScopeList(["x", "y", "z"]))
    }
}

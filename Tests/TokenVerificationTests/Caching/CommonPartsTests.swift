import CacheStores
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct CommonPartsTests {
    private func token(_ number: Int) -> VerifiedToken {
        var content = VerifiedToken.Content(verifiedAt: Timestamp(millisecondsSince1970: Int64(number)))
        content.subject = "a subject that is its own \(number)"
        content.clientID = number.isMultiple(of: 3) ? nil : "a client that some have, \(number / 5)"
        content.issuer = number.isMultiple(of: 7) ? nil : "https://issuer-\(number / 100).example"
        content.audiences = number.isMultiple(of: 2) ? [] : ["https://api.example", "\(number / 10)"]
        content.scopes = number.isMultiple(of: 11) ? nil : ["read everything", "write \(number / 20)"]
        return VerifiedToken(content)
    }

    /// Many more than are remembered, so that places are taken over.
    @Test func `leave every token as it was`() {
        let parts = CommonParts()
        for number in 0..<2000 {
            #expect(parts.share(with: token(number)) == token(number))
        }
    }

    /// Unicode takes the Kelvin sign for the letter K.
    @Test func `are told apart by their bytes`() {
        let parts = CommonParts()
        for letter in ["K", "\u{212A}", "K", "\u{212A}"] {
            var content = VerifiedToken.Content(verifiedAt: .distantPast)
            content.clientID = letter + "iosk"
            content.issuer = "https://" + letter
            content.audiences = [letter, "x"]
            content.scopes = [letter]
            let token = parts.share(with: VerifiedToken(content))
            let texts = [token.clientID, token.issuer, token.audiences.first, token.scopes?.first]
            let wanted = [letter + "iosk", "https://" + letter, letter, letter]
            #expect(texts.map { $0.map { Array($0.utf8) } } == wanted.map { Array($0.utf8) })
        }
    }

    @Test func `are one object for tokens that come one after the other`() {
        let parts = CommonParts()
        let tokens = [1, 3].map { parts.share(with: token($0)) }
        let addresses = tokens.map { token in token.audiences.withUnsafeBytes(\.baseAddress) }
        #expect(addresses[0] == addresses[1])
        #expect(token(1).audiences.withUnsafeBytes(\.baseAddress) != addresses[0])
    }
}

import CacheStores
import HTTPTypes
import Testing
import TokenGate
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct IdentityFieldsTests {
    private func fields(
        _ layout: IdentityLayout = .standard,
        _ fill: (inout VerifiedToken.Content) -> Void
    ) -> HTTPFields {
        var content = VerifiedToken.Content(verifiedAt: WallClock.system.now)
        fill(&content)
        return layout.headerFields(for: Verification(token: VerifiedToken(content), source: .memory))
    }

    private subscript(name: String, fields: HTTPFields) -> String? {
        HTTPField.Name(name).flatMap { fields[$0] }
    }

    @Test func `name who it is`() {
        let fields = fields {
            $0.subject = "alice"
            $0.clientID = "app"
            $0.scopes = ["write", "read"]
        }
        #expect(self["X-Token-Subject", fields] == "alice")
        #expect(self["X-Token-Client-ID", fields] == "app")
        #expect(self["X-Token-Scopes", fields] == "read write")
        #expect(self["X-Token-Cache", fields] == "hit")
    }

    @Test func `are there and empty for what the authority did not say`() {
        let fields = fields { _ in }
        #expect(
            ["X-Token-Subject", "X-Token-Client-ID", "X-Token-Scopes"].allSatisfy { self[$0, fields] == "" }
        )
    }

    @Test func `keep different subjects different, whatever is in them`() {
        let subjects = [
            "a b", "a%20b", "a\r\nX-Token-Subject: root", "a\0", "a", "é", "e\u{301}", "%C3%A9", "", " ",
            "\u{7F}", "%",
        ]
        let values = subjects.compactMap { subject in self["X-Token-Subject", fields { $0.subject = subject }]
        }
        #expect(values.count == subjects.count)
        // Not as a set of strings: those take é and its decomposed form for the same.
        #expect(Set(values.map { Array($0.utf8) }).count == subjects.count)
        #expect(values.allSatisfy { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
        #expect(values[2] == "a%0D%0AX-Token-Subject:%20root")
    }

    @Test func `keep a scope with a space apart from two scopes`() {
        #expect(self["X-Token-Scopes", fields { $0.scopes = ["a b"] }] == "a%20b")
        #expect(self["X-Token-Scopes", fields { $0.scopes = ["a", "b"] }] == "a b")
        let kelvin = fields { $0.orderedScopes = ["\u{212A}x", "Kx"] }
        #expect(self["X-Token-Scopes", kelvin] == "Kx %E2%84%AAx")
    }

    @Test func `hold claims, of members too, and are empty for absent ones`() throws {
        let claims: [ExactText: ClaimValue] = [
            "email": .string("zoë@example"), "age": .integer(7), "admin": .boolean(true), "nothing": .null,
            "realm_access": .object(["roles": .array([.string("a b"), .string("c"), .null, .integer(1)])]),
            "https://api.example/tenant": .string("t"),
        ]
        let names = [
            "email", "age", "admin", "nothing", "realm_access.roles", "realm_access",
            "https://api.example/tenant",
            "absent", "email.x", "realm_access.roles.x", ".", "",
        ]
        let layout = try #require(
            IdentityLayout(names.enumerated().map { ("X-\($0.offset)", .claim($0.element)) })
        )
        let fields = fields(layout) { $0.claims = Claims(claims) }
        let values = names.indices.map { self["X-\($0)", fields] }
        #expect(
            values == [
                "zo%C3%AB@example", "7", "true", "", "a%20b c 1", "", "t", "", "", "", "", "",
            ]
        )
        #expect(self["X-Token-Subject", fields] == nil)
    }

    @Test func `have names that are the app's own, each of them once`() {
        for names in [
            ["Connection"], ["Transfer_Encoding"], ["content-length"], ["WWW-Authenticate"], ["a b"], [""],
            ["X-A", "x_a"], ["X-A", "X.A"],
        ] {
            #expect(IdentityLayout(names.map { ($0, .subject) }) == nil, "\(names)")
        }
        #expect(IdentityLayout([("Remote-User", .subject), ("X-A", .scopes)]) != nil)
    }
}

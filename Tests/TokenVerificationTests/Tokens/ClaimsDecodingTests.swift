import Foundation
import Testing
import TokenVerification

@Suite(.timeLimit(.minutes(10))) struct ClaimsDecodingTests {
    private struct Profile: Codable, Equatable {
        struct Access: Codable, Equatable { let roles: [String] }

        let email: String
        let age: Int
        let score: Double
        let isActive: Bool
        let realmAccess: Access?
        let nickname: String?
    }

    private let claims: Claims

    init() throws {
        let json = #"""
            {"email":"a\"b\\c\u0001ü@x.example","age":41,"score":1.5,"isActive":true,
             "realmAccess":{"roles":["admin","é"]},"nickname":null,"big":123456789012345678901234567890,"huge":1e999}
            """#
        claims = try Claims(json: Array(json.utf8))
    }

    @Test func `decode into a type of one's own`() throws {
        let profile = try claims.decode(Profile.self)
        #expect(profile.email == "a\"b\\c\u{1}ü@x.example" && profile.age == 41 && profile.score == 1.5)
        #expect(profile.isActive && profile.realmAccess?.roles == ["admin", "é"] && profile.nickname == nil)
    }

    @Test func `say which claim a type lacks`() {
        #expect(throws: DecodingError.self) { try Claims(["age": .string("old")]).decode(Profile.self) }
    }

    @Test func `are written as the JSON that they were read from`() throws {
        #expect(try Claims(json: claims.json) == claims)
    }

    /// `NumericDate` (RFC 7519 §2).
    @Test func `decode dates as seconds since 1970`() throws {
        struct Times: Decodable { let exp: Date }
        let times = try Claims(["exp": .integer(1_700_000_000)]).decode(Times.self)
        #expect(times.exp == Date(timeIntervalSince1970: 1_700_000_000))
        let milliseconds = JSONDecoder()
        milliseconds.dateDecodingStrategy = .millisecondsSince1970
        let others = try Claims(["exp": .integer(1_700_000_000)]).decode(Times.self, using: milliseconds)
        #expect(others.exp == Date(timeIntervalSince1970: 1_700_000))
    }

    @Test(arguments: [UInt64.max, UInt64(Int64.max) + 1, (1 << 53) + 1] as [UInt64])
    func `keep integers of 64 bits`(number: UInt64) throws {
        let claims = try Claims(json: Array(#"{"n":\#(number)}"#.utf8))
        #expect(try JSONDecoder().decode(Claims.self, from: JSONEncoder().encode(claims)) == claims)
        struct Content: Decodable { let n: UInt64 }
        #expect(try claims.decode(Content.self).n == number)
    }

    @Test(arguments: [(32, true), (33, false)])
    func `are refused where they are nested too deep to be read back`(
        depth: Int,
        isAccepted: Bool
    ) throws {
        let text =
            #"{"n":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        let claims = try? JSONDecoder().decode(Claims.self, from: Data(text.utf8))
        #expect((claims?["n"] != nil) == isAccepted && (claims == nil) == !isAccepted)
    }

    @Test func `are Codable both ways`() throws {
        var members = claims.members
        members["big"] = nil
        members["huge"] = nil
        let kept = Claims(members)
        #expect(try JSONDecoder().decode(Claims.self, from: JSONEncoder().encode(kept)) == kept)
    }
}

import CacheStores

/// A store's part of a Redis database, and the keys in it.
///
/// All of them have one hash tag, so that they lie in one slot of a cluster and one script may touch them.
struct Namespace: Sendable {
    static let maximumLength = 1024

    /// The keys' common beginning.
    let prefix: String
    let order: [UInt8]
    let expiries: [UInt8]
    let policy: [UInt8]
    let hold: [UInt8]
    private let entries: [UInt8]
    private let holds: [UInt8]

    /// Makes a namespace of any text; what is not a letter, a digit or `-._~` is percent-encoded.
    ///
    /// - Parameter name: 1…1024 bytes.
    /// - Throws: `StoreError` of code `invalidConfiguration`.
    init(_ name: String) throws(StoreError) {
        guard (1...Self.maximumLength).contains(name.utf8.count) else {
            throw StoreError(
                code: .invalidConfiguration,
                message: "a namespace has 1 to \(Self.maximumLength) bytes, not \(name.utf8.count)"
            )
        }
        let tag = "{\(Self.encoded(name))}:"
        prefix = tag
        func key(_ suffix: String) -> [UInt8] { Array((tag + suffix).utf8) }
        order = key("q")
        expiries = key("x")
        policy = key("p")
        hold = key("H")
        entries = key("e:")
        holds = key("h:")
    }

    /// Where a key's entry lies.
    func entry(_ key: CacheKey) -> [UInt8] { key.withUnsafeBytes { entries + $0 } }

    /// Where a key's hold lies.
    func hold(_ key: CacheKey) -> [UInt8] { key.withUnsafeBytes { holds + $0 } }

    /// What the names of all entries begin with.
    var entryPrefix: [UInt8] { entries }

    private static func encoded(_ name: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The host of a URL in the one spelling that is compared.
struct HTTPHost {
    let text: String
    let isLoopback: Bool

    /// A name or an IPv4 address in lower case.
    ///
    /// Unusual spellings of addresses (`127.1`, `0x7f000001`, `0177.0.0.1`) are not taken for loopback:
    /// resolvers disagree about them.
    init?(name: String) {
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard !name.isEmpty, name.utf8.count <= 253, name.utf8.allSatisfy(Self.belongsInName),
            labels.dropLast().allSatisfy({ !$0.isEmpty }), labels.count > 1 || labels.first?.isEmpty == false
        else { return nil }
        text = name
        isLoopback = name == "localhost" || (name.hasPrefix("127.") && Self.isDottedQuad(labels))
    }

    /// An IPv6 address without brackets and zone.
    init?(ipv6 address: String) {
        var bytes = in6_addr()
        guard address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), inet_pton(AF_INET6, address, &bytes) == 1
        else {
            return nil
        }
        var spelling = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &bytes, &spelling, socklen_t(spelling.count)) != nil else { return nil }
        text = String(decoding: spelling.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        isLoopback = text == "::1"
    }

    private static func belongsInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func isDottedQuad(_ labels: [Substring.UTF8View]) -> Bool {
        labels.count == 4
            && labels.allSatisfy { label in
                guard let number = UInt8(String(Substring(label))) else { return false }
                return String(number).utf8.elementsEqual(label)
            }
    }
}

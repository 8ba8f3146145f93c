#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension String {
    /// Whether two texts are the same bytes.
    ///
    /// `==` also takes texts for equal that are spelled differently in Unicode: the Kelvin sign and the letter K. An
    /// identifier is its bytes (RFC 6749 §3.3, RFC 8725 §3.8), so every identifier is compared by this.
    func isExactly(_ other: String) -> Bool {
        utf8.count == other.utf8.count && exactOrder(to: other) == 0
    }

    /// Less than, equal to or greater than 0, as this text's bytes come before, equal or follow the other's.
    func exactOrder(to other: String) -> Int {
        var (left, right) = (self, other)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                let difference = left.count - right.count
                guard let first = left.baseAddress, let second = right.baseAddress else { return difference }
                let order = memcmp(first, second, min(left.count, right.count))
                return order == 0 ? difference : Int(order)
            }
        }
    }
}

extension String? {
    /// Whether both are absent, or the same bytes.
    func isExactly(_ other: String?) -> Bool {
        switch (self, other) {
        case (nil, nil): true
        case (let text?, let other?): text.isExactly(other)
        default: false
        }
    }
}

extension [String] {
    /// Whether both have the same texts in the same order, byte by byte.
    func isExactly(_ other: [String]) -> Bool {
        elementsEqual(other) { $0.isExactly($1) }
    }
}

extension [UInt8] {
    /// Whether both are the same bytes; for long arrays faster than `==`, which compares byte after byte.
    func isExactly(_ other: [UInt8]) -> Bool {
        withUnsafeBytes { left in
            other.withUnsafeBytes { right in
                guard left.count == right.count, let first = left.baseAddress, let second = right.baseAddress
                else { return left.count == right.count }
                return memcmp(first, second, left.count) == 0
            }
        }
    }
}

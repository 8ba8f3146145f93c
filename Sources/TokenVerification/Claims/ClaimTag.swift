/// What an encoded value begins with.
enum ClaimTag: UInt8 {
    case null, no, yes, integer, number, largeInteger, string, array, object
}

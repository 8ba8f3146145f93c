import CacheStores
import Foundation
import Testing

@Suite(.timeLimit(.minutes(10))) struct TimestampConversionTests {
    @Test(arguments: [0, 1, -1, 1_700_000_000_123, -62_000_000_000_001])
    func `becomes a date and a duration, and is the same again`(milliseconds: Int64) {
        let moment = Timestamp(millisecondsSince1970: milliseconds)
        #expect(Timestamp(Date(moment)) == moment)
        #expect(Timestamp(durationSince1970: moment.durationSince1970) == moment)
        #expect(moment.durationSince1970 == .milliseconds(milliseconds))
    }

    @Test func `stays within its bounds`() {
        #expect(Timestamp(Date(timeIntervalSince1970: .infinity)) == .distantFuture)
        #expect(Timestamp(Date(timeIntervalSince1970: -.infinity)) == .distantPast)
        #expect(Timestamp(durationSince1970: .seconds(Int64.max)) == .distantFuture)
    }

    @Test func `errors speak for themselves`() {
        let error: any Error = StoreError(code: .unavailable, message: "the server is away")
        #expect(error.localizedDescription == "the server is away")
    }
}

import CacheStores
import CacheStoresSQLite
import CacheStoresTesting
import Foundation
import Testing
import TokenVerificationTestSupport

/// The contract of every store, one handle and two, on real files.
///
/// Takes long, since every write of the concurrent runs is a transaction on disk.
@Suite(.timeLimit(.minutes(10))) struct SharedContractTests {
    private struct Fixture: StoreFixture {
        let place: TemporaryStore

        func open(
            _ space: String,
            capacity: Int?,
            clock: WallClock
        ) async throws -> any CacheStore<[UInt8]> {
            try SQLiteStore(
                path: "\(place.directory)/\(space).db",
                capacity: capacity,
                clock: clock,
                deadline: .seconds(60)
            )
        }

        func discard(_ space: String) async throws {
            for name in try place.files() where name.hasPrefix("\(space).db") {
                try FileManager.default.removeItem(atPath: "\(place.directory)/\(name)")
            }
        }
    }

    private let contract: StoreContract

    init() throws {
        contract = StoreContract(of: Fixture(place: try TemporaryStore()))
    }

    @Test(arguments: StoreContract.Rule.allCases)
    func `keeps the contract`(rule: StoreContract.Rule) async throws {
        try await contract.verify(rule)
    }

    @Test(arguments: StoreContract.Ability.allCases)
    func `has the abilities that it claims`(ability: StoreContract.Ability) async throws {
        try await contract.verify(ability)
    }

    @Test func `does what the reference model does`() async throws {
        try await contract.verifyRandomHistories()
    }
}

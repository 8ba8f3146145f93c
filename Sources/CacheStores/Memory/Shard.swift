import Synchronization

/// One lock's share of the keys, on cache lines of its own so that two cores don't contend for one line.
struct Shard: ~Copyable {
    let table: Mutex<KeyTable>
    private let padding: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) =
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

    init(slab: Slab) {
        table = Mutex(KeyTable(slab: slab))
    }
}

extension StoreError {
    /// The error of every operation after a memory store's shutdown.
    static var memoryStoreShutDown: StoreError {
        StoreError(code: .shutDown, message: "the memory store was shut down")
    }
}

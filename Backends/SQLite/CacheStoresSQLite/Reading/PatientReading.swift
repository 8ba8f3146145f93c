import CacheStores
import CacheStoresWaiting

/// Performs lookups on a thread that may block: it waits for locks, opens files and replaces damaged ones.
struct PatientReading: Sendable {
    let opener: Opener
    let pool: ReaderPool

    /// The answer of a reader, once more if the file was damaged and has been replaced.
    func answer<Answer>(
        by deadline: Deadline,
        _ question: (Reader) throws(SQLiteFailure) -> Answer
    ) throws(StoreError) -> Answer {
        try opener.mendingOnce { () throws(StoreError) in try ask(by: deadline, question) }
    }

    private func ask<Answer>(
        by deadline: Deadline,
        _ question: (Reader) throws(SQLiteFailure) -> Answer
    ) throws(StoreError) -> Answer {
        let reader = try self.reader(by: deadline)
        reader.deadline = deadline
        do {
            let answer = try question(reader)
            reader.deadline = nil
            pool.put(reader)
            return answer
        } catch {
            let failure = StoreError(error, path: opener.file.path)
            pool.drop(reader)
            if failure.code == .corrupted {
                try withExtendedLifetime(reader) { () throws(StoreError) in
                    try opener.renew(replacing: reader.identity, deadline: deadline)
                }
            }
            throw failure
        }
    }

    /// A reader of the file that the path names now.
    private func reader(by deadline: Deadline) throws(StoreError) -> Reader {
        while let reader = try pool.take() {
            if opener.file.names(reader.identity) { return reader }
            pool.drop(reader)
        }
        let (connection, identity) = try opener.connect(for: .reading, deadline: deadline)
        do {
            let reader = try Reader(connection, identity: identity, file: opener.file)
            pool.enter(reader)
            return reader
        } catch {
            throw StoreError(error, path: opener.file.path)
        }
    }
}

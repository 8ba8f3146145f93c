import CacheStores

/// Performs lookups on a thread that may block: it waits for locks, opens files and replaces damaged ones.
struct PatientReading: Sendable {
    let opener: Opener
    let pool: ReaderPool
    let knownCapacity: KnownCapacity

    /// Settles the claims of some jobs.
    func perform(_ jobs: [ReadJob]) -> [ReadJob] {
        for job in jobs where !job.claim.isSettled {
            do {
                try answer(job)
            } catch {
                job.claim.fail(error)
            }
        }
        return []
    }

    private func answer(_ job: ReadJob) throws(StoreError) {
        do {
            try ask(job)
        } catch {
            guard error.code == .corrupted else { throw error }
            // The damaged file has been replaced.
            try ask(job)
        }
    }

    private func ask(_ job: ReadJob) throws(StoreError) {
        let deadline = job.claim.deadline
        let reader = try self.reader(until: deadline)
        reader.deadline = deadline
        do {
            try job.ask(reader)
        } catch {
            let failure = StoreError(error, path: opener.file.path)
            pool.drop(reader)
            if failure.code == .corrupted {
                try withExtendedLifetime(reader) { () throws(StoreError) in
                    try opener.renew(
                        replacing: reader.identity,
                        capacity: knownCapacity.recorded,
                        deadline: deadline
                    )
                }
            }
            throw failure
        }
        reader.deadline = nil
        pool.put(reader)
    }

    /// A reader of the file that the path names now.
    private func reader(until deadline: Timestamp) throws(StoreError) -> Reader {
        while let reader = try pool.take() {
            if opener.file.names(reader.identity) { return reader }
            pool.drop(reader)
        }
        let (connection, identity) = try opener.connect(
            for: .reading,
            capacity: knownCapacity.recorded,
            deadline: deadline
        )
        do {
            let reader = try Reader(connection, identity: identity, file: opener.file)
            pool.enter(reader)
            return reader
        } catch {
            throw StoreError(error, path: opener.file.path)
        }
    }
}

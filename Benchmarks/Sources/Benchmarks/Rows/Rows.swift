import Measuring

/// Every row of the table, in its order.
enum Rows {
    static var all: [Row] {
        HitRows.all + SignedRows.all + MemoryRows.all + SQLiteReadRows.all + SQLiteWriteRows.all
            + RedisReadRows.all
            + RedisWriteRows.all + QuestionRows.all + GateRows.all
    }
}

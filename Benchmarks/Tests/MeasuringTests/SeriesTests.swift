import Measuring
import Testing

@Suite(.timeLimit(.minutes(10))) struct SeriesTests {
    @Test func `takes the middle one of an odd number, and the mean of the middle two of an even one`() {
        #expect(Series([9, 1, 5]).median == 5)
        #expect(Series([4, 1, 3, 2]).median == 2.5)
        #expect(Series([7]).median == 7)
    }

    @Test(arguments: [(5, 0), (6, 0), (8, 0), (9, 1), (11, 1), (12, 2), (15, 3), (20, 5), (25, 7)])
    func `encloses the median by the ranks that tables of the sign test give`(count: Int, rank: Int) {
        let series = Series((0..<count).map(Double.init))
        #expect(series.interval == Double(rank)...Double(count - 1 - rank))
    }

    @Test func `is as wide as its interval, not as its outliers`() {
        let series = Series([100, 90, 110, 100, 100, 100, 100, 100, 1000])
        #expect(series.spread == 0.1 / 2 + 0)
    }
}

import TokenVerification

/// Writes metrics in Prometheus's text format, version 0.0.4.
struct PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// Begins a metric.
    mutating func begin(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func add(_ name: String, _ labels: KeyValuePairs<String, String>, _ value: some Numeric) {
        let list = labels.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += list.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
    }

    /// A metric with one value and no labels.
    mutating func single(_ name: String, _ type: String, _ help: String, _ value: some Numeric) {
        begin(name, type, help)
        add(name, [:], value)
    }

    mutating func histogram(_ name: String, _ help: String, _ histogram: DurationHistogram) {
        begin(name, "histogram", help)
        var sum = 0
        for (bound, count) in zip(DurationHistogram.bounds, histogram.counts) {
            sum += count
            add("\(name)_bucket", ["le": "\(bound / .seconds(1))"], sum)
        }
        add("\(name)_bucket", ["le": "+Inf"], histogram.count)
        add("\(name)_sum", [:], histogram.sum / .seconds(1))
        add("\(name)_count", [:], histogram.count)
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

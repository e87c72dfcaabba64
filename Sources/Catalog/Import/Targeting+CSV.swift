extension Targeting {
  /// Sets a field from a CSV column: values joined by `|`, those that begin with `!` are forbidden ones. The column
  /// `targeting.schedule` may hold an array of windows as in NDJSON instead.
  mutating func set(_ field: String, csv text: String) throws(CatalogError) {
    if field == Self.scheduleName, text.hasPrefix("[") {
      let json: JSONValue
      do { json = try JSONValue(parsing: Array(text.utf8)[...]) } catch {
        throw CatalogError(.invalidAd, "the schedule is \(error.description)")
      }
      return try merge(.object([JSONValue.Member(name: field, value: json)]))
    }
    for value in text.split(separator: CSVAdColumn.valueSeparator, omittingEmptySubsequences: false) {
      if value.hasPrefix("!") {
        forbidden[field, default: []].append(String(value.dropFirst()))
      } else {
        allowed[field, default: []].append(String(value))
      }
    }
  }
}

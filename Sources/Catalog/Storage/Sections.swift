import Features
import Foundation

/// Every section of a snapshot.
struct Sections: Sendable {
  private var sections: [Section]

  /// - parameter make: gives the section of a kind.
  init<Failure: Error>(_ make: (SectionKind) throws(Failure) -> Section) throws(Failure) {
    sections = []
    for kind in SectionKind.allCases { sections.append(try make(kind)) }
  }

  subscript(kind: SectionKind) -> Section { sections[Int(kind.rawValue) - 1] }

  /// 16 hexadecimal digits from the lengths and checksums of all sections.
  var version: String {
    var summary = ByteWriter()
    for section in sections {
      summary.append(UInt64(section.bytes.count))
      summary.append(section.checksum)
    }
    return String(SHA256.hexadecimal(of: Data(summary.bytes)).prefix(16))
  }

  func decodeRules() throws(CatalogError) -> [TargetingRule] {
    var reader = ByteReader(self[.rules].bytes)
    var rules: [TargetingRule] = []
    for _ in 0..<(try reader.read(UInt32.self)) {
      rules.append(TargetingRule(try Self.readTargeting(&reader)))
    }
    return rules
  }

  private static func readTargeting(_ reader: inout ByteReader) throws(CatalogError) -> Targeting {
    var targeting = Targeting()
    for _ in 0..<(try reader.read(UInt32.self)) {
      let isForbidding = try reader.read(UInt8.self) == 1
      let field = try reader.readText()
      if isForbidding {
        targeting.forbidden[field] = try reader.readTexts()
      } else {
        targeting.allowed[field] = try reader.readTexts()
      }
    }
    for _ in 0..<(try reader.read(UInt32.self)) {
      let (days, start, end) = (try reader.read(UInt8.self), try reader.read(UInt16.self), try reader.read(UInt16.self))
      targeting.schedule.append(
        try TimeWindow(days: days, start: Int(start), end: Int(end), zone: try reader.readText()))
    }
    return targeting
  }

  func decodeBudgets() throws(CatalogError) -> [Budget] {
    var reader = ByteReader(self[.budgets].bytes)
    var budgets: [Budget] = []
    for _ in 0..<(try reader.read(UInt32.self)) {
      let flags = try reader.read(UInt8.self)
      let daily = flags & 1 == 0 ? nil : try reader.readDouble()
      let total = flags & 2 == 0 ? nil : try reader.readDouble()
      let campaign = flags & 4 == 0 ? nil : try reader.readText()
      var budget = Budget(daily: daily, total: total, campaign: campaign, billing: flags & 8 == 0 ? .cpc : .cpm)
      if flags & 16 != 0 { budget.pacing = flags & 32 == 0 ? .asap : .even }
      if flags & 64 != 0 {
        let (impressions, seconds) = (try reader.read(UInt16.self), try reader.read(UInt32.self))
        budget.frequencyCap = Budget.FrequencyCap(impressions: Int(impressions), seconds: Int(seconds))
      }
      budgets.append(budget)
    }
    return budgets
  }

  func decodeColumns(count: Int) throws(CatalogError) -> [AttributeColumn] {
    var reader = ByteReader(self[.attributes].bytes)
    let codes = self[.codes].elements(as: UInt32.self)
    let columnCount = Int(try reader.read(UInt32.self))
    guard codes.count == columnCount * count else { throw Self.contradiction(.codes) }
    var columns: [AttributeColumn] = []
    for index in 0..<columnCount {
      let part = UnsafeBufferPointer(rebasing: codes[index * count..<(index + 1) * count])
      let name = try reader.readText()
      let values = try reader.readTexts()
      guard part.allSatisfy({ $0 <= values.count }) else { throw Self.contradiction(.codes) }
      columns.append(AttributeColumn(name: name, values: values, codes: part, region: self[.codes].region))
    }
    return columns
  }

  /// Checks that rows point at what exists.
  func check(count: Int, ruleCount: Int, budgetCount: Int) throws(CatalogError) {
    guard self[.bids].bytes.count == count * 8 else { throw Self.contradiction(.bids) }
    guard self[.statuses].bytes.count == count else { throw Self.contradiction(.statuses) }
    try checkIndices(.ruleIndices, count: count, below: ruleCount)
    try checkIndices(.budgetIndices, count: count, below: budgetCount + 1)
    try checkOffsets(.identifierOffsets, of: .identifierBytes, count: count, byteCountMin: 1)
    try checkOffsets(.creativeOffsets, of: .creativeBytes, count: count, byteCountMin: Creative.packedHeaderByteCount)
  }

  private func checkIndices(_ kind: SectionKind, count: Int, below bound: Int) throws(CatalogError) {
    let indices = self[kind].elements(as: UInt32.self)
    guard indices.count == count, indices.allSatisfy({ $0 < bound }) else { throw Self.contradiction(kind) }
  }

  private func checkOffsets(
    _ kind: SectionKind, of bytes: SectionKind, count: Int, byteCountMin: Int
  ) throws(CatalogError) {
    let offsets = self[kind].elements(as: UInt64.self)
    let end = self[bytes].bytes.count
    guard offsets.count == count + 1, offsets[0] == 0, offsets[count] == end else { throw Self.contradiction(kind) }
    for row in 0..<count where offsets[row + 1] > end || offsets[row + 1] < offsets[row] + UInt64(byteCountMin) {
      throw Self.contradiction(kind)
    }
  }

  private static func contradiction(_ kind: SectionKind) -> CatalogError {
    CatalogError(.damagedFile, "the section '\(kind)' contradicts the others")
  }
}

extension Section {
  /// The bytes between two offsets that were checked when the snapshot was made.
  func part(_ start: UInt64, _ end: UInt64) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[Int(start)..<Int(end)])
  }
}

extension Targeting {
  /// Checks what ``Ad/Limits`` ask of targeting.
  func validate() throws(CatalogError) {
    let fieldCount = fields.count
    guard fieldCount <= Ad.Limits.targetedFieldCountMax else {
      throw CatalogError(
        .invalidAd, "\(fieldCount) targeted fields are more than \(Ad.Limits.targetedFieldCountMax); leave some out")
    }
    for (field, values) in allowed {
      try Self.check(field, values, remedy: "leave the field out to allow every value")
    }
    for (field, values) in forbidden {
      try Self.check(field, values, remedy: "leave 'not' out to forbid none")
    }
    guard schedule.count <= Ad.Limits.windowCountMax else {
      throw CatalogError(
        .invalidAd, "\(schedule.count) windows of the schedule are more than \(Ad.Limits.windowCountMax); join some")
    }
  }

  private static func check(_ field: String, _ values: [String], remedy: String) throws(CatalogError) {
    try Ad.check(field, name: "the name of a targeted field", byteCountMax: Ad.Limits.nameByteCountMax)
    guard (1...Ad.Limits.targetedValueCountMax).contains(values.count) else {
      throw CatalogError(
        .invalidAd,
        "targeting of '\(field)' has \(values.count) values; give 1 to \(Ad.Limits.targetedValueCountMax), or \(remedy)"
      )
    }
    for value in values {
      try Ad.check(value, name: "a targeting value of '\(field)'", byteCountMax: Ad.Limits.valueByteCountMax)
    }
  }
}

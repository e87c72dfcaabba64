/// One value that a request or an ad can carry: a category, or a number that is looked at by bucket.
public struct Field: Sendable, Equatable {
  /// Name in requests, catalogs and model files.
  public let name: String
  /// Buckets of a numeric field in ascending order, `nil` for a categorical one.
  public let buckets: [Bucket]?

  /// A half-open range of numbers: from the bucket before to `below`, exclusive. The last one has no end.
  public struct Bucket: Sendable, Equatable {
    /// The value that stands for the bucket in features and model files.
    public let label: String
    /// Upper bound, exclusive; `nil` in the last bucket.
    public let below: Double?

    public init(label: String, below: Double?) {
      self.label = label
      self.below = below
    }
  }

  /// A field of the given name.
  ///
  /// - throws: ``SchemaError`` unless bounds ascend, only the last bucket is open, and labels are distinct and
  ///   not empty.
  public init(name: String, buckets: [Bucket]? = nil) throws(SchemaError) {
    self.name = name
    self.buckets = buckets
    guard let buckets else { return }
    let bounds = buckets.dropLast().map { $0.below ?? .infinity }
    let ascending = zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 } && bounds.allSatisfy(\.isFinite)
    guard let last = buckets.last, last.below == nil, ascending else {
      throw SchemaError("the buckets of '\(name)' must have ascending 'below' bounds, and the last one none")
    }
    guard buckets.allSatisfy({ !$0.label.isEmpty }) else {
      throw SchemaError("a bucket of '\(name)' has an empty label; name it")
    }
    guard Set(buckets.map(\.label)).count == buckets.count else {
      throw SchemaError("two buckets of '\(name)' have the same label; rename one")
    }
  }

  /// The value that features are made of, or `nil` when it counts as missing.
  ///
  /// A category stands for itself. A number becomes its bucket's label. Missing are: no value, an empty one, one of
  /// more than ``Schema/Limits/valueByteCountMax`` bytes, and in a numeric field whatever isn't a finite decimal number,
  /// such as `-1.5` or `2e3`.
  public func canonicalValue(_ raw: String?) -> String? {
    guard let raw, !raw.isEmpty, raw.utf8.count <= Schema.Limits.valueByteCountMax else { return nil }
    guard let buckets else { return raw }
    guard raw.utf8.allSatisfy(Self.isDecimal), let number = Double(raw), number.isFinite else { return nil }
    return buckets.first { number < $0.below ?? .infinity }?.label
  }

  /// Whether a decimal number may contain the character: hexadecimal numbers and names of numbers are no numbers here.
  private static func isDecimal(_ character: UInt8) -> Bool {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): true
    default: false
    }
  }
}

/// The conditions under which every function of this module is undefined, whatever else it asks for.
extension Collection<Double> {
  /// Whether no value is NaN or infinite.
  var allFinite: Bool { allSatisfy(\.isFinite) }

  /// Whether every value is finite and at least 0.
  var allCounts: Bool { allSatisfy { $0.isFinite && $0 >= 0 } }
}

extension Double {
  /// Whether the value lies in [0, 1]; false for NaN.
  var isProbability: Bool { self >= 0 && self <= 1 }

  /// The value, or `nil` when it is NaN or infinite.
  var ifFinite: Double? { isFinite ? self : nil }

  /// The value, or `nil` when it is NaN.
  var ifNumber: Double? { isNaN ? nil : self }
}

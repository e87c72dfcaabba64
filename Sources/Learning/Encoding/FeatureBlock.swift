/// What one context, or one ad's attributes, contributes to every example it takes part in.
struct FeatureBlock: Sendable {
  /// Code of each field of its side; 0 is missing.
  var codes: [UInt32]
  /// Coordinates of the templates that look at this side only, in the order of the templates; `absent` where none.
  var coordinates: [UInt32]

  /// Stands for a template without a coordinate.
  static let absent = UInt32.max
}

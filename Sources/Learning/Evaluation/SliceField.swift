/// What examples are told apart by: a field, or several crossed, as in `device^category`.
public struct SliceField: Sendable, Equatable, CustomStringConvertible {
  /// The crossed names: context fields, ad attributes, or one of ``derivedNames``.
  public let names: [String]

  /// Names that every example of the store has beside its fields: the slot, hour of day (UTC), day (UTC), the model that
  /// served it, the arms of its experiments, the ad. Files have slot, hour, day and ad.
  public static let derivedNames = ["slot", "hour", "day", "model", "arm", "ad"]

  public init(_ text: String) {
    names = text.split(separator: "^").map(String.init)
  }

  public var description: String { names.joined(separator: "^") }

  /// The example's value; what is missing is called `(missing)`.
  func value(_ lookup: (String) -> String?) -> String {
    names.map { lookup($0) ?? "(missing)" }.joined(separator: " ^ ")
  }
}

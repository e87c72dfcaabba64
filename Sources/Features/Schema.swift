/// What the model may look at: the fields of a request and of an ad, and the pairs of fields that are learnt together.
///
/// A schema is the content of a `features.yaml`. It is the only description of features in the system: training,
/// serving, evaluation and analysis all read values through ``Field/canonicalValue(_:)`` and combine them by
/// ``templates``.
public struct Schema: Sendable, Equatable {
  /// Fields of the request's context, in the order of the file.
  public let contextFields: [Field]
  /// Attributes of an ad, in the order of the file.
  public let adFields: [Field]
  /// Every feature of the model: each context field, each ad attribute, then each cross.
  public let templates: [FeatureTemplate]
  /// Slots whose effect is learnt, 1 being the best; 0 when the schema has no slot feature.
  public let slotCountMax: Int
  /// SHA-256 of the file the schema was read from, in hexadecimal: the lineage of a model.
  public let sha256: String

  /// Index of the context field called `name`.
  public func contextIndex(_ name: String) -> Int? { contextIndices[name] }

  /// Index of the ad attribute called `name`.
  public func adIndex(_ name: String) -> Int? { adIndices[name] }

  private let contextIndices: [String: Int]
  private let adIndices: [String: Int]

  /// A schema of the given fields; each cross names two of them.
  ///
  /// - throws: ``SchemaError`` when a name is used twice, a cross names an unknown field, or a limit is passed.
  public init(
    contextFields: [Field], adFields: [Field], crosses: [[String]], slotCountMax: Int, sha256: String
  ) throws(SchemaError) {
    self.contextFields = contextFields
    self.adFields = adFields
    self.slotCountMax = slotCountMax
    self.sha256 = sha256
    contextIndices = Dictionary(contextFields.enumerated().map { ($1.name, $0) }) { first, _ in first }
    adIndices = Dictionary(adFields.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var templates = contextFields.indices.map { FeatureTemplate(context: [$0], ad: []) }
    templates += adFields.indices.map { FeatureTemplate(context: [], ad: [$0]) }
    try Self.checkNames((contextFields + adFields).map(\.name))
    guard (0...Limits.slotCountMax).contains(slotCountMax) else {
      throw SchemaError("slots must lie between 0 and \(Limits.slotCountMax), but is \(slotCountMax)")
    }
    for cross in crosses {
      let template = try Self.template(cross, context: contextIndices, ad: adIndices)
      guard !templates.contains(template) else {
        throw SchemaError("the cross \(cross) appears twice; remove one")
      }
      templates.append(template)
    }
    guard templates.count <= Limits.templateCountMax else {
      throw SchemaError("\(templates.count) features are more than \(Limits.templateCountMax); remove some crosses")
    }
    self.templates = templates
  }

  /// Named bounds of a schema.
  public enum Limits {
    /// Slots of one decision.
    public static let slotCountMax = 100
    /// Fields and crosses together.
    public static let templateCountMax = 250
    /// UTF-8 bytes of one value; a longer one counts as missing.
    public static let valueByteCountMax = 256
  }

  private static func checkNames(_ names: [String]) throws(SchemaError) {
    var seen = Set<String>()
    for name in names {
      guard !name.isEmpty else { throw SchemaError("a field has an empty name; give it one") }
      guard seen.insert(name).inserted else {
        throw SchemaError("the name '\(name)' is used by two fields; rename one, context and ad share their names")
      }
    }
  }

  private static func template(
    _ cross: [String], context: [String: Int], ad: [String: Int]
  ) throws(SchemaError) -> FeatureTemplate {
    guard cross.count == 2, cross[0] != cross[1] else {
      throw SchemaError("the cross \(cross) must name two different fields")
    }
    for name in cross where context[name] == nil && ad[name] == nil {
      throw SchemaError("the cross \(cross) names '\(name)', which is neither a context field nor an ad attribute")
    }
    return FeatureTemplate(
      context: cross.compactMap { context[$0] }.sorted(), ad: cross.compactMap { ad[$0] }.sorted())
  }
}

/// The fields whose values together make one feature: a single field, or two that are crossed.
public struct FeatureTemplate: Sendable, Hashable {
  /// Indices into ``Schema/contextFields``, ascending.
  public let context: [Int]
  /// Indices into ``Schema/adFields``, ascending.
  public let ad: [Int]

  public init(context: [Int], ad: [Int]) {
    self.context = context
    self.ad = ad
  }
}

/// Why a schema can't be used, and what to change.
public struct SchemaError: Error, CustomStringConvertible, Equatable {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}

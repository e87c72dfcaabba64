import Catalog
import Features

/// Turns examples into coordinates, training's half of the one encoder that a ``Schema`` describes.
///
/// An example's features come in the order intercept, templates of the schema, slot. Contexts and attributes that repeat
/// as text are encoded once and remembered (``cachedTextCountMax``). A value type: a copy goes its own way from there.
public struct ExampleEncoder: Sendable {
  public internal(set) var index: FeatureIndex

  /// Texts remembered of contexts, and as many of attributes; the memory starts afresh when it is full.
  public static let cachedTextCountMax = 1 << 16

  private let steps: [Step]
  private var contexts: [String: FeatureBlock] = [:]
  private var ads: [String: FeatureBlock] = [:]

  /// How one template gets its coordinate.
  private enum Step {
    case context
    case ad
    case cross(context: Int, ad: Int)
  }

  public init(index: FeatureIndex) {
    self.index = index
    steps = index.schema.templates.map { template in
      guard let context = template.context.first else { return .ad }
      guard let ad = template.ad.first else { return .context }
      return .cross(context: context, ad: ad)
    }
  }

  /// Coordinates of an example whose context and attributes are JSON objects of strings, as the store keeps them.
  ///
  /// Text that isn't such an object counts as empty: the store writes it, so that means a foreign hand.
  public mutating func encode(
    contextText: String, attributesText: String, slot: Int, into coordinates: inout [UInt32]
  ) {
    let context = remembered(contextText, in: \.contexts) { $0.contextBlock($1) }
    let ad = remembered(attributesText, in: \.ads) { $0.adBlock($1) }
    join(context, ad, slot: slot, into: &coordinates)
  }

  /// Coordinates of an example of raw values.
  public mutating func encode(
    context: [String: String], attributes: [String: String], slot: Int, into coordinates: inout [UInt32]
  ) {
    let context = contextBlock(context)
    let ad = adBlock(attributes)
    join(context, ad, slot: slot, into: &coordinates)
  }

  private mutating func remembered(
    _ text: String, in memory: WritableKeyPath<Self, [String: FeatureBlock]>,
    make: (inout Self, [String: String]) -> FeatureBlock
  ) -> FeatureBlock {
    if let known = self[keyPath: memory][text] { return known }
    let block = make(&self, Self.values(text))
    if self[keyPath: memory].count >= Self.cachedTextCountMax { self[keyPath: memory] = [:] }
    self[keyPath: memory][text] = block
    return block
  }

  /// The members of a JSON object of strings; none when the text is something else.
  static func values(_ text: String) -> [String: String] {
    guard case .object(let members)? = try? JSONValue(parsing: Array(text.utf8)[...]) else { return [:] }
    return Dictionary(members.compactMap { member in member.value.scalarText.map { (member.name, $0) } }) { $1 }
  }

  private mutating func contextBlock(_ values: [String: String]) -> FeatureBlock {
    let fields = index.schema.contextFields
    let codes = fields.indices.map { index.code(values[fields[$0].name], field: $0) }
    return block(codes, offset: 0) { $0.ad.isEmpty ? $0.context : [] }
  }

  private mutating func adBlock(_ values: [String: String]) -> FeatureBlock {
    let fields = index.schema.adFields
    let offset = index.schema.contextFields.count
    let codes = fields.indices.map { index.code(values[fields[$0].name], field: offset + $0) }
    return block(codes, offset: offset) { $0.context.isEmpty ? $0.ad : [] }
  }

  private mutating func block(
    _ codes: [UInt32], offset: Int, fields: (FeatureTemplate) -> [Int]
  ) -> FeatureBlock {
    let coordinates = index.schema.templates.indices.map { number -> UInt32 in
      let mine = fields(index.schema.templates[number])
      guard let first = mine.first else { return FeatureBlock.absent }
      let second = mine.count > 1 ? codes[mine[1]] : nil
      return index.coordinate(template: number, codes[first], second) ?? FeatureBlock.absent
    }
    return FeatureBlock(codes: codes, coordinates: coordinates)
  }

  private mutating func join(
    _ context: FeatureBlock, _ ad: FeatureBlock, slot: Int, into coordinates: inout [UInt32]
  ) {
    coordinates.removeAll(keepingCapacity: true)
    coordinates.append(FeatureIndex.intercept)
    for number in steps.indices {
      let coordinate: UInt32
      switch steps[number] {
      case .context: coordinate = context.coordinates[number]
      case .ad: coordinate = ad.coordinates[number]
      case .cross(let first, let second):
        coordinate = index.coordinate(template: number, context.codes[first], ad.codes[second]) ?? FeatureBlock.absent
      }
      if coordinate != FeatureBlock.absent { coordinates.append(coordinate) }
    }
    if let slot = index.coordinate(ofSlot: slot) { coordinates.append(slot) }
  }
}

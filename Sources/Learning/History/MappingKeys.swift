/// Refuses keys of a mapping file that mean nothing: a typing error must not silently lose a field.
enum MappingKeys {
  static func check(_ decoder: any Decoder, known: [String]) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    for key in container.allKeys where !known.contains(key.stringValue) {
      throw LearningError(
        .invalidMapping, "'\(key.stringValue)' means nothing here; known are \(known.joined(separator: ", "))")
    }
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

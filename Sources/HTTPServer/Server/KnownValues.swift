/// A keyed container that refuses keys it doesn't know and leaves the value alone when a key is missing.
struct KnownValues<Key: CodingKey & CaseIterable> {
  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  private let container: KeyedDecodingContainer<Key>

  init(_ decoder: any Decoder) throws {
    let known = Key.allCases.map(\.stringValue)
    let unknown = try decoder.container(keyedBy: AnyKey.self).allKeys.filter { !known.contains($0.stringValue) }
    if let key = unknown.first {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath + [key],
          debugDescription: "there is no setting \(key.stringValue) here; there are \(known.joined(separator: ", "))"))
    }
    container = try decoder.container(keyedBy: Key.self)
  }

  func read<Value: Decodable>(_ key: Key, _ value: inout Value) throws {
    if let read = try container.decodeIfPresent(Value.self, forKey: key) { value = read }
  }
}

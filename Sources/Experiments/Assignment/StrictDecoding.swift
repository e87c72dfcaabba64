import Foundation

extension Decoder {
  /// The container of a mapping that may only have the keys of `Key`.
  ///
  /// - throws: `DecodingError.dataCorrupted` that names a key nobody reads, so that a typing error can't pass for a default.
  func strictContainer<Key: CodingKey & CaseIterable>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    for key in try container(keyedBy: AnyKey.self).allKeys where Key(stringValue: key.stringValue) == nil {
      let known = Key.allCases.map(\.stringValue).joined(separator: ", ")
      let message = "unknown key '\(key.stringValue)' (known are \(known))"
      throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: message))
    }
    return try container(keyedBy: type)
  }
}

extension DecodingError {
  /// What is wrong and where, in one sentence.
  var reason: String {
    switch self {
    case .keyNotFound(let key, let context): "'\(key.stringValue)' is missing at \(Self.place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      "\(context.underlyingError.map { "\($0)" } ?? context.debugDescription) at \(Self.place(context))"
    @unknown default: "\(self)"
    }
  }

  private static func place(_ context: Context) -> String {
    let path = context.codingPath.map { key in key.intValue.map { "\($0 + 1)" } ?? key.stringValue }
    return path.isEmpty ? "the top" : path.joined(separator: ".")
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) {
    self.stringValue = stringValue
  }

  init?(intValue: Int) {
    nil
  }
}

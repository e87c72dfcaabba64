import Foundation
import Yams

extension Schema {
  /// Reads a `features.yaml`.
  ///
  /// - throws: ``SchemaError`` with the file's name when it can't be read or says something impossible.
  public init(contentsOf file: URL) throws(SchemaError) {
    let data: Data
    do { data = try Data(contentsOf: file) } catch {
      throw SchemaError(
        "\(file.path): can't be read (\(error.localizedDescription)); name a schema with --features FILE")
    }
    do { try self.init(yaml: data) } catch {
      throw SchemaError("\(file.path): \(error.description)")
    }
  }

  /// Reads the text of a `features.yaml`. Every key is known or an error, so that a misspelt one isn't lost.
  public init(yaml data: Data) throws(SchemaError) {
    let document: SchemaDocument
    do {
      document = try YAMLDecoder().decode(SchemaDocument.self, from: data)
    } catch {
      throw SchemaError("not a features file: \(Self.reason(error))")
    }
    try self.init(
      contextFields: try Self.fields(document.context),
      adFields: try Self.fields(document.ad),
      crosses: document.crosses,
      slotCountMax: document.slots,
      sha256: SHA256.hexadecimal(of: data))
  }

  private static func fields(_ specifications: [SchemaDocument.Field]) throws(SchemaError) -> [Field] {
    var fields: [Field] = []
    for specification in specifications {
      let buckets = specification.buckets?.map { Field.Bucket(label: $0.label, below: $0.below) }
      fields.append(try Field(name: specification.name, buckets: buckets))
    }
    return fields
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, let context): return "'\(key.stringValue)' is missing at \(place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      let cause = context.underlyingError.map { ": \($0)" } ?? ""
      return "\(context.debugDescription)\(cause) at \(place(context))"
    @unknown default: return "\(error)"
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    let keys = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
    return keys.isEmpty ? "the top" : keys.joined(separator: ".")
  }
}

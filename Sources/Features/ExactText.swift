import Foundation

/// A text that equals another only when their UTF-8 bytes are the same; ordered by these bytes, whatever the locale.
///
/// `String` takes canonically equivalent texts for equal, such as an é of one and of two scalars. Ids and values come from
/// programs that compare bytes, so whatever looks them up uses this as its key.
public struct ExactText: Sendable, Hashable, Comparable, ExpressibleByStringLiteral {
  public let text: String

  public init(_ text: String) {
    self.text = text
  }

  public init(stringLiteral text: String) {
    self.text = text
  }

  public static func == (first: ExactText, second: ExactText) -> Bool {
    let (left, right) = (first.text.utf8, second.text.utf8)
    guard left.count == right.count else { return false }
    return left.withContiguousStorageIfAvailable { left in
      right.withContiguousStorageIfAvailable { right in
        left.isEmpty || memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0
      }
    }.flatMap(\.self) ?? left.elementsEqual(right)
  }

  public static func < (first: ExactText, second: ExactText) -> Bool {
    let (left, right) = (first.text.utf8, second.text.utf8)
    return left.withContiguousStorageIfAvailable { left in
      right.withContiguousStorageIfAvailable { right in
        let shared = min(left.count, right.count)
        let order = shared == 0 ? 0 : memcmp(left.baseAddress!, right.baseAddress!, shared)
        return order == 0 ? left.count < right.count : order < 0
      }
    }.flatMap(\.self) ?? left.lexicographicallyPrecedes(right)
  }

  public func hash(into hasher: inout Hasher) {
    let isHashed: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
      hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    }
    if isHashed == nil { Array(text.utf8).withUnsafeBytes { hasher.combine(bytes: $0) } }
    hasher.combine(0xFF as UInt8)  // ends the text, as no UTF-8 byte can
  }
}

extension Sequence<String> {
  /// Whether one of the texts has the same bytes.
  public func containsExactly(_ text: String) -> Bool {
    contains { ExactText($0) == ExactText(text) }
  }
}

/// Gives equal elements equal codes, ascending from 0 by first appearance.
struct Interner<Element: Hashable & Sendable>: Sendable {
  private(set) var elements: [Element] = []
  private var codes: [Element: UInt32] = [:]

  /// An interner whose code 0 stands for `first`.
  init(_ first: Element) {
    _ = code(first)
  }

  func contains(_ element: Element) -> Bool { codes[element] != nil }

  /// The code of `element`, a new one when it's seen for the first time.
  mutating func code(_ element: Element) -> UInt32 {
    if let code = codes[element] { return code }
    let code = UInt32(elements.count)
    codes[element] = code
    elements.append(element)
    return code
  }
}

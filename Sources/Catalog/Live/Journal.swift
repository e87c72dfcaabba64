import Foundation

/// The changes since a catalog file was written, one a line: CRC-32 of the JSON in 8 hexadecimal digits, a space, the JSON.
///
/// A line that the system cut off when it crashed was never acknowledged, and is dropped when it is the last one.
struct Journal {
  private let file: OpenFile
  private let url: URL
  /// Bytes that are durable.
  private var byteCount: Int

  /// Opens a journal to append, and makes it when there is none.
  init(_ url: URL) throws(CatalogError) {
    self.url = url
    byteCount = try Self.read(url).byteCount
    file = try OpenFile(appending: url)
    try file.truncate(to: byteCount)
    try OpenFile(reading: url.deletingLastPathComponent()).synchronize()
  }

  /// Appends changes; they are durable when this returns.
  ///
  /// - throws: ``CatalogError`` when the system refuses; none of the changes is kept then.
  mutating func append(_ changes: [CatalogChange]) throws(CatalogError) {
    let lines = Self.lines(changes)
    do throws(CatalogError) {
      try file.write(lines)
      try file.synchronize()
    } catch {
      try file.truncate(to: byteCount)
      throw error
    }
    byteCount += lines.count
  }

  /// Writes a whole journal in place of what `url` has; durable when this returns.
  static func write(_ changes: [CatalogChange], to url: URL) throws(CatalogError) {
    let draft = url.appendingPathExtension("draft")
    let file = try OpenFile(creating: draft)
    try file.write(lines(changes))
    try file.synchronize()
    guard rename(draft.path, url.path) == 0 else { throw OpenFile.failure("replaced", url.path) }
    try OpenFile(reading: url.deletingLastPathComponent()).synchronize()
  }

  /// The changes of a journal and the bytes they take; none when there is no file.
  ///
  /// - throws: ``CatalogError`` when it can't be read, or a line before the last one is damaged.
  static func read(_ url: URL) throws(CatalogError) -> (changes: [CatalogChange], byteCount: Int) {
    guard FileManager.default.fileExists(atPath: url.path) else { return ([], 0) }
    let bytes: [UInt8]
    do { bytes = Array(try Data(contentsOf: url)) } catch { throw OpenFile.failure("read", url.path) }
    var changes: [CatalogChange] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      guard let change = change(bytes[start..<end]) else {
        if end + 1 == bytes.count { break }
        throw CatalogError(
          .damagedFile,
          "\(url.path): line \(changes.count + 1) is damaged; restore it from a backup, or remove it to lose the changes "
            + "since the catalog was last merged or imported")
      }
      changes.append(change)
      start = end + 1
    }
    return (changes, start)
  }

  private static func lines(_ changes: [CatalogChange]) -> [UInt8] {
    var lines: [UInt8] = []
    for change in changes {
      var json: [UInt8] = []
      change.appendJSON(to: &json)
      lines += digits(json[...])
      lines.append(UInt8(ascii: " "))
      lines += json
      lines.append(UInt8(ascii: "\n"))
    }
    return lines
  }

  private static func change(_ line: ArraySlice<UInt8>) -> CatalogChange? {
    let json = line.dropFirst(9)
    guard line.count > 9, line.prefix(8).elementsEqual(digits(json)), let value = try? JSONValue(parsing: json) else {
      return nil
    }
    return try? CatalogChange(json: value)
  }

  private static func digits(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let text = String(bytes.withUnsafeBytes(Section.checksum), radix: 16)
    return Array((String(repeating: "0", count: 8 - text.count) + text).utf8)
  }
}

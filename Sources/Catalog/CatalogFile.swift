import Foundation

/// A snapshot as one file, which is mapped into memory instead of being read.
///
/// Layout, everything little-endian:
///
///     offset    bytes  content
///     0         8      magic "ADLOOPCT"
///     8         4      UInt32 format, 2
///     12        4      UInt32 number of sections s, 12
///     16        24·s   for each section: UInt32 kind, UInt32 CRC-32 of its bytes, UInt64 offset, UInt64 byte count
///     16+24·s   4      UInt32 CRC-32 of everything before
///     …                sections by ascending kind, each at the next multiple of 64, zeros between
///
/// The file ends with the last section.
///
/// What the sections hold is described at `SectionKind`.
public enum CatalogFile {
  static let magic = Array("ADLOOPCT".utf8)
  static let format: UInt32 = 2
  static let alignment = 64
  static let entryByteCount = 24
  static let headerByteCount = 16 + entryByteCount * SectionKind.allCases.count + 4

  /// Writes a snapshot beside `url`, brings it to the disk and then renames it, so that at every moment `url` is the
  /// old file or the whole new one. Snapshots of the old file stay good.
  ///
  /// - throws: ``CatalogError`` when the system refuses.
  public static func write(_ snapshot: CatalogSnapshot, to url: URL) throws(CatalogError) {
    try publish(draft(snapshot, beside: url), as: url)
  }

  /// Writes a snapshot into a hidden file beside `url` and brings it to the disk; returns its place.
  static func draft(_ snapshot: CatalogSnapshot, beside url: URL) throws(CatalogError) -> URL {
    let draft = url.deletingLastPathComponent().appendingPathComponent(
      ".\(url.lastPathComponent).\(getpid())-\(UInt32.random(in: 0...UInt32.max))")
    do throws(CatalogError) {
      let file = try OpenFile(creating: draft)
      try writeContent(of: snapshot, to: file)
      try file.synchronize()
    } catch {
      unlink(draft.path)
      throw error
    }
    return draft
  }

  /// Removes drafts of processes that ended before they could.
  static func removeAbandonedDrafts(beside url: URL) {
    let folder = url.deletingLastPathComponent()
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
      let prefix = ".\(url.lastPathComponent)."
      guard name.hasPrefix(prefix), let process = Int32(name.dropFirst(prefix.count).prefix { $0 != "-" }) else {
        continue
      }
      if kill(process, 0) != 0, errno == ESRCH { unlink(folder.appendingPathComponent(name).path) }
    }
  }

  /// Lets a draft take the place of `url`.
  static func publish(_ draft: URL, as url: URL) throws(CatalogError) {
    do throws(CatalogError) {
      guard rename(draft.path, url.path) == 0 else { throw OpenFile.failure("replaced", url.path) }
      try OpenFile(reading: url.deletingLastPathComponent()).synchronize()
    } catch {
      unlink(draft.path)
      throw error
    }
  }

  private static func writeContent(of snapshot: CatalogSnapshot, to file: OpenFile) throws(CatalogError) {
    var header = ByteWriter()
    for byte in magic { header.append(byte) }
    header.append(format)
    header.append(UInt32(SectionKind.allCases.count))
    var offset = headerByteCount
    for kind in SectionKind.allCases {
      let section = snapshot.sections[kind]
      offset = aligned(offset)
      header.append(kind.rawValue)
      header.append(section.checksum)
      header.append(UInt64(offset))
      header.append(UInt64(section.bytes.count))
      offset += section.bytes.count
    }
    header.append(header.bytes.withUnsafeBytes(Section.checksum))
    try file.write(header.bytes)
    offset = headerByteCount
    for kind in SectionKind.allCases {
      let section = snapshot.sections[kind]
      try file.write([UInt8](repeating: 0, count: aligned(offset) - offset))
      try file.write(section.bytes)
      offset = aligned(offset) + section.bytes.count
    }
  }

  static func aligned(_ offset: Int) -> Int {
    (offset + alignment - 1) / alignment * alignment
  }
}

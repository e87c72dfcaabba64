import Foundation

/// A snapshot as one file, which is mapped into memory instead of being read.
///
/// Layout, everything little-endian:
///
///     offset    bytes  content
///     0         8      magic "ADLOOPCT"
///     8         4      UInt32 format, 1
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
  static let format: UInt32 = 1
  static let alignment = 64
  static let entryByteCount = 24
  static let headerByteCount = 16 + entryByteCount * SectionKind.allCases.count + 4

  /// Writes a snapshot beside `url`, brings it to the disk and then renames it, so that at every moment `url` is the
  /// old file or the whole new one. Snapshots of the old file stay good.
  ///
  /// - throws: ``CatalogError`` when the system refuses.
  public static func write(_ snapshot: CatalogSnapshot, to url: URL) throws(CatalogError) {
    let folder = url.deletingLastPathComponent()
    let draft = folder.appendingPathComponent(
      ".\(url.lastPathComponent).\(getpid())-\(UInt32.random(in: 0...UInt32.max))")
    do throws(CatalogError) {
      let file = try OpenFile(creating: draft)
      try writeContent(of: snapshot, to: file)
      try file.synchronize()
      guard rename(draft.path, url.path) == 0 else { throw OpenFile.failure("replaced", url.path) }
      try OpenFile(reading: folder).synchronize()
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
    try write(header.bytes, to: file)
    offset = headerByteCount
    for kind in SectionKind.allCases {
      let section = snapshot.sections[kind]
      try write([UInt8](repeating: 0, count: aligned(offset) - offset), to: file)
      try file.write(section.bytes)
      offset = aligned(offset) + section.bytes.count
    }
  }

  private static func write(_ bytes: [UInt8], to file: OpenFile) throws(CatalogError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(CatalogError) in
      try file.write(UnsafeRawBufferPointer(buffer))
    }
  }

  static func aligned(_ offset: Int) -> Int {
    (offset + alignment - 1) / alignment * alignment
  }
}

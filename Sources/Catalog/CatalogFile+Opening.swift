import Foundation

extension CatalogFile {
  /// Maps a file and checks every byte of it, in time proportional to its size (about a second for a gigabyte).
  ///
  /// - throws: ``CatalogError`` when the file can't be read, isn't a catalog file or is damaged, with what to do.
  public static func open(_ url: URL) throws(CatalogError) -> CatalogSnapshot {
    let file = try OpenFile(reading: url)
    do throws(CatalogError) {
      let byteCount = try file.regularByteCount() ?? 0
      guard let region = Region(mapping: file.descriptor, byteCount: byteCount) else {
        throw CatalogError(.damagedFile, "it is empty or can't be mapped")
      }
      return try snapshot(region)
    } catch {
      switch error.code {
      case .damagedFile, .foreignFile:
        throw CatalogError(
          error.code,
          "\(url.path): \(error.description); restore it from a backup, or remove it and import the ads again "
            + "(adloop catalog import FILE)")
      default: throw error
      }
    }
  }

  private static func snapshot(_ region: Region) throws(CatalogError) -> CatalogSnapshot {
    let bytes = UnsafeRawBufferPointer(region.bytes)
    guard bytes.count >= magic.count, bytes.prefix(magic.count).elementsEqual(magic) else {
      throw CatalogError(.foreignFile, "it isn't a catalog file")
    }
    guard bytes.count >= headerByteCount else { throw CatalogError(.damagedFile, "its header is cut off") }
    var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[magic.count..<headerByteCount]))
    let found = try reader.read(UInt32.self)
    guard found == format else {
      throw CatalogError(.foreignFile, "it has format \(found), and this program reads \(format)")
    }
    let checksum = bytes.loadUnaligned(fromByteOffset: headerByteCount - 4, as: UInt32.self)
    let header = UnsafeRawBufferPointer(rebasing: bytes[..<(headerByteCount - 4)])
    guard try reader.read(UInt32.self) == SectionKind.allCases.count,
      Section.checksum(of: header) == UInt32(littleEndian: checksum)
    else { throw CatalogError(.damagedFile, "its header is damaged") }
    var end = headerByteCount
    let sections = try Sections { (kind) throws(CatalogError) in
      try section(kind, region, &reader, end: &end)
    }
    guard end == bytes.count else { throw CatalogError(.damagedFile, "something follows its last section") }
    let snapshot = try CatalogSnapshot(sections)
    region.release(sections[.creativeBytes].bytes)
    return snapshot
  }

  private static func section(
    _ kind: SectionKind, _ region: Region, _ reader: inout ByteReader, end: inout Int
  ) throws(CatalogError) -> Section {
    let foundKind = try reader.read(UInt32.self)
    let checksum = try reader.read(UInt32.self)
    let offset = try reader.read(UInt64.self)
    let byteCount = try reader.read(UInt64.self)
    guard foundKind == kind.rawValue, offset == aligned(end) else {
      throw CatalogError(.damagedFile, "its header is damaged")
    }
    guard offset <= region.bytes.count, byteCount <= region.bytes.count - Int(offset) else {
      throw CatalogError(.damagedFile, "it is cut off in the section '\(kind)'")
    }
    end = Int(offset + byteCount)
    let part = UnsafeRawBufferPointer(rebasing: region.bytes[Int(offset)..<end])
    let section = Section(region: region, bytes: part)
    guard section.checksum == checksum else {
      throw CatalogError(.damagedFile, "the section '\(kind)' is damaged")
    }
    return section
  }
}

/// Takes the chunked coding of RFC 9112, 7.1 off a body. It doesn't matter how the bytes are split.
struct ChunkedDecoder {
  private enum State { case sizeLine, data, dataReturn, dataLineFeed, trailer }

  private let limits: ParserLimits
  private var state = State.sizeLine
  private var line = ChunkSizeLine()
  private var trailer = TrailerSection()
  private var remaining = 0
  private var bodyBytes = 0

  init(limits: ParserLimits) {
    self.limits = limits
  }

  var isComplete: Bool { trailer.isComplete }

  /// Hands each piece of the body to `sink` and returns how many bytes were used; those behind the end are left.
  mutating func decode(
    _ bytes: Slice<UnsafeRawBufferPointer>, _ sink: (Slice<UnsafeRawBufferPointer>) -> Void
  ) throws(ParseFailure) -> Int {
    var index = bytes.startIndex
    while index < bytes.endIndex, !isComplete {
      if state == .data {
        let end = min(bytes.endIndex, index + remaining)
        sink(bytes[index..<end])
        remaining -= end - index
        index = end
        if remaining == 0 { state = .dataReturn }
      } else {
        try step(bytes[index])
        index += 1
      }
    }
    return index - bytes.startIndex
  }

  private mutating func step(_ byte: UInt8) throws(ParseFailure) {
    switch state {
    case .sizeLine:
      try line.take(byte, extensionBytesMax: limits.chunkExtensionBytesMax)
      if line.isComplete { try beginChunk() }
    case .dataReturn:
      guard byte == 0x0D else { throw .malformed("A chunk doesn't end where its size says.") }
      state = .dataLineFeed
    case .dataLineFeed:
      guard byte == 0x0A else { throw .malformed("A chunk doesn't end where its size says.") }
      state = .sizeLine
      line = ChunkSizeLine()
    case .trailer: try trailer.take(byte, limits: limits)
    case .data: break
    }
  }

  private mutating func beginChunk() throws(ParseFailure) {
    guard line.size <= limits.bodyBytesMax - bodyBytes else {
      throw ParseFailure(413, "The body is larger than \(limits.bodyBytesMax) bytes.")
    }
    bodyBytes += line.size
    remaining = line.size
    state = line.size == 0 ? .trailer : .data
  }
}

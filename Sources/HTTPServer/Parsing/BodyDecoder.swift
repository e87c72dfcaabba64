/// Reads a body to its end, however its length is told, and keeps it unless nobody wants it.
struct BodyDecoder {
  private enum Framing {
    case length(remaining: Int)
    case chunked(ChunkedDecoder)
  }

  private(set) var bytes: [UInt8] = []
  private let keeps: Bool
  private var framing: Framing

  /// - Parameter keeps: false reads past a body without keeping it.
  init(_ framing: RequestHead.Framing, keeps: Bool, limits: ParserLimits) {
    self.keeps = keeps
    switch framing {
    case .none: self.framing = .length(remaining: 0)
    case .length(let count): self.framing = .length(remaining: count)
    case .chunked: self.framing = .chunked(ChunkedDecoder(limits: limits))
    }
  }

  var isComplete: Bool {
    switch framing {
    case .length(let remaining): remaining == 0
    case .chunked(let decoder): decoder.isComplete
    }
  }

  /// Returns how many bytes belonged to the body; those behind its end are left.
  mutating func decode(_ input: Slice<UnsafeRawBufferPointer>) throws(ParseFailure) -> Int {
    switch framing {
    case .length(let remaining):
      let count = min(remaining, input.count)
      if keeps { bytes.append(contentsOf: input.prefix(count)) }
      framing = .length(remaining: remaining - count)
      return count
    case .chunked(var decoder):
      let count = try decoder.decode(input) { if keeps { bytes.append(contentsOf: $0) } }
      framing = .chunked(decoder)
      return count
    }
  }
}

// libFuzzer: bytes as a connection would bring them. However they are split, the parser must come to the same end, and
// nothing may trap. Built by scripts/fuzz together with Sources/HTTPServer/Parsing.

private enum End: Equatable {
  case needsMore
  /// Which of two broken rules is met first may depend on the pieces.
  case refused
  case complete(consumed: Int, body: [UInt8])
}

/// Parses a head and its body from pieces of at most `pieceCount` bytes.
private func run(_ input: UnsafeRawBufferPointer, pieceCount: Int) -> End {
  var limits = ParserLimits()
  limits.targetBytesMax = 200
  limits.headerBytesMax = 400
  limits.headerFieldsMax = 8
  limits.bodyBytesMax = 500
  limits.chunkExtensionBytesMax = 40
  var parser = RequestParser(limits: limits)
  var arrived = 0
  do throws(ParseFailure) {
    var headCount: Int?
    while headCount == nil {
      if arrived == input.count { return .needsMore }
      arrived = min(arrived + pieceCount, input.count)
      headCount = try parser.parse(UnsafeRawBufferPointer(rebasing: input[..<arrived]))
    }
    check(parser.head)
    var body = BodyDecoder(parser.head.framing, keeps: true, limits: limits)
    var used = headCount!
    while !body.isComplete {
      if used == input.count { return .needsMore }
      used += try body.decode(input[used..<min(used + pieceCount, input.count)])
    }
    precondition(body.bytes.count <= limits.bodyBytesMax)
    return .complete(consumed: used, body: body.bytes)
  } catch {
    precondition((400..<600).contains(error.status))
    return .refused
  }
}

/// What a handler would look at.
private func check(_ head: RequestHead) {
  precondition(head.fields.count <= 8)
  precondition(head.isVersion10 || !head.authority.range.isEmpty)
  _ = PercentEncoding.decode(head.bytes[head.path.range], plusIsSpace: false)
  _ = PercentEncoding.decode(head.bytes[head.query.range], plusIsSpace: true)
  for field in head.fields {
    precondition(!head.string(field.value).utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 })
    precondition(head.value(of: head.string(field.name).lowercased().utf8) != nil)
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 1 else { return 0 }
  let input = UnsafeRawBufferPointer(start: bytes + 1, count: count - 1)
  let whole = run(input, pieceCount: input.count)
  for pieceCount in [1, Int(bytes[0]) + 1] {
    let split = run(input, pieceCount: pieceCount)
    precondition(split == whole, "in pieces of \(pieceCount): \(split), whole: \(whole)")
  }
  return 0
}

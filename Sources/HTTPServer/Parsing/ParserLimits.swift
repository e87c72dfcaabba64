/// The sizes a request may have; what is larger is refused while it arrives.
struct ParserLimits: Sendable {
  /// Longer than any method that is known, so that a long word is refused before it is buffered.
  static let methodBytesMax = 32

  var targetBytesMax = 16 * 1024
  var headerBytesMax = 64 * 1024
  var headerFieldsMax = 128
  var bodyBytesMax = 8 * 1024 * 1024
  var chunkExtensionBytesMax = 1024
}

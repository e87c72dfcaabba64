/// Milliseconds since 1970-01-01 00:00 UTC, leap seconds not counted: the one clock of tokens, log and store.
public typealias Milliseconds = Int64

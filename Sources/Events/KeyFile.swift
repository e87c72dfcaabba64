import Foundation

/// The file that keeps a key ring: one base64 key a line, the current one last.
///
/// It is replaced as a whole (write, sync, rename), under a lock that other processes respect, and is never readable by
/// other users.
struct KeyFile: Sendable {
  let directory: URL

  private var path: String { directory.appending(path: "tokens").path }

  /// The keys of the file, oldest first; a first one is made when there is no file.
  func loadOrCreate() throws(KeyRingError) -> [TokenKey] {
    try locked { () throws(KeyRingError) in
      if FileManager.default.fileExists(atPath: path) { return try load() }
      let keys = [try TokenKey.random()]
      try store(keys)
      return keys
    }
  }

  /// Adds a key, which becomes the current one, and returns all.
  func append(_ key: TokenKey) throws(KeyRingError) -> [TokenKey] {
    try locked { () throws(KeyRingError) in
      let keys = Array((try load() + [key]).suffix(KeyRing.keyCountMax))
      try store(keys)
      return keys
    }
  }

  private func load() throws(KeyRingError) -> [TokenKey] {
    var status = stat()
    guard stat(path, &status) == 0, let text = try? String(contentsOfFile: path, encoding: .utf8)
    else {
      throw KeyRingError(
        "\(path): can't be read (\(String(cString: strerror(errno)))); check its owner")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw KeyRingError("\(path): other users may read these keys; run: chmod 600 '\(path)'")
    }
    let lines = text.split(separator: "\n")
    let keys = lines.compactMap(TokenKey.init(base64:))
    guard keys.count == lines.count, (1...KeyRing.keyCountMax).contains(keys.count) else {
      throw KeyRingError(
        "\(path): damaged; restore it, or delete it to make a new key (old tokens won't open then)")
    }
    return keys
  }

  private func store(_ keys: [TokenKey]) throws(KeyRingError) {
    let temporary = path + ".new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("can't be made") }
    let text = Array(keys.map { $0.base64 + "\n" }.joined().utf8)
    let written = write(descriptor, text, text.count) == text.count && fsync(descriptor) == 0
    guard close(descriptor) == 0, written, rename(temporary, path) == 0 else {
      throw failure("can't be written")
    }
    try syncDirectory()
  }

  private func syncDirectory() throws(KeyRingError) {
    let descriptor = open(directory.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("its folder can't be opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("its folder can't be synced") }
  }

  private func locked<Result>(_ body: () throws(KeyRingError) -> Result) throws(KeyRingError)
    -> Result
  {
    do {
      try FileManager.default.createDirectory(
        at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw KeyRingError("\(directory.path): can't be made (\(error.localizedDescription))")
    }
    let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else { throw failure("can't be locked") }
    defer { close(descriptor) }
    return try body()
  }

  private func failure(_ what: String) -> KeyRingError {
    KeyRingError("\(path): \(what) (\(String(cString: strerror(errno))))")
  }
}

import Events
import Foundation
import HTTPServer

/// What the machine gives: room on the disk, a clock, descriptors, files that only the owner reads.
struct MachineCheck {
  private let system: AdSystem

  /// Free bytes below which the disk is about to be full.
  private static let freeByteCountMin = 1 << 30
  /// Descriptors that are used for other things than connections.
  private static let spareDescriptorCount = 256

  init(_ system: AdSystem) {
    self.system = system
  }

  var disk: Finding {
    let path = system.directory.url.path
    var status = statvfs()
    guard statvfs(path, &status) == 0 else {
      return .failed("disk", "\(path) can't be looked at", remedy: "check that the folder's disk is mounted")
    }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    let text = "\(free / 1_000_000) MB free under \(path)"
    guard free < Self.freeByteCountMin else { return .ok("disk", text) }
    return .warning("disk", text, remedy: "make room: /log answers 503 once an event can't be stored")
  }

  /// The clock must not lie before what the log has seen.
  func clock(_ now: Milliseconds) -> Finding {
    do {
      let newest = try system.log.read(after: system.log.lastOffset - 1, limit: 1).first?.event.received ?? 0
      let ahead = newest - now
      guard ahead > Milliseconds(system.settings.intake.clockSkewSecondsMax) * 1000 else {
        return .ok("clock", newest == 0 ? "no event yet" : "not behind the newest event")
      }
      return .failed(
        "clock", "the newest event was received \(ahead / 1000) s in this machine's future",
        remedy: "set the clock (timedatectl); windows of the join depend on it")
    } catch { return .failed("clock", "\(error)", remedy: "see the finding on the log") }
  }

  var descriptors: Finding {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let wanted = system.settings.http.limits.connectionsMax + Self.spareDescriptorCount
    let text = "\(limit.rlim_max) open files allowed, \(wanted) needed at most"
    guard limit.rlim_max < wanted else { return .ok("descriptors", text) }
    return .warning(
      "descriptors", text, remedy: "raise 'ulimit -n' (LimitNOFILE= in systemd) or lower http.limits.connections_max")
  }

  var keys: Finding {
    let folder = system.directory.url.appending(path: "keys")
    let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    let open = files.filter { file in
      let path = folder.appending(path: file).path
      let mode = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      return (mode ?? 0) & 0o077 != 0
    }
    guard !open.isEmpty else {
      return .ok("keys", "token key \(system.sealer.keys.currentID), readable by the owner only")
    }
    return .failed(
      "keys", "others can read \(open.sorted().joined(separator: ", "))",
      remedy: "chmod 600 the files in \(folder.path), and rotate the keys if somebody may have read them")
  }
}

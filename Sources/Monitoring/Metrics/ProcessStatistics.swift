import Foundation

/// What the kernel says about this process, read from `/proc`; nil where it says nothing.
public enum ProcessStatistics {
  /// User and system time of all threads.
  static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  static func residentMemoryBytes() -> Double? {
    guard
      let pages = text("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap({
        Double($0)
      })
    else {
      return nil
    }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// The most memory that was resident at any time since the start, in bytes.
  public static func peakResidentMemoryBytes() -> Int? {
    let line = text("/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split { $0.isWhitespace }.dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }

  /// Without the descriptor that the counting itself opens.
  static func openFileDescriptorCount() -> Int? {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { $0.count - 1 }
  }

  /// Seconds since 1970, to within a second: field 22 of `/proc/self/stat` counts clock ticks since boot (proc(5)).
  static func startTimeSeconds() -> Double? {
    guard let stat = text("/proc/self/stat"), let nameEnd = stat.lastIndex(of: ")") else {
      return nil
    }
    let fieldsFromThird = stat[nameEnd...].dropFirst().split(separator: " ")
    let bootLine = text("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
    guard fieldsFromThird.count > 19, let ticks = Double(fieldsFromThird[19]),
      let boot = bootLine.flatMap({ Double($0.dropFirst("btime ".count)) })
    else { return nil }
    return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static func text(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
  }
}

import Foundation
import Monitoring
import Testing

@Suite("Process metrics")
struct ProcessMetricsTests {
  private func value(_ name: String, in registry: PrometheusRegistry) throws -> Double {
    let line = try #require(registry.lines("\(name) ").first, "\(name) is missing")
    return try #require(Double(line.dropFirst(name.count + 1)))
  }

  @Test("CPU time never falls, and agrees with the time a busy loop takes")
  func cpuTime() throws {
    let registry = PrometheusRegistry(descriptions: [])
    registry.addProcessMetrics(version: "1")
    let before = try value("process_cpu_seconds_total", in: registry)
    var start = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
    var sum = 0.0
    for index in 0..<2_000_000 { sum += Double(index).squareRoot() }
    var end = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
    let spent = Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
    let after = try value("process_cpu_seconds_total", in: registry)
    #expect(sum > 0)
    #expect(after - before >= spent)
  }

  @Test("the process started before now and after the machine, and has memory and open files")
  func plausible() throws {
    let registry = PrometheusRegistry(descriptions: [])
    registry.addProcessMetrics(version: "1")
    let start = try value("process_start_time_seconds", in: registry)
    let age = Date().timeIntervalSince1970 - start
    #expect(age > -2 && age < ProcessInfo.processInfo.systemUptime + 2)
    #expect(try value("process_resident_memory_bytes", in: registry) > 1_000_000)
    #expect(try value("process_open_fds", in: registry) >= 3)
  }

  @Test("the version is the label of a gauge that is 1")
  func buildInfo() {
    let registry = PrometheusRegistry(descriptions: [])
    registry.addProcessMetrics(version: "1.2.3")
    #expect(registry.lines("adloop_build_info") == [#"adloop_build_info{version="1.2.3"} 1"#])
  }
}

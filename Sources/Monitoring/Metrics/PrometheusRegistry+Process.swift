extension PrometheusRegistry {
  /// Exposes CPU time, memory, open files and start of this process, read at every scrape, and `adloop_build_info{version}`.
  public func addProcessMetrics(version: String) {
    describe(Self.processDescriptions)
    gauge("adloop_build_info", [("version", version)]).set(1 as Int64)
    if let start = ProcessStatistics.startTimeSeconds() {
      gauge("process_start_time_seconds", []).set(start)
    }
    let cpu = counter("process_cpu_seconds_total", [])
    let memory = gauge("process_resident_memory_bytes", [])
    let descriptors = gauge("process_open_fds", [])
    onCollect {
      cpu.store(total: ProcessStatistics.cpuSeconds())
      memory.set(ProcessStatistics.residentMemoryBytes() ?? .nan)
      descriptors.set(ProcessStatistics.openFileDescriptorCount().map { Double($0) } ?? .nan)
    }
  }

  private static let processDescriptions = [
    MetricDescription(
      name: "process_cpu_seconds_total", kind: .counter, help: "User and system CPU time spent.",
      unit: .seconds),
    MetricDescription(
      name: "process_resident_memory_bytes", kind: .gauge, help: "Resident memory size.",
      unit: .bytes),
    MetricDescription(name: "process_open_fds", kind: .gauge, help: "Open file descriptors."),
    MetricDescription(
      name: "process_start_time_seconds", kind: .gauge,
      help: "Start of the process, in seconds since 1970.",
      unit: .seconds),
    MetricDescription(
      name: "adloop_build_info", kind: .gauge, help: "Always 1; the label says which version runs.",
      labels: ["version"]),
  ]
}

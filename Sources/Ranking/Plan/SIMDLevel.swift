import CRanking
import Foundation

/// The instruction set that scans a plan. All give the same answers.
public enum SIMDLevel: String, Sendable, CaseIterable {
  /// Plain C, on any processor.
  case portable
  case neon
  case avx2
  /// AVX-512 with VBMI (Intel Ice Lake, AMD Zen 4 and later).
  case avx512

  /// Whether this processor has it.
  public var isAvailable: Bool { adloop_simd_is_available(kernel) }

  /// Those that this processor has, the fastest last.
  public static var available: [SIMDLevel] { allCases.filter(\.isAvailable) }

  /// The environment variable that names the level to use.
  public static let variable = "ADLOOP_SIMD"

  /// The one named by ``variable``, else (or when the processor doesn't have it) the fastest.
  public static let preferred: SIMDLevel = {
    let forced = ProcessInfo.processInfo.environment[variable].flatMap(SIMDLevel.init)
    if let forced, forced.isAvailable { return forced }
    return available.last ?? .portable
  }()

  var kernel: adloop_simd {
    switch self {
    case .portable: return ADLOOP_SIMD_PORTABLE
    case .neon: return ADLOOP_SIMD_NEON
    case .avx2: return ADLOOP_SIMD_AVX2
    case .avx512: return ADLOOP_SIMD_AVX512
    }
  }
}

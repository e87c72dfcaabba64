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

  /// The one that the environment names by ``variable``, else the fastest.
  ///
  /// - throws: ``SIMDLevelError`` when there is no such level, or this processor doesn't have it.
  public static func chosen(by environment: [String: String]) throws(SIMDLevelError) -> SIMDLevel {
    guard let name = environment[variable], !name.isEmpty else { return available.last ?? .portable }
    guard let level = SIMDLevel(rawValue: name), level.isAvailable else { throw SIMDLevelError(name: name) }
    return level
  }

  /// The one chosen by this process's environment; the fastest where that names none, which reading settings refuses.
  public static let preferred = (try? chosen(by: ProcessInfo.processInfo.environment)) ?? available.last ?? .portable

  var kernel: adloop_simd {
    switch self {
    case .portable: return ADLOOP_SIMD_PORTABLE
    case .neon: return ADLOOP_SIMD_NEON
    case .avx2: return ADLOOP_SIMD_AVX2
    case .avx512: return ADLOOP_SIMD_AVX512
    }
  }
}

/// The environment asks for an instruction set that there isn't.
public struct SIMDLevelError: Error, CustomStringConvertible, Equatable {
  let name: String

  public var description: String {
    let names = SIMDLevel.available.map(\.rawValue).joined(separator: ", ")
    return
      "\(SIMDLevel.variable) is '\(name)', which this processor doesn't have; it has \(names). Unset it for the fastest"
  }
}

#include "levels.h"

bool adloop_simd_is_available(adloop_simd level) {
  switch (level) {
    case ADLOOP_SIMD_PORTABLE:
      return true;
#if defined(__x86_64__)
    case ADLOOP_SIMD_AVX2:
      return __builtin_cpu_supports("avx2");
    case ADLOOP_SIMD_AVX512:
      return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi");
#elif defined(__aarch64__)
    case ADLOOP_SIMD_NEON:
      return true;
#endif
    default:
      return false;
  }
}

adloop_progress adloop_scan_groups(adloop_simd level, const adloop_scan *scan, size_t first_group, uint32_t *hits,
                                   size_t hit_capacity) {
  switch (level) {
#if defined(__x86_64__)
    case ADLOOP_SIMD_AVX2:
      return adloop_scan_avx2(scan, first_group, hits, hit_capacity);
    case ADLOOP_SIMD_AVX512:
      return adloop_scan_avx512(scan, first_group, hits, hit_capacity);
#elif defined(__aarch64__)
    case ADLOOP_SIMD_NEON:
      return adloop_scan_neon(scan, first_group, hits, hit_capacity);
#endif
    default:
      return adloop_scan_portable(scan, first_group, hits, hit_capacity);
  }
}

void adloop_quantize(const double *values, size_t count, double maximum, double steps_per_unit, uint8_t *deficits) {
  for (size_t i = 0; i < count; i++) {
    const double steps = (maximum - values[i]) * steps_per_unit;
    deficits[i] = steps < 255 ? (uint8_t)steps : 255;  // infinity and NaN give 255
  }
}

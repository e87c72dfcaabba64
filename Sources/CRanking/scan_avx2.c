#if defined(__x86_64__)
#include "levels.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))

// Looks 32 codes up in a table of up to 256 entries, 16 by 16: vpshufb gives 0 where the top bit of an index is set, and
// adding 0x70 with saturation sets it in every index of 16 or more.
TARGET static inline __m256i look_up(const uint8_t *table, int entry_count, __m256i codes) {
  const __m256i bias = _mm256_set1_epi8(0x70);
  __m256i found = _mm256_setzero_si256();
  for (int first = 0; first < entry_count; first += 16) {
    const __m256i part = _mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)(table + first)));
    const __m256i index = _mm256_adds_epu8(_mm256_xor_si256(codes, _mm256_set1_epi8((char)first)), bias);
    found = _mm256_or_si256(found, _mm256_shuffle_epi8(part, index));
  }
  return found;
}

TARGET static inline uint32_t match_half(const adloop_scan *scan, const uint8_t *codes, int budget) {
  __m256i sums = _mm256_setzero_si256();
  const uint8_t *table = scan->tables;
  uint32_t column = 0;
  for (; column < scan->narrow_count; column++, table += ADLOOP_TABLE, codes += ADLOOP_GROUP)
    sums = _mm256_adds_epu8(sums, look_up(table, 64, _mm256_load_si256((const __m256i *)codes)));
  for (; column < scan->middle_count; column++, table += ADLOOP_TABLE, codes += ADLOOP_GROUP)
    sums = _mm256_adds_epu8(sums, look_up(table, 128, _mm256_load_si256((const __m256i *)codes)));
  for (; column < scan->column_count; column++, table += ADLOOP_TABLE, codes += ADLOOP_GROUP)
    sums = _mm256_adds_epu8(sums, look_up(table, 256, _mm256_load_si256((const __m256i *)codes)));
  const __m256i limits = _mm256_set1_epi8((char)budget);
  return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(sums, limits), sums));
}

TARGET static inline uint64_t match(const adloop_scan *scan, const uint8_t *codes, int budget) {
  return match_half(scan, codes, budget) | (uint64_t)match_half(scan, codes + 32, budget) << 32;
}

#define SCAN_NAME adloop_scan_avx2
#define SCAN_TARGET TARGET
#define SCAN_MATCH match
#include "scan_loop.h"
#endif

#if defined(__x86_64__)
#include "levels.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vbmi")))

// Looks 64 codes up in a table of 128: vpermi2b reads 7 bits of each code.
TARGET static inline __m512i look_up_128(const uint8_t *table, __m512i codes) {
  return _mm512_permutex2var_epi8(_mm512_load_si512(table), codes, _mm512_load_si512(table + 64));
}

TARGET static inline uint64_t match(const adloop_scan *scan, const uint8_t *codes, int budget) {
  __m512i sums = _mm512_setzero_si512();
  const uint8_t *table = scan->tables;
  uint32_t column = 0;
  for (; column < scan->narrow_count; column++, table += ADLOOP_TABLE, codes += ADLOOP_GROUP) {
    const __m512i deficits = _mm512_permutexvar_epi8(_mm512_load_si512(codes), _mm512_load_si512(table));
    sums = _mm512_adds_epu8(sums, deficits);
  }
  for (; column < scan->middle_count; column++, table += ADLOOP_TABLE, codes += ADLOOP_GROUP)
    sums = _mm512_adds_epu8(sums, look_up_128(table, _mm512_load_si512(codes)));
  for (; column < scan->column_count; column++, table += ADLOOP_TABLE, codes += ADLOOP_GROUP) {
    const __m512i column_codes = _mm512_load_si512(codes);
    const __m512i low = look_up_128(table, column_codes);
    const __m512i high = look_up_128(table + 128, column_codes);
    sums = _mm512_adds_epu8(sums, _mm512_mask_blend_epi8(_mm512_movepi8_mask(column_codes), low, high));
  }
  return _mm512_cmple_epu8_mask(sums, _mm512_set1_epi8((char)budget));
}

#define SCAN_NAME adloop_scan_avx512
#define SCAN_TARGET TARGET
#define SCAN_MATCH match
#include "scan_loop.h"
#endif

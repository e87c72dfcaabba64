#if defined(__aarch64__)
#include "levels.h"

#include <arm_neon.h>

// Looks 16 codes up in a table of up to 256 entries, 64 by 64: tbx leaves what lies outside its 64 as it is.
static inline uint8x16_t look_up(const uint8_t *table, int entry_count, uint8x16_t codes) {
  uint8x16_t found = vdupq_n_u8(0);
  for (int first = 0; first < entry_count; first += 64) {
    const uint8x16_t index = vsubq_u8(codes, vdupq_n_u8((uint8_t)first));
    found = vqtbx4q_u8(found, vld1q_u8_x4(table + first), index);
  }
  return found;
}

static inline uint16_t match_quarter(const adloop_scan *scan, const uint8_t *codes, int budget) {
  uint8x16_t sums = vdupq_n_u8(0);
  for (uint32_t column = 0; column < scan->column_count; column++) {
    const int entry_count = column < scan->narrow_count ? 64 : column < scan->middle_count ? 128 : 256;
    const uint8x16_t column_codes = vld1q_u8(codes + (size_t)column * ADLOOP_GROUP);
    sums = vqaddq_u8(sums, look_up(scan->tables + (size_t)column * ADLOOP_TABLE, entry_count, column_codes));
  }
  static const uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t matches = vandq_u8(vcleq_u8(sums, vdupq_n_u8((uint8_t)budget)), vld1q_u8(bits));
  return (uint16_t)(vaddv_u8(vget_low_u8(matches)) | vaddv_u8(vget_high_u8(matches)) << 8);
}

static inline uint64_t match(const adloop_scan *scan, const uint8_t *codes, int budget) {
  uint64_t matches = 0;
  for (int quarter = 0; quarter < 4; quarter++)
    matches |= (uint64_t)match_quarter(scan, codes + 16 * quarter, budget) << (16 * quarter);
  return matches;
}

#define SCAN_NAME adloop_scan_neon
#define SCAN_TARGET
#define SCAN_MATCH match
#include "scan_loop.h"
#endif

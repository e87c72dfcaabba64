#include "levels.h"

static inline uint64_t match(const adloop_scan *scan, const uint8_t *codes, int budget) {
  uint16_t sums[ADLOOP_GROUP] = {0};
  for (uint32_t column = 0; column < scan->column_count; column++) {
    const uint8_t *table = scan->tables + (size_t)column * ADLOOP_TABLE;
    const uint8_t *column_codes = codes + (size_t)column * ADLOOP_GROUP;
    for (int lane = 0; lane < ADLOOP_GROUP; lane++) sums[lane] += table[column_codes[lane]];
  }
  uint64_t matches = 0;
  for (int lane = 0; lane < ADLOOP_GROUP; lane++) matches |= (uint64_t)(sums[lane] <= budget) << lane;
  return matches;
}

#define SCAN_NAME adloop_scan_portable
#define SCAN_TARGET
#define SCAN_MATCH match
#include "scan_loop.h"

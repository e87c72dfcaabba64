// One scan a level; see CRanking.h.
#include "CRanking.h"

#define ADLOOP_SCAN(name) \
  adloop_progress name(const adloop_scan *scan, size_t first_group, uint32_t *hits, size_t hit_capacity)

ADLOOP_SCAN(adloop_scan_portable);
#if defined(__x86_64__)
ADLOOP_SCAN(adloop_scan_avx2);
ADLOOP_SCAN(adloop_scan_avx512);
#elif defined(__aarch64__)
ADLOOP_SCAN(adloop_scan_neon);
#endif

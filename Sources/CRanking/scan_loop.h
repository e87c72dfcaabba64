// The loop of a scan, once for each instruction set: define SCAN_NAME, SCAN_TARGET and a function SCAN_MATCH, then include.
// SCAN_MATCH(scan, codes, budget) returns a bit for each of 64 items whose deficits add up to at most budget.

#include "CRanking.h"

static inline int group_budget(const adloop_scan *scan, size_t group) {
  double steps = ((double)scan->group_max[group] + scan->headroom) * scan->steps_per_unit;
  if (!(steps >= 0)) return -1;
  return steps < ADLOOP_BUDGET_MAX ? (int)steps : ADLOOP_BUDGET_MAX;
}

SCAN_TARGET adloop_progress SCAN_NAME(const adloop_scan *scan, size_t first_group, uint32_t *hits,
                                      size_t hit_capacity) {
  adloop_progress progress = {first_group, 0, 0};
  const size_t stride = (size_t)scan->column_count * ADLOOP_GROUP;
  while (progress.next_group < scan->group_count) {
    const size_t block = progress.next_group / ADLOOP_GROUP;
    const size_t base = block * ADLOOP_GROUP;
    const size_t end = base + ADLOOP_GROUP < scan->group_count ? base + ADLOOP_GROUP : scan->group_count;
    uint64_t open = ~(uint64_t)0 << (progress.next_group - base);
    if (end - base < ADLOOP_GROUP) open &= ((uint64_t)1 << (end - base)) - 1;
    if (scan->is_pruned) {
      const int budget = group_budget(scan, progress.next_group);
      if (budget < 0) {
        progress.next_group = scan->group_count;  // group_max descends: nothing below can win either
        break;
      }
      open &= SCAN_MATCH(scan, scan->group_codes + block * stride, budget);
    }
    while (open) {
      const size_t group = base + (size_t)__builtin_ctzll(open);
      open &= open - 1;
      if (open) {
        const uint8_t *ahead = scan->codes + (base + (size_t)__builtin_ctzll(open)) * stride;
        for (size_t line = 0; line < stride; line += 64) __builtin_prefetch(ahead + line);
      }
      const int budget = group_budget(scan, group);
      if (budget < 0 && scan->is_pruned) continue;
      progress.scanned_count++;
      uint64_t matches = SCAN_MATCH(scan, scan->codes + group * stride, budget < 0 ? 0 : budget);
      if (budget < 0) matches = 0;  // looked at, as a measurement asks for, but no hit
      for (; matches; matches &= matches - 1)
        hits[progress.hit_count++] = (uint32_t)(group * ADLOOP_GROUP + (size_t)__builtin_ctzll(matches));
      if (hit_capacity - progress.hit_count < ADLOOP_GROUP) {
        progress.next_group = group + 1;
        return progress;
      }
    }
    progress.next_group = end;
  }
  return progress;
}

#ifndef CRANKING_H
#define CRANKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The scan of a ranking plan: which ads may still beat a threshold.
//
// Ads lie in groups of 64, and groups in blocks of 64. Every ad has one code a column; a request gives every column a
// table of deficits: how many steps the ad's part of the score lies below the best part that any code of the column has
// (rounded down; 255: never). An ad is a hit when the saturated sum of its deficits is at most its group's budget.

enum {
  ADLOOP_GROUP = 64,        // ads of a group, groups of a block
  ADLOOP_TABLE = 256,       // entries of a table
  ADLOOP_BUDGET_MAX = 254,  // a deficit of 255 is above every budget
};

typedef enum {
  ADLOOP_SIMD_PORTABLE = 0,
  ADLOOP_SIMD_NEON = 1,
  ADLOOP_SIMD_AVX2 = 2,
  ADLOOP_SIMD_AVX512 = 3,  // with VBMI
} adloop_simd;

// Whether this processor has what the level needs.
bool adloop_simd_is_available(adloop_simd level);

typedef struct {
  // Column c of group g: 64 codes at 64 * (g * column_count + c); 64-byte aligned, as are the next two.
  const uint8_t *codes;
  // The same for groups: column c of block b at 64 * (b * column_count + c). A group's code stands for all its ads.
  const uint8_t *group_codes;
  // Table of column c at 256 * c.
  const uint8_t *tables;
  // The best static score of each group, descending.
  const float *group_max;
  size_t group_count;
  // Columns below `narrow_count` use codes below 64, those below `middle_count` codes below 128, the others all.
  uint32_t column_count;
  uint32_t narrow_count;
  uint32_t middle_count;
  // Whether groups that can't contain a hit are passed over. Without it every ad is looked at.
  bool is_pruned;
  // A group's budget is floor((group_max + headroom) * steps_per_unit), at most ADLOOP_BUDGET_MAX; below 0 none of its ads is a hit.
  double headroom;
  double steps_per_unit;
} adloop_scan;

typedef struct {
  size_t next_group;     // where to go on: group_count at the end
  size_t scanned_count;  // groups whose ads were looked at
  size_t hit_count;
} adloop_progress;

// Looks at groups from `first_group` on, until the end, or until fewer than 64 places of `hits` are free.
// Hits are places 64 * group + lane, ascending. `hit_capacity` is at least 64.
adloop_progress adloop_scan_groups(adloop_simd level, const adloop_scan *scan, size_t first_group, uint32_t *hits,
                                   size_t hit_capacity);

// Fills deficits[i] = min(255, floor((maximum - values[i]) * steps_per_unit)); a value of -infinity gives 255.
void adloop_quantize(const double *values, size_t count, double maximum, double steps_per_unit, uint8_t *deficits);

#endif

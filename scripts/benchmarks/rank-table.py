"""Prints how AdLoop compares: rank-table.py adloop-1.json … rivals-1.json …; fails when an answer was not exact."""
import json
import statistics
import sys

ours, rivals = [], []
for path in sys.argv[1:]:
    with open(path) as file:
        result = json.load(file)
    if "faiss" in result:
        rivals.append(result)
    else:
        ours.append(result["results"][0] | {"simd": result["simd"]})


def median(results, name, quantile):
    return statistics.median(result[name][f"{quantile}_microseconds"] for result in results)


first = ours[0]
print(f"{first['ad_count']} ads, {first['weight_count']} weights, {first['simd']}, one thread, median of {len(ours)} rounds")
print(f"{'':30} {'p50 µs':>9} {'p99 µs':>9} {'x pruned':>9} {'x full':>9}")
for label, results, name in [
    ("AdLoop, pruned", ours, "pruned"), ("AdLoop, full scan", ours, "full"),
    ("FAISS IndexFlatIP, 32 floats", rivals, "faiss"), ("SciPy CSR, 6 attributes", rivals, "scipy"),
]:
    half, most = (median(results, name, quantile) for quantile in ("p50", "p99"))
    line = f"{label:30} {half:9.1f} {most:9.1f}"
    if results is rivals:
        line += "".join(f" {half / median(ours, scan, 'p50'):9.0f}" for scan in ("pruned", "full"))
    print(line)
different = sum(result["different_count"] for result in ours)
print(f"exact: {different} of {sum(result['checked_count'] for result in ours)} checked answers differ from the reference")
sys.exit(1 if different else 0)

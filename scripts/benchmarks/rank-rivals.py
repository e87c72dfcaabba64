"""Processor time of one thread to find the best two of N ads for one request: rank-rivals.py N

FAISS takes the inner product of the request with 32 floats an ad. SciPy multiplies a CSR matrix of 6 crossed attributes
an ad with the request's weights, adds what doesn't depend on the request, and takes the two largest. Prints JSON.
"""
import json
import sys
import time

import faiss
import numpy as np
import scipy.sparse as sparse

VALUES = (5, 12, 20, 40, 100, 500)  # of the six attributes
REQUESTS = 60


def microseconds(answer, requests):
    times = []
    for request in requests:
        start = time.thread_time_ns()
        answer(request)
        times.append((time.thread_time_ns() - start) / 1000)
    return {"p50_microseconds": float(np.median(times)), "p99_microseconds": float(np.quantile(times, 0.99))}


def faiss_times(count, random):
    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(32)
    index.add(random.standard_normal((count, 32), dtype=np.float32))
    requests = random.standard_normal((REQUESTS, 1, 32), dtype=np.float32)
    return microseconds(lambda request: index.search(request, 2), requests)


def scipy_times(count, random):
    offsets = np.cumsum((0,) + VALUES[:-1])
    codes = [random.integers(0, size, count, dtype=np.int32) + offset for size, offset in zip(VALUES, offsets)]
    columns = np.stack(codes, axis=1).astype(np.int32).ravel()
    rows = np.arange(0, 6 * count + 1, 6, dtype=np.int32)
    matrix = sparse.csr_matrix((np.ones(6 * count, dtype=np.float32), columns, rows), shape=(count, sum(VALUES)))
    static = random.standard_normal(count, dtype=np.float32)

    def answer(weights):
        scores = matrix @ weights
        scores += static
        best = int(scores.argmax())
        scores[best] = -np.inf
        return best, int(scores.argmax())

    return microseconds(answer, random.standard_normal((REQUESTS, sum(VALUES)), dtype=np.float32))


if __name__ == "__main__":
    ads = int(sys.argv[1])
    generator = np.random.default_rng(7)
    print(json.dumps({"faiss": faiss_times(ads, generator), "scipy": scipy_times(ads, generator)}))

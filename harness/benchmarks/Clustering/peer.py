"""scikit-learn's side of ClusteringBenchmark: reads points, answers each line on standard input with 'seconds result' of one call.

Usage: peer.py POINTS ROWS COLUMNS LABELS, float64 points and int32 pairs of labels, row after row.
"""
import sys
import time

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.mixture import GaussianMixture

rows, columns = int(sys.argv[2]), int(sys.argv[3])
points = np.fromfile(sys.argv[1]).reshape(rows, columns)
labels = np.fromfile(sys.argv[4], dtype=np.int32).reshape(-1, 2)


def work(name, clusters, iterations):
    if name == "k-means":
        fit = KMeans(clusters, init=points[:clusters].copy(), n_init=1, max_iter=iterations, tol=0, algorithm="lloyd").fit(points)
        return fit.inertia_
    if name == "gmm":
        start = dict(weights_init=np.full(clusters, 1 / clusters), means_init=points[:clusters],
                     precisions_init=np.array([np.eye(columns)] * clusters))
        fit = GaussianMixture(clusters, tol=0, max_iter=iterations, init_params="random", random_state=0, **start).fit(points)
        return fit.lower_bound_
    if name in ("single", "ward", "complete", "average"):
        found = AgglomerativeClustering(clusters, linkage=name).fit_predict(points)
        return metrics.adjusted_rand_score(labels[:, 0], found)
    if name == "silhouette":
        return metrics.silhouette_score(points, labels[:, 0])
    return metrics.adjusted_mutual_info_score(labels[:, 0], labels[:, 1])


print(sklearn.__version__, flush=True)
for line in sys.stdin:
    name, clusters, iterations = line.split()
    began = time.perf_counter()
    result = work(name, int(clusters), int(iterations))
    print(time.perf_counter() - began, repr(float(result)), flush=True)

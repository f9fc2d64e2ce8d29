"""Scores drawn volumes with the official evaluator and with the harness, from files, and compares every number and the time.

python3 compare.py FOLDER HARNESS [COUNT [EDGE]]

FOLDER is a checkout of github.com/Kainmueller-Lab/evaluate-instance-segmentation, HARNESS the harness program. Each of COUNT volumes (50)
of EDGE³ voxels (128) holds six neurons and as many predictions that copy, merge, cut, shift or invent them. In turn, both
programs score ten of them in one process, which is timed as a whole. Needs python3-skimage, python3-h5py, python3-zarr, python3-toml.
"""
import math
import os
import resource
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np
import toml
import zarr

from drawing import SplitMix

OFFICIAL = """
import sys, types
for missing in ("natsort", "tifffile"):
    try: __import__(missing)
    except ImportError:
        sys.modules[missing] = types.ModuleType(missing); sys.modules[missing].natsorted = sorted
sys.path.insert(0, sys.argv[1])
from evalinstseg.evaluate import evaluate_file
for prediction in sys.argv[4:]:
    evaluate_file(prediction, prediction.replace(".hdf", ".zarr"), 3, sys.argv[2], res_key="volumes/labels", gt_key="volumes/gt_instances",
        localization_criterion="cldice", assignment_strategy="greedy", remove_small_components=100, evaluate_false_labels=True,
        eval_dim=True, partly=sys.argv[3] == "partly", add_general_metrics=["avg_gt_skel_coverage", "avg_f1_cov_score", "false_merge",
        "false_split", "avg_gt_cov_dim", "avg_gt_cov_overlap"])
"""


def neuron(chance, edge):
    """A ball along a line that turns a little at every step."""
    volume = np.zeros((edge, edge, edge), dtype=bool)
    unit = lambda: chance.next() / 2.0**64
    at = np.array([unit() * edge for _ in range(3)])
    direction = np.array([unit() - 0.5 for _ in range(3)])
    radius = 1.5 + 1.5 * unit()
    reach = math.ceil(radius)
    for _ in range(4 * edge):
        direction = direction / np.linalg.norm(direction) + np.array([(unit() - 0.5) * 0.4 for _ in range(3)])
        direction /= np.linalg.norm(direction)
        at += direction
        for axis in range(3):
            if not 0 <= at[axis] < edge:
                direction[axis] = -direction[axis]
                at[axis] = min(max(at[axis], 0), edge - 1)
        low = [max(0, int(c) - reach) for c in at]
        high = [min(edge, int(c) + reach + 2) for c in at]
        z, y, x = np.ogrid[low[0] : high[0], low[1] : high[1], low[2] : high[2]]
        ball = (z - at[0]) ** 2 + (y - at[1]) ** 2 + (x - at[2]) ** 2 <= radius**2
        volume[low[0] : high[0], low[1] : high[1], low[2] : high[2]] |= ball
    return volume


def sample(seed, edge):
    chance = SplitMix(seed)
    truths = [neuron(chance, edge) for _ in range(6)]
    predictions = []
    for _ in range(6):
        kind, one, other, cut = chance.below(5), chance.below(6), chance.below(6), chance.below(edge)
        if kind == 0:
            predictions.append(truths[one])
        elif kind == 1:
            predictions.append(truths[one] | truths[other])
        elif kind == 2:
            predictions.append(truths[one] & (np.arange(edge) < cut))
        elif kind == 3:
            predictions.append(np.roll(truths[one], 1, 2))
        else:
            predictions.append(neuron(chance, edge))
    if seed % 2 == 0:
        labels = np.zeros((edge, edge, edge), dtype=np.int32)
        for index, mask in enumerate(predictions):
            labels[mask] = 3 * index + 2
    else:
        labels = np.stack([mask * (index + 1) for index, mask in enumerate(predictions)]).astype(np.int32)
    return np.stack([mask * (index + 1) for index, mask in enumerate(truths)]).astype(np.uint8), labels


def write(folder, seed, edge):
    truth, labels = sample(seed, edge)
    root = zarr.open(f"{folder}/sample{seed}.zarr", mode="w")
    array = root.create_dataset("volumes/gt_instances", data=truth, chunks=(2, 25, 50, 50), compressor=zarr.GZip(1))
    array.attrs["dim_neurons"] = [1, 4]
    with h5py.File(f"{folder}/sample{seed}.hdf", "w") as file:
        file.create_dataset("volumes/labels", data=labels, compression="gzip")
    return f"{folder}/sample{seed}.hdf"


def timed(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command[:3])} …: {done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def equal(ours, theirs, path=""):
    if isinstance(theirs, dict):
        return [p for key in theirs for p in equal(ours.get(key), theirs[key], f"{path}.{key}")]
    if isinstance(theirs, list):
        same = ours is not None and len(ours) == len(theirs) and all(float(a) == float(b) for a, b in zip(ours, theirs))
    else:
        same = ours is not None and float(ours) == float(theirs)
    return [] if same else [f"{path}: ours {ours}, official {theirs}"]


def compare(seeds, edge, official, harness, partly):
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/files")
        predictions = [write(f"{folder}/files", seed, edge) for seed in seeds]
        slow = timed([sys.executable, "-c", OFFICIAL, official, f"{folder}/official", "partly" if partly else "complete", *predictions])
        fast = timed([harness, "fisbe", "score", f"{folder}/files", f"{folder}/files", "--prediction-key", "volumes/labels", "--smallest", "100",
                      "--output", f"{folder}/ours", "--threads", "2", *(["--partly"] if partly else [])])
        wrong = []
        for seed in seeds:
            name = f"sample{seed}_volumes_labels_cldice_greedy_rm100.toml"
            with open(f"{folder}/official/{name}") as theirs, open(f"{folder}/ours/{name}") as ours:
                wrong += equal(toml.load(ours), toml.load(theirs), f"sample{seed}")
    print(f"volumes {seeds[0]} to {seeds[-1]}{', partly' if partly else ''}: {len(wrong)} differences; official {slow[0]:.1f} s wall {slow[1]:.1f} s cpu, "
          f"ours {fast[0]:.2f} s wall {fast[1]:.2f} s cpu", *wrong[:3], sep="\n    " if wrong else "", flush=True)
    return len(wrong), slow[0] / fast[0], slow[1] / fast[1]


if __name__ == "__main__":
    official, harness = sys.argv[1:3]
    count, edge = int(sys.argv[3]) if len(sys.argv) > 3 else 50, int(sys.argv[4]) if len(sys.argv) > 4 else 128
    rounds = [compare(range(first, min(first + 10, count)), edge, official, harness, partly=first % 20 == 10) for first in range(0, count, 10)]
    differences = sum(result[0] for result in rounds)
    wall, cpu = (sorted(result[k] for result in rounds)[len(rounds) // 2] for k in (1, 2))
    print(f"{count} volumes of {edge}³: {differences} differing numbers; the official evaluator takes {wall:.1f} times our wall time and "
          f"{cpu:.1f} times our processor time (medians)")
    sys.exit(1 if differences else 0)

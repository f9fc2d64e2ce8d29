"""Makes scores.json with the official evaluator: python3 scores.py FOLDER [HARNESS_DATA] > scores.json

FOLDER is a checkout of github.com/Kainmueller-Lab/evaluate-instance-segmentation (made with commit cc34f4d, scikit-image 0.19.3,
NumPy 1.24). The analytic cases are boxes; the drawn ones come from SplitMix64; the crop is FISBe's JRC_SS05008-20160318_24_B2.
"""
import contextlib
import io
import json
import logging
import sys
import types
import warnings

import numpy as np
from scipy import ndimage

from drawing import SplitMix, walk

sys.path.insert(0, sys.argv[1])
# Not needed for arrays in memory, and not packaged everywhere.
for missing in ("natsort", "tifffile"):
    with contextlib.suppress(ImportError):
        __import__(missing)
    if missing not in sys.modules:
        sys.modules[missing] = types.ModuleType(missing)
        sys.modules[missing].natsorted = sorted
from evalinstseg.evaluate import evaluate_volume  # noqa: E402

logging.disable(logging.CRITICAL)
METRICS = ["avg_gt_skel_coverage", "avg_f1_cov_score", "false_merge", "false_split", "avg_gt_cov_dim", "avg_gt_cov_overlap"]


def evaluate(gt, pred, smallest, partly, dim):
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        result = evaluate_volume(
            gt.copy(), pred.copy(), 3, "unused", localization_criterion="cldice", assignment_strategy="greedy",
            evaluate_false_labels=True, add_general_metrics=METRICS, remove_small_components=smallest, partly=partly, dim_insts=dim)
    return plain(result.metricsDict)


def plain(value):
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, np.ndarray)):
        return [plain(entry) for entry in value]
    return value.item() if isinstance(value, np.generic) else value


def box(shape, *ranges):
    volume = np.zeros(shape, dtype=np.uint16)
    for z0, z1, y0, y1, x0, x1 in ranges:
        volume[z0:z1, y0:y1, x0:x1] = 1
    return volume


def stack(*masks):
    return np.stack([mask * (index + 1) for index, mask in enumerate(masks)]).astype(np.uint16)


def analytic():
    c, s = (30, 30, 30), (9, 20, 48)
    x, y = box(c, (14, 17, 14, 17, 5, 25)), box(c, (14, 17, 5, 25, 14, 17))
    y1, y2 = box(c, (14, 17, 5, 14, 14, 17)), box(c, (14, 17, 17, 25, 14, 17))
    t1, t2 = box(s, (3, 6, 4, 7, 4, 44)), box(s, (3, 6, 12, 15, 4, 44))
    h1, h2 = box(s, (3, 6, 4, 7, 4, 24)), box(s, (3, 6, 4, 7, 24, 44))
    q1, q3 = box(s, (3, 6, 4, 7, 4, 14)), box(s, (3, 6, 4, 7, 14, 44))
    spurious = box(s, (3, 6, 16, 19, 4, 20))
    bend = box(c, (10, 13, 4, 26, 6, 9), (10, 13, 23, 26, 6, 26))
    yield "A", stack(x, y), stack(x, y), 0, False
    yield "B", stack(t1), stack(h1, h2), 0, False
    yield "B2", stack(t1, t2), stack(q1, q3, t2), 0, False
    yield "C", stack(t1, t2), stack(t1 | t2), 0, False
    yield "D", stack(t1, t2), stack(t1, spurious), 0, False
    yield "D-partly", stack(t1, t2), stack(t1, spurious), 0, True
    yield "E", stack(x, y), stack(x, y1, y2), 0, False
    yield "E2", stack(x, y), stack(x | y, y1), 0, False
    yield "F", stack(bend), stack(np.roll(bend, 1, 2)), 0, False
    yield "F2", stack(bend), stack(np.roll(bend, 2, 2)), 0, False
    yield "G", stack(t1, t2), stack(t1, h2), 200, False
    yield "H", t1 * 5 + t2 * 9, t1 * 300 + t2 * 7, 0, False


def real(folder):
    from skeletons import read_crop

    gt, raw = read_crop(folder, "gt_instances")[:3], read_crop(folder, "raw")[:3]
    yield "crop", gt, gt, 0, False
    yield "R1", gt, np.roll(gt, 1, 3), 0, False
    yield "R2", gt, ((gt[0] > 0) | (gt[1] > 0)).astype(np.uint16)[None], 0, False
    components, _ = ndimage.label(raw.max(axis=0) > 608, structure=np.ones((3, 3, 3)))
    yield "R3", gt, components.astype(np.uint16)[None], 50, False


def labels(masks, single, factor, offset):
    """One channel for each mask, or one label map in which later masks lie on top."""
    if not single:
        return np.stack([mask * (index * factor + offset) for index, mask in enumerate(masks)]).astype(np.int32)
    volume = np.zeros(masks[0].shape, dtype=np.int32)
    for index, mask in enumerate(masks):
        volume[mask] = index * factor + offset
    return volume[None]


def drawn(seed):
    chance = SplitMix(seed)
    shape = (14 + chance.below(4), 30 + chance.below(10), 30 + chance.below(10))

    def neuron():
        start = [chance.below(length) for length in shape]
        return walk(chance, shape, 1 + chance.below(2), 20 + chance.below(60), start)

    truths = [neuron() for _ in range(2 + chance.below(5))]
    predictions = []
    for _ in range(1 + chance.below(8)):
        kind, one, other, cut = chance.below(5), chance.below(len(truths)), chance.below(len(truths)), chance.below(shape[2])
        if kind == 0:
            predictions.append(truths[one])
        elif kind == 1:
            predictions.append(truths[one] | truths[other])
        elif kind == 2:
            predictions.append(truths[one] & (np.arange(shape[2]) < cut))
        elif kind == 3:
            moved = np.roll(truths[one], 1, 2)
            moved[:, :, 0] = False
            predictions.append(moved)
        else:
            predictions.append(neuron())
    gt = labels(truths, chance.below(4) == 0, 1, 1)
    pred = labels(predictions, chance.below(2) == 0, 1 + chance.below(3), 1 + chance.below(5))
    dim = [len(truths), 1] if gt.shape[0] > 1 else []
    return gt, pred, 30, seed % 3 == 0, dim


if __name__ == "__main__":
    cases = []
    for name, gt, pred, smallest, partly in [*analytic(), *(real(sys.argv[2]) if len(sys.argv) > 2 else [])]:
        cases.append(dict(name=name, smallest=smallest, partly=partly, scores=evaluate(gt, pred, smallest, partly, [])))
    for seed in range(60):
        gt, pred, smallest, partly, dim = drawn(seed)
        try:
            cases.append(dict(seed=seed, scores=evaluate(gt, pred, smallest, partly, dim)))
        except ValueError:
            print(f"seed {seed}: the evaluator cannot score an empty prediction", file=sys.stderr)
    print('{"origin": "evaluate-instance-segmentation cc34f4d, scikit-image 0.19.3", "cases": [')
    print(",\n".join(json.dumps(case) for case in cases))
    print("]}")

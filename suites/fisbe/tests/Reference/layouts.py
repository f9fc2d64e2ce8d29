"""Makes layouts.json with the official evaluator, as scores.py does: the files it writes for three runs of drawn volumes.

python3 layouts.py FOLDER > layouts.json
"""
import contextlib
import io
import json
import os
import sys
import tempfile

import numpy
import pandas
import toml

from scores import drawn, evaluate
from evalinstseg.summarize import aggregate_and_report, summarize_metric_dict
from evalinstseg.util import print_and_collect_stats

SUMMARY = [
    "general.Num GT", "general.Num Pred", "general.avg_f1_cov_score", "confusion_matrix.avFscore", "general.avg_gt_skel_coverage",
    "confusion_matrix.th_0_5.AP_TP", "confusion_matrix.th_0_5.AP_FP", "confusion_matrix.th_0_5.AP_FN", "general.FM", "general.FS",
    "general.TP_05", "general.TP_05_rel", "general.avg_TP_05_cldice", "general.GT_dim", "general.TP_05_dim", "general.TP_05_rel_dim",
    "general.avg_gt_cov_dim", "general.GT_overlap", "general.TP_05_overlap", "general.TP_05_rel_overlap", "general.avg_gt_cov_overlap",
    *(f"confusion_matrix.th_0_{n}.fscore" for n in range(1, 10))]
RUNS = [list(range(0, 8)), list(range(8, 16)), list(range(16, 24))]


def written(call):
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "file.csv")
        call(name)
        with open(name, newline="") as file:
            return file.read()


runs = []
for seeds in RUNS:
    metrics = [evaluate(*drawn(seed)) for seed in seeds]
    flags = [seed % 3 == 0 for seed in seeds]
    with contextlib.redirect_stdout(io.StringIO()):
        runs.append((seeds, metrics, flags, aggregate_and_report(metrics, [str(seed) for seed in seeds], numpy.array(flags))))

cases = []
for seeds, metrics, flags, (complete, partly, combined) in runs:
    names = [str(seed) for seed in seeds]
    parts = {}
    for title, chosen, pooled in (("summary", [True] * len(seeds), combined), ("complete", [not f for f in flags], complete), ("partly", flags, partly)):
        pick = [i for i, keep in enumerate(chosen) if keep]
        parts[title] = written(lambda name: summarize_metric_dict([metrics[i] for i in pick], [names[i] for i in pick], SUMMARY, name, pooled[1]))
    cases.append(dict(seeds=seeds, **parts, toml=toml.dumps(metrics[0])))

with contextlib.redirect_stdout(io.StringIO()):
    rows = []
    for index, mode in enumerate(("MODE 1: COMPLETE", "MODE 2: PARTLY", "MODE 3: COMBINED")):
        rows += print_and_collect_stats(mode, [run[3][index][1] for run in runs], 3)
cases.append(dict(stability=written(lambda name: pandas.DataFrame(rows).to_csv(name, index=False))))
print('{"origin": "evaluate-instance-segmentation cc34f4d, scikit-image 0.19.3", "cases": [')
print(",\n".join(json.dumps(case) for case in cases))
print("]}")

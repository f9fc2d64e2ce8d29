"""Makes skeletons.json with scikit-image (Debian 12: python3-skimage 0.19.3): python3 skeletons.py [HARNESS_DATA [SAMPLE ...]] > skeletons.json

Every shape is drawn from SplitMix64, so that the tests draw the same ones. A skeleton is named by its size and by the SHA-256 of its
voxel numbers, ascending, as little-endian int32.
"""
import hashlib
import json
import sys
import zipfile
import gzip

import numpy as np
import skimage
from skimage.morphology import skeletonize

from drawing import SplitMix, noise, walk

def name(volume):
    skeleton = np.flatnonzero(skeletonize(volume.astype(np.uint8)) > 0).astype("<i4")
    return len(skeleton), hashlib.sha256(skeleton.tobytes()).hexdigest()


def drawn():
    for seed, (percent, shape) in enumerate(
        [(p, s) for p in (10, 30, 50, 70, 90, 97) for s in ((9, 10, 11), (5, 64, 3), (6, 7, 130), (1, 40, 30), (2, 20, 20))]
    ):
        voxels = noise(SplitMix(seed), shape, percent)
        size, digest = name(voxels)
        yield dict(kind="noise", seed=seed, shape=shape, percent=percent, voxels=int(voxels.sum()), size=size, sha256=digest)
    for seed, (radius, shape) in enumerate([(r, s) for r in (0, 1, 2, 3, 5) for s in ((20, 30, 40), (40, 20, 70), (1, 50, 60))]):
        voxels = walk(SplitMix(1000 + seed), shape, radius, 200)
        size, digest = name(voxels)
        yield dict(kind="walk", seed=1000 + seed, shape=shape, radius=radius, voxels=int(voxels.sum()), size=size, sha256=digest)


def read_crop(folder, key):
    with zipfile.ZipFile(f"{folder}/fisbe/JRC_SS05008-20160318_24_B2_crop.zip") as archive:
        parts = {n.split(key + "/")[1]: archive.read(n) for n in archive.namelist() if key + "/" in n and not n.endswith("/")}
    meta = json.loads(parts[".zarray"])
    volume = np.zeros((4, 50, 50, 50), dtype=meta["dtype"])
    for name, content in parts.items():
        if not name.startswith("."):
            chunk = np.frombuffer(gzip.decompress(content), dtype=meta["dtype"]).reshape(meta["chunks"])
            first = [int(part) * length for part, length in zip(name.split("."), meta["chunks"])]
            volume[tuple(slice(f, f + length) for f, length in zip(first, meta["chunks"]))] = chunk
    return volume


def crop(folder):
    volume = read_crop(folder, "gt_instances")
    for channel in range(3):
        size, digest = name(volume[channel] > 0)
        yield dict(kind="crop", channel=channel, shape=(50, 50, 50), voxels=int((volume[channel] > 0).sum()), size=size, sha256=digest)


def predicted(folder, sample):
    import h5py

    with h5py.File(f"{folder}/fisbe/{sample}.hdf") as file:
        labels = np.array(file["volumes/gmm_label_cleaned"])
    for label, voxels in zip(*np.unique(labels, return_counts=True)):
        if label == 0 or voxels <= 800:
            continue
        size, digest = name(labels == label)
        yield dict(kind="prediction", sample=sample, label=int(label), shape=labels.shape, voxels=int(voxels), size=size, sha256=digest)


if __name__ == "__main__":
    cases = list(drawn())
    if len(sys.argv) > 1:
        cases += crop(sys.argv[1])
        for sample in sys.argv[2:]:
            cases += predicted(sys.argv[1], sample)
    print(json.dumps(dict(origin=f"scikit-image {skimage.__version__} skeletonize"))[:-1] + ', "cases": [')
    print(",\n".join(json.dumps(case) for case in cases))
    print("]}")

"""Makes the seeds that other programs write: run with Debian's python3-h5py and python3-numcodecs, in this folder."""
import h5py
import numcodecs
import numpy as np


def write(name, fill, **options):
    with h5py.File(name, "w", **options) as file:
        fill(file)


def spikes(file):
    times, units = h5py.vlen_dtype(np.float16), h5py.vlen_dtype(np.uint16)
    group = file.create_group("spikes")
    group.create_dataset("times", (4,), dtype=times)
    group.create_dataset("units", (4,), dtype=units)
    for i in range(4):
        group["times"][i] = np.linspace(0, 1, 5 + i).astype(np.float16)
        group["units"][i] = (np.arange(5 + i) * 97 % 700).astype(np.uint16)
    file["labels"] = np.array([3, 1, 4, 1], np.uint16)
    file["extra/speaker"] = np.array([0, 0, 1, 1], np.uint16)
    file["extra/keys"] = np.array([b"zero", b"one", b"two", b"three", b"four"])


def electrodes(file):
    counts = np.array([3, 0, 5], np.int32)
    options = dict(compression="gzip", chunks=True)
    file.create_dataset("spikes", data=np.sort(np.linspace(0, 60, 8)), **options)
    file.create_dataset("sCount", data=counts, **options)
    file.create_dataset("epos", data=np.arange(6.0).reshape(2, 3), **options)
    file["summary/duration"] = np.array([60.0])
    file["meta/age"] = np.array([9], np.int32)
    file["meta/cond"] = np.array([b"CTRL"])


def volumes(file):
    labels = np.zeros((4, 9, 11), np.int32)
    labels[1:3, 2:6, 3:8] = 7
    file.create_dataset("volumes/labels", data=labels, compression="gzip", shuffle=True, fletcher32=True, chunks=(2, 5, 6))
    file["volumes/raw"] = np.arange(3 * 4 * 5, dtype="<u2").reshape(3, 4, 5)
    file["volumes/raw"].attrs["resolution"] = [440.0, 440.0, 440.0]


for style in ("earliest", "latest"):
    write(f"spikes-{style}.h5", spikes, libver=style)
    write(f"electrodes-{style}.h5", electrodes, libver=style)
    write(f"volumes-{style}.h5", volumes, libver=style)

ramp = (np.arange(4000) // 7 % 91 * (np.arange(4000) // 500 % 3)).astype("<u2")
for name, codec in {
    "lz4": numcodecs.Blosc("lz4", 5, numcodecs.Blosc.SHUFFLE, blocksize=2048),
    "zstd": numcodecs.Blosc("zstd", 3, numcodecs.Blosc.BITSHUFFLE),
    "zlib": numcodecs.Blosc("zlib", 3, numcodecs.Blosc.NOSHUFFLE),
    "blosclz": numcodecs.Blosc("blosclz", 9, numcodecs.Blosc.SHUFFLE, blocksize=2048),
}.items():
    with open(f"ramp-{name}.blosc", "wb") as file:
        file.write(codec.encode(ramp))

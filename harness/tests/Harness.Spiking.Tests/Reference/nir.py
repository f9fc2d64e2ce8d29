"""A graph of every kind of NIR node, written by h5py in the layout of the nir package, and what it computes by forward Euler in numpy.

Writes graph.nir and nir.json (every dataset of the file; inputs and outputs of eight steps of 1 ms) beside itself, for the tests in Nir.
"""
import json
import pathlib

import h5py
import numpy as np

draw = np.random.default_rng(5)
H = 1e-3
HERE = pathlib.Path(__file__).parent


def real(*shape):
    return draw.normal(size=shape).astype(np.float32)


def full(value, *shape):
    return np.full(shape, value)


NODES = {
    "image": dict(type="Input", shape=np.array([2, 6, 6])),
    "conv": dict(type="Conv2d", input_shape=np.array([6, 6]), weight=real(4, 1, 3, 3), bias=real(4), stride=np.array([1, 1]),
                 padding=np.array([1, 1]), dilation=np.array([1, 1]), groups=2),
    "if": dict(type="IF", r=full(1000., 4, 6, 6), v_threshold=full(1., 4, 6, 6), v_reset=full(0.1, 4, 6, 6)),
    "sum": dict(type="SumPool2d", kernel_size=np.array([2, 2]), stride=np.array([2, 2]), padding=np.array([0, 0])),
    "mean": dict(type="AvgPool2d", kernel_size=np.array([3, 3]), stride=np.array([2, 2]), padding=np.array([1, 1])),
    "flat": dict(type="Flatten", start_dim=0, end_dim=-1, input_type=np.array([4, 2, 2])),
    "affine": dict(type="Affine", weight=real(5, 16), bias=real(5)),
    # Early versions have no reset.
    "lif": dict(type="LIF", tau=full(5e-3, 5), r=full(2., 5), v_leak=full(0.2, 5), v_threshold=full(0.3, 5)),
    "back": dict(type="Linear", weight=real(5, 5)),
    "delay": dict(type="Delay", delay=np.array([0, 1e-3, 2e-3, 3e-3, 1e-3])),
    "scale": dict(type="Scale", scale=real(5)),
    "cuba": dict(type="CubaLIF", tau_syn=full(4e-3, 5), tau_mem=full(6e-3, 5), r=full(1.5, 5), v_leak=full(-0.1, 5),
                 v_threshold=full(0.2, 5), v_reset=full(-0.2, 5), w_in=5.),
    "inner": dict(type="NIRGraph", nodes={
        "input": dict(type="Input", shape=np.array([5])),
        "cubali": dict(type="CubaLI", tau_syn=full(2e-3, 5), tau_mem=full(8e-3, 5), r=full(1., 5), v_leak=full(0., 5), w_in=full(2., 5)),
        "i": dict(type="I", r=full(300., 5)),
        "output": dict(type="Output", shape=np.array([5])),
    }, edges=[("input", "cubali"), ("cubali", "i"), ("i", "output")]),
    "li": dict(type="LI", tau=full(3e-3, 5), r=full(1., 5), v_leak=full(0.05, 5)),
    "step": dict(type="Threshold", threshold=full(0.04, 5)),
    "answer": dict(type="Output", shape=np.array([5])),
    "raw": dict(type="Output", shape=np.array([5])),
    "sound": dict(type="Input", shape=np.array([2, 9])),
    "conv1": dict(type="Conv1d", weight=real(3, 2, 3), bias=real(3), stride=2, padding=1, dilation=2, groups=1, input_shape=9),
    "same": dict(type="Conv1d", weight=real(2, 3, 3), bias=real(2), stride=1, padding="same", dilation=1, groups=1),
    "echo": dict(type="Output", shape=np.array([2, 4])),
}
EDGES = [("image", "conv"), ("conv", "if"), ("if", "sum"), ("sum", "mean"), ("mean", "flat"), ("flat", "affine"), ("affine", "lif"),
         ("lif", "back"), ("back", "lif"), ("lif", "delay"), ("delay", "scale"), ("scale", "cuba"), ("cuba", "inner"), ("inner", "li"),
         ("li", "step"), ("li", "raw"), ("step", "answer"), ("sound", "conv1"), ("conv1", "same"), ("same", "echo")]
METADATA = {"made_by": "nir.py", "seed": 5}


def write(group, node):
    for name, value in node.items():
        if name == "nodes":
            for inner, one in value.items():
                write(group.create_group(f"nodes/{inner}"), one)
        elif name == "edges":
            group.create_dataset("edges", data=np.array(value, dtype=object), dtype=h5py.string_dtype())
        elif name == "metadata":
            write(group.create_group("metadata"), value)
        elif isinstance(value, str):
            group.create_dataset(name, data=value, dtype=h5py.string_dtype())
        elif isinstance(value, np.ndarray):
            group.create_dataset(name, data=value, compression="gzip" if value.size > 20 else None)
        else:
            group.create_dataset(name, data=value)


def convolve(x, node, axes):
    stride, dilation = (np.broadcast_to(node[k], axes) for k in ("stride", "dilation"))
    taps = node["weight"].shape[2:]
    pad = [d * (k - 1) // 2 for d, k in zip(dilation, taps)] if isinstance(node["padding"], str) else np.broadcast_to(node["padding"], axes)
    padded = np.pad(x, [(0, 0)] + [(p, p) for p in pad])
    sizes = [(n - d * (k - 1) - 1) // s + 1 for n, d, k, s in zip(padded.shape[1:], dilation, taps, stride)]
    outputs, inner = node["weight"].shape[:2]
    y = np.zeros([outputs] + sizes)
    for place in np.ndindex(*y.shape):
        first = place[0] // (outputs // node["groups"]) * inner
        window = tuple(slice(p * s, p * s + d * (k - 1) + 1, d) for p, s, d, k in zip(place[1:], stride, dilation, taps))
        y[place] = (padded[(slice(first, first + inner),) + window] * node["weight"][place[0]].astype(float)).sum() + node["bias"][place[0]]
    return y


def pool(x, node, mean):
    (kh, kw), (sh, sw), (ph, pw) = node["kernel_size"], node["stride"], node["padding"]
    padded = np.pad(x, ((0, 0), (ph, ph), (pw, pw)))
    rows, columns = (padded.shape[1] - kh) // sh + 1, (padded.shape[2] - kw) // sw + 1
    y = np.array([[[padded[c, r * sh:r * sh + kh, k * sw:k * sw + kw].sum() for k in range(columns)] for r in range(rows)]
                  for c in range(len(x))])
    return y / (kh * kw) if mean else y


STATE = {}


def compute(name, node, x):
    kind = node["type"]
    v, i, line = STATE.setdefault(name, [node.get("v_leak", 0.), 0., []])
    if kind in ("Input", "Output"):
        return x
    if kind == "Flatten":
        return x.reshape(-1)
    if kind in ("Affine", "Linear"):
        return node["weight"].astype(float) @ x + node.get("bias", 0)
    if kind == "Scale":
        return x * node["scale"]
    if kind == "Threshold":
        return (x > node["threshold"]).astype(float)
    if kind in ("Conv1d", "Conv2d"):
        return convolve(x, node, int(kind[4]))
    if kind in ("SumPool2d", "AvgPool2d"):
        return pool(x, node, kind == "AvgPool2d")
    if kind == "Delay":
        line.append(x)
        steps = np.round(node["delay"] / H).astype(int)
        return np.array([line[-1 - d][k] if d < len(line) else 0. for k, d in enumerate(steps)])
    if kind in ("I", "IF"):
        v = v + H * node["r"] * x
    else:
        if kind.startswith("Cuba"):
            i = i + H / node["tau_syn"] * (-i + node["w_in"] * x)
            v = v + H / node["tau_mem"] * (node["v_leak"] - v + node["r"] * i)
        else:
            v = v + H / node["tau"] * (node["v_leak"] - v + node["r"] * x)
    y = v
    if kind.endswith("IF"):
        y = (v > node["v_threshold"]).astype(float)
        v = np.where(y > 0, node.get("v_reset", 0.), v)
    STATE[name] = [v, i, line]
    return y


def steps(count):
    """'back' brings what 'lif' gave a step before."""
    back, inputs, outputs = np.zeros(5), [], []
    for _ in range(count):
        image, sound = np.round(draw.normal(size=(2, 6, 6)), 2), np.round(draw.normal(size=(2, 9)), 2)
        x = image
        for name in ("conv", "if", "sum", "mean", "flat", "affine"):
            x = compute(name, NODES[name], x)
        x = compute("lif", NODES["lif"], x + back)
        back = compute("back", NODES["back"], x)
        for name in ("delay", "scale", "cuba"):
            x = compute(name, NODES[name], x)
        for name in ("cubali", "i"):
            x = compute(name, NODES["inner"]["nodes"][name], x)
        raw = compute("li", NODES["li"], x)
        x = compute("step", NODES["step"], raw)
        y = compute("same", NODES["same"], compute("conv1", NODES["conv1"], sound))
        inputs.append({"image": image.ravel().tolist(), "sound": sound.ravel().tolist()})
        outputs.append({"answer": x.tolist(), "echo": y.ravel().tolist(), "raw": raw.tolist()})
    return inputs, outputs


with h5py.File(HERE / "graph.nir", "w") as file:
    file.create_dataset("version", data="1.0", dtype=h5py.string_dtype())
    write(file.create_group("node"), dict(type="NIRGraph", nodes=NODES, edges=EDGES, metadata=METADATA))

content = {}
with h5py.File(HERE / "graph.nir") as file:
    def keep(path, item):
        if isinstance(item, h5py.Dataset):
            value = item[()]
            texts = item.dtype == object
            content[path] = {"type": "text" if texts else str(item.dtype), "shape": list(item.shape),
                             "values": [v.decode() for v in np.ravel(value)] if texts else np.ravel(value).tolist()}
    file.visititems(keep)
inputs, outputs = steps(8)
(HERE / "nir.json").write_text(json.dumps({"content": content, "inputs": inputs, "outputs": outputs}, separators=(",", ":")) + "\n")
print(len(content), "datasets,", (HERE / "graph.nir").stat().st_size, "bytes,", [o["answer"] for o in outputs])

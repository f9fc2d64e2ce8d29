"""Spikformer out of SpikingJelly's parts, for SpikformerBenchmark: python3 spikingjelly.py FOLDER WEIGHTS IMAGES THREADS

FOLDER is a checkout of github.com/fangwei123456/spikingjelly (measured with release 0.0.0.0.14). WEIGHTS holds lines with the names of the
suite's parameters, each followed by its float32 values, and last the line "images" with theirs. Reads "train N", "infer N" and "answers" from standard input; answers with
the seconds of a call, or with the class of each image.
"""
import sys
import time

import numpy as np

sys.path.insert(0, sys.argv[1])
import torch  # noqa: E402
from spikingjelly.activation_based import functional, layer, neuron, surrogate  # noqa: E402
from torch import nn  # noqa: E402

SIDE, WIDTH, DEPTH, HEADS, RATIO, STEPS, CLASSES, SCALE = 28, 64, 2, 4, 4, 4, 10, 0.125


def lif(threshold=1.0):
    return neuron.LIFNode(tau=2.0, decay_input=True, v_threshold=threshold, v_reset=0.0,
                          surrogate_function=surrogate.Sigmoid(alpha=4.0), detach_reset=True, step_mode="m", backend="torch")


class Conv(nn.Module):
    def __init__(self, inputs, outputs, pool):
        super().__init__()
        self.conv = layer.Conv2d(inputs, outputs, 3, padding=1, bias=False, step_mode="m")
        self.norm = layer.BatchNorm2d(outputs, step_mode="m")
        self.lif = lif()
        self.pool = layer.MaxPool2d(3, 2, 1, step_mode="m") if pool else None

    def forward(self, x):
        x = self.lif(self.norm(self.conv(x)))
        return self.pool(x) if self.pool else x


class Dense(nn.Module):
    """Linear, batch norm over steps, samples and tokens, neurons; [steps, samples, tokens, width]."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs)
        self.norm = nn.BatchNorm1d(outputs)
        self.lif = lif()

    def forward(self, x):
        y = self.linear(x)
        return self.lif(self.norm(y.flatten(0, 2)).view(y.shape))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = Dense(WIDTH, WIDTH), Dense(WIDTH, WIDTH), Dense(WIDTH, WIDTH)
        self.lif = lif(0.5)
        self.output = Dense(WIDTH, WIDTH)

    def forward(self, x):
        split = lambda y: y.unflatten(3, (HEADS, WIDTH // HEADS)).transpose(2, 3)
        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        y = (q @ (k.transpose(-2, -1) @ v)) * SCALE
        return self.output(self.lif(y.transpose(2, 3).flatten(3)))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention, self.widen, self.narrow = Attention(), Dense(WIDTH, WIDTH * RATIO), Dense(WIDTH * RATIO, WIDTH)

    def forward(self, x):
        x = x + self.attention(x)
        return x + self.narrow(self.widen(x))


class Spikformer(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [1, WIDTH // 8, WIDTH // 4, WIDTH // 2, WIDTH]
        self.patches = nn.Sequential(*[Conv(widths[i], widths[i + 1], i >= 2) for i in range(4)])
        self.position = Conv(WIDTH, WIDTH, False)
        self.blocks = nn.Sequential(*[Block() for _ in range(DEPTH)])
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, images):
        x = self.patches(images.unsqueeze(0).repeat(STEPS, 1, 1, 1, 1))
        x = x + self.position(x)
        x = self.blocks(x.flatten(3).transpose(2, 3).contiguous())
        return self.head(x.mean(dim=(0, 2)))


def slots(network):
    """By the suite's names; query, key and value are one layer there, so a name may stand for three tensors."""
    found = {}

    def add(name, parts, *units):
        for part in parts:
            for kind in ("weight", "bias"):
                tensors = [getattr(getattr(unit, parts[part]), kind) for unit in units]
                if tensors[0] is not None:
                    found[f"{name}.{part}.{kind}"] = tensors

    convolution, dense = {"convolution": "conv", "norm": "norm"}, {"linear": "linear", "norm": "norm"}
    for index, unit in enumerate(network.patches):
        add(f"patches{index + 1}", convolution, unit)
    add("position", convolution, network.position)
    for index, block in enumerate(network.blocks):
        attention = block.attention
        add(f"block{index + 1}.attention.projections", dense, attention.query, attention.key, attention.value)
        add(f"block{index + 1}.attention.output", dense, attention.output)
        add(f"block{index + 1}.widen", dense, block.widen)
        add(f"block{index + 1}.narrow", dense, block.narrow)
    add("readout", {"linear": "head"}, network)
    return found


def read(file, shape):
    return torch.from_numpy(np.frombuffer(file.read(4 * int(np.prod(shape))), np.float32).copy()).view(tuple(shape))


def main():
    count, threads = int(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(threads)
    network = Spikformer()
    with open(sys.argv[2], "rb") as file, torch.no_grad():
        tensors = slots(network)
        while (name := file.readline().decode().strip()) != "images":
            for tensor in tensors.pop(name):
                tensor.copy_(read(file, tensor.shape))
        if tensors:
            sys.exit(f"{sys.argv[2]} has no {', '.join(tensors)}")
        images = read(file, (count, 1, SIDE, SIDE))
    labels = torch.arange(count) % CLASSES
    optimizer = torch.optim.AdamW(network.parameters(), 1e-3)

    def train():
        network.train()
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(images), labels).backward()
        optimizer.step()
        functional.reset_net(network)

    def infer():
        network.eval()
        with torch.inference_mode():
            answer = network(images)
        functional.reset_net(network)
        return answer

    print(sum(p.numel() for p in network.parameters()), torch.__version__, flush=True)
    for line in sys.stdin:
        if line.strip() == "answers":
            print(*infer().argmax(1).tolist(), flush=True)
            continue
        what, calls = line.split()
        work = {"train": train, "infer": infer}[what]
        start = time.perf_counter()
        for _ in range(int(calls)):
            work()
        print((time.perf_counter() - start) / int(calls), flush=True)


main()

"""Costs of three small networks by NeuroBench's published definitions, counted synapse by synapse, for Counting/NeuroBenchTests.

Weights, inputs and potentials are multiples of powers of two, so that every program computes the same ones. Writes neurobench.json beside
itself.
"""
import json
import pathlib

import numpy as np

MASK = 2**64 - 1


class Chance:
    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = self.state + 0x9E3779B97F4A7C15 & MASK
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        return (z ^ z >> 31) * limit >> 64

    def array(self, *shape):
        """Quarters from -1 to 1, a third of them 0."""
        values = [self.below(12) - 4 for _ in range(int(np.prod(shape)))]
        return np.array([k / 4 if k <= 4 else 0 for k in values]).reshape(shape)

    def spikes(self, *shape):
        return np.array([float(self.below(3) == 0) for _ in range(int(np.prod(shape)))]).reshape(shape)


class Costs:
    def __init__(self):
        self.mac = self.ac = self.dense = self.active = self.outputs = self.updates = 0
        self.zeros, self.weights, self.bytes = 0, 0, 0

    def layer(self, weight, bias):
        self.zeros += int((weight == 0).sum())
        self.weights += weight.size
        self.bytes += 4 * (weight.size + bias.size)

    def call(self, x, meetings):
        """One call of a layer: (input index, weight) of every synapse, for each sample."""
        effective = sum(1 for sample in x for place, weight in meetings if sample[place] != 0 and weight != 0)
        if np.isin(x, (-1, 0, 1)).all():
            self.ac += effective
        else:
            self.mac += effective
        self.dense += len(x) * len(meetings)

    def neurons(self, y):
        self.active += int((y != 0).sum())
        self.outputs += y.size

    def result(self, samples):
        return {"macs": self.mac / samples, "acs": self.ac / samples, "dense": self.dense / samples,
                "activation": (self.outputs - self.active) / self.outputs,
                "connection": round(float(np.float32(self.zeros) / np.float32(self.weights)), 4), "footprint": self.bytes,
                "updates": self.updates / samples}


def linear_meetings(weight):
    return [((i,), weight[o, i]) for o in range(weight.shape[0]) for i in range(weight.shape[1])]


def convolution_meetings(weight, side, stride, pad):
    """A zero of the padding is no input."""
    out = (side + 2 * pad - weight.shape[2]) // stride + 1
    return [((c, y * stride + i - pad, x * stride + j - pad), weight[o, c, i, j])
            for o in range(weight.shape[0]) for y in range(out) for x in range(out)
            for c in range(weight.shape[1]) for i in range(weight.shape[2]) for j in range(weight.shape[3])
            if 0 <= y * stride + i - pad < side and 0 <= x * stride + j - pad < side]


def convolve(x, weight, bias, stride, pad):
    side = x.shape[2]
    out = (side + 2 * pad - weight.shape[2]) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    y = np.zeros((len(x), weight.shape[0], out, out))
    for r in range(out):
        for c in range(out):
            patch = padded[:, :, r * stride:r * stride + weight.shape[2], c * stride:c * stride + weight.shape[3]]
            y[:, :, r, c] = np.einsum("bcij,ocij->bo", patch, weight) + bias
    return y


class Lif:
    """tau 2, the input decays, hard reset to 0, fires at the threshold of 0.5. The first step counts as a change of every potential."""

    def __init__(self, costs):
        self.costs, self.v = costs, None

    def step(self, x):
        before = self.v
        h = x / 2 if before is None else before + (x - before) / 2
        spikes = (h >= 0.5).astype(float)
        self.v = np.where(spikes > 0, 0, h)
        self.costs.updates += self.v.size if before is None else int((self.v != before).sum())
        self.costs.neurons(spikes)
        return spikes


def perceptron():
    chance, costs = Chance(21), Costs()
    w1, b1, w2, b2 = chance.array(8, 6), chance.array(8), chance.array(4, 8), chance.array(4)
    inputs, first, second = chance.spikes(5, 3, 6), Lif(costs), Lif(costs)
    costs.layer(w1, b1), costs.layer(w2, b2)
    for x in inputs:
        costs.call(x, linear_meetings(w1))
        s = first.step(x @ w1.T + b1)
        costs.call(s, linear_meetings(w2))
        second.step(s @ w2.T + b2)
    return costs.result(3)


def convolutions():
    chance, costs = Chance(22), Costs()
    w1, b1, w2, b2, w3, b3 = (chance.array(*shape) for shape in ((4, 2, 3, 3), (4,), (3, 4, 3, 3), (3,), (5, 27), (5,)))
    inputs, first, second = chance.spikes(3, 2, 2, 6, 6), Lif(costs), Lif(costs)
    for w, b in ((w1, b1), (w2, b2), (w3, b3)):
        costs.layer(w, b)
    for x in inputs:
        costs.call(x, convolution_meetings(w1, 6, 1, 1))
        s = first.step(convolve(x, w1, b1, 1, 1))
        costs.call(s, convolution_meetings(w2, 6, 2, 1))
        s = second.step(convolve(s, w2, b2, 2, 1)).reshape(2, 27)
        costs.call(s, linear_meetings(w3))
    return costs.result(2)


def analog():
    chance, costs = Chance(23), Costs()
    w1, b1, w2, b2, x = (chance.array(*shape) for shape in ((7, 10), (7,), (3, 7), (3,), (4, 10)))
    costs.layer(w1, b1), costs.layer(w2, b2)
    costs.call(x, linear_meetings(w1))
    y = np.maximum(x @ w1.T + b1, 0)
    costs.neurons(y)
    costs.call(y, linear_meetings(w2))
    return costs.result(4)


found = {"perceptron": perceptron(), "convolutions": convolutions(), "analog": analog()}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n")
print(json.dumps(found, indent=1))

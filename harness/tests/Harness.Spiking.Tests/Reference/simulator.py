"""Spikes of Brian2 (2.5.1, numpy target), for Simulation/BrianTests: writes simulator.json beside itself.

Networks are drawn by SplitMix64, in the order in which the tests draw them; everything is dimensionless but time.
"""
import hashlib
import json
import math
import pathlib

import numpy as np
from brian2 import (Network, NeuronGroup, SpikeGeneratorGroup, SpikeMonitor, Synapses, defaultclock, ms, prefs, second)

prefs.codegen.target = "numpy"
defaultclock.dt = 0.1 * ms
MASK = 2**64 - 1


class Chance:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = self.state + 0x9E3779B97F4A7C15 & MASK
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
        return z ^ z >> 31

    def below(self, limit):
        return self.next() * limit >> 64

    def unit(self):
        return (self.next() >> 11) / 2**53


def train(chance, neurons, steps, probability):
    """Spikes (step, neuron), drawn step by step and neuron by neuron."""
    return [(t, n) for t in range(steps) for n in range(neurons) if chance.unit() < probability]


def pairs(chance, sources, targets, probability):
    return [(s, t) for s in range(sources) for t in range(targets) if chance.unit() < probability]


def group_of(neurons, spikes):
    return SpikeGeneratorGroup(neurons, [n for _, n in spikes], [t * 0.1 for t, _ in spikes] * ms)


def connect(source, target, synapses, weights, delays, pre, model="w : 1", post=None, namespace=None):
    made = Synapses(source, target, model, on_pre=pre, on_post=post, namespace=namespace)
    made.connect(i=[s for s, _ in synapses], j=[t for _, t in synapses])
    made.w = weights
    made.pre.delay = np.array(delays) * 0.1 * ms
    return made


def result(monitor, neurons):
    steps = np.round(np.asarray(monitor.t / second) / 1e-4).astype(int).tolist()
    indices = np.asarray(monitor.i).tolist()
    spikes = sorted(zip(steps, indices))
    first = [None] * neurons
    for step, neuron in reversed(spikes):
        first[neuron] = step
    text = "".join(f"{step} {neuron}\n" for step, neuron in spikes)
    return {"counts": np.bincount(indices, minlength=neurons).tolist(), "first": first,
            "sha256": hashlib.sha256(text.encode()).hexdigest()}


def run(duration, *objects):
    Network(*objects).run(duration * ms)


def lif():
    """Ten cells with different drive, refractory for 2 ms, jumps of two sizes from 30 inputs, a soft reset in a second group."""
    chance, cases = Chance(11), {}
    spikes = train(chance, 30, 5000, 0.004)
    synapses = pairs(chance, 30, 10, 0.5)
    weights = [4 * chance.unit() - 1 for _ in synapses]
    delays = [chance.below(40) for _ in synapses]
    drive = [6 + 2 * k for k in range(10)]
    groups = {
        "lif_hard": lambda: NeuronGroup(10, "dv/dt = (-65 + drive - v) / (20*ms) : 1 (unless refractory)\ndrive : 1 (constant)",
                                        method="exact", threshold="v > -50", reset="v = -60", refractory=2 * ms),
        "lif_soft": lambda: NeuronGroup(10, "dv/dt = (-65 + drive - v) / (20*ms) : 1\ndrive : 1 (constant)", method="exact",
                                        threshold="v > 15 - 65", reset="v -= 15"),
    }
    for name, make in groups.items():
        cells = make()
        cells.v = -65
        cells.drive = drive
        source = group_of(30, spikes)
        wires = connect(source, cells, synapses, weights, delays, "v_post += w")
        monitor = SpikeMonitor(cells)
        run(500, cells, source, wires, monitor)
        cases[name] = result(monitor, 10)
    return cases


def conductance():
    """Twenty conductance cells, 60 excitatory and 20 inhibitory inputs with delays."""
    chance = Chance(12)
    cells = NeuronGroup(20, """dv/dt = (-60 + drive - v + ge*(0 - v) + gi*(-80 - v)) / (20*ms) : 1 (unless refractory)
                               dge/dt = -ge / (5*ms) : 1
                               dgi/dt = -gi / (10*ms) : 1
                               drive : 1 (constant)""",
                        method="exponential_euler", threshold="v > -50", reset="v = -60", refractory=5 * ms)
    cells.v = -60
    cells.drive = [0.5 * k for k in range(20)]
    objects, monitor = [], SpikeMonitor(cells)
    for inputs, rate, size, pre in ((60, 0.003, 0.3, "ge_post += w"), (20, 0.004, 0.6, "gi_post += w")):
        source = group_of(inputs, train(chance, inputs, 5000, rate))
        synapses = pairs(chance, inputs, 20, 0.4)
        weights = [size * chance.unit() for _ in synapses]
        objects += [source, connect(source, cells, synapses, weights, [chance.below(30) for _ in synapses], pre)]
    run(500, cells, monitor, *objects)
    return {"conductance": result(monitor, 20)}


def izhikevich():
    """Regular spiking, intrinsically bursting, chattering and fast spiking cells; drive and jumps."""
    cases = {}
    for name, (a, b, c, d) in {"regular": (.02, .2, -65., 8.), "bursting": (.02, .2, -55., 4.), "chattering": (.02, .2, -50., 2.),
                               "fast": (.1, .2, -65., 2.)}.items():
        chance = Chance(13)
        cells = NeuronGroup(8, """dv/dt = (0.04*v**2 + 5*v + 140 - u + drive) / ms : 1
                                  du/dt = a*(b*v - u) / ms : 1
                                  drive : 1 (constant)""",
                            method="euler", threshold="v >= 30", reset="v = c; u += d", namespace=dict(a=a, b=b, c=c, d=d))
        cells.v, cells.u = c, b * c
        cells.drive = [2 + k for k in range(8)]
        source = group_of(15, train(chance, 15, 5000, 0.003))
        synapses = pairs(chance, 15, 8, 0.5)
        wires = connect(source, cells, synapses, [5 * chance.unit() for _ in synapses], [chance.below(20) for _ in synapses],
                        "v_post += w")
        monitor = SpikeMonitor(cells)
        run(500, cells, source, wires, monitor)
        cases["izhikevich_" + name] = result(monitor, 8)
    return cases


def balanced():
    """320 excitatory and 80 inhibitory cells, current synapses, delays of 0.5 to 5 ms, joined at random with probability 0.1."""
    chance = Chance(14)
    cells = NeuronGroup(400, """dv/dt = (drive - v + ge + gi) / (20*ms) : 1 (unless refractory)
                                dge/dt = -ge / (5*ms) : 1
                                dgi/dt = -gi / (10*ms) : 1
                                drive : 1 (constant)""",
                        method="exact", threshold="v > 20", reset="v = 10", refractory=2 * ms)
    cells.drive = [18 + 6 * chance.unit() for _ in range(400)]
    cells.v = [20 * chance.unit() for _ in range(400)]
    objects, monitor = [], SpikeMonitor(cells)
    for first, count, weight, pre in ((0, 320, 0.8, "ge_post += w"), (320, 80, -2.5, "gi_post += w")):
        synapses = [(first + s, t) for s, t in pairs(chance, count, 400, 0.1)]
        delays = [5 + chance.below(46) for _ in synapses]
        objects.append(connect(cells, cells, synapses, [weight] * len(synapses), delays, pre))
    run(500, cells, monitor, *objects)
    return {"balanced": result(monitor, 400)}


PAIR = dict(model="w : 1\ndx/dt = -x/(20*ms) : 1 (event-driven)\ndy/dt = -y/(25*ms) : 1 (event-driven)",
            pre="v_post += w\nw = clip(w - 0.06*y, 0, 4)\nx += 1", post="w = clip(w + 0.05*x, 0, 4)\ny += 1")
TRIPLET = dict(model="""w : 1
                        dx/dt = -x/(16.8*ms) : 1 (event-driven)
                        dX/dt = -X/(101*ms) : 1 (event-driven)
                        dy/dt = -y/(33.7*ms) : 1 (event-driven)
                        dY/dt = -Y/(125*ms) : 1 (event-driven)""",
               pre="v_post += w\nw = clip(w - y*(0.02 + 0.01*X), 0, 4)\nx += 1\nX += 1",
               post="w = clip(w + x*(0.01 + 0.03*Y), 0, 4)\ny += 1\nY += 1")


def plastic():
    """Twenty inputs onto five cells and the five onto each other, delays of 0 to 3 ms, every synapse plastic."""
    cases = {}
    for name, rule in (("pair", PAIR), ("triplet", TRIPLET)):
        chance = Chance(15)
        cells = NeuronGroup(5, "dv/dt = (drive - v) / (20*ms) : 1 (unless refractory)\ndrive : 1 (constant)", method="exact",
                            threshold="v > 10", reset="v = 0", refractory=3 * ms)
        cells.drive = [4 + k for k in range(5)]
        source = group_of(20, train(chance, 20, 10000, 0.002))
        synapses = pairs(chance, 20, 5, 0.8)
        weights = [3 * chance.unit() for _ in synapses]
        wires = connect(source, cells, synapses, weights, [chance.below(31) for _ in synapses], rule["pre"], rule["model"], rule["post"])
        inner = pairs(chance, 5, 5, 0.7)
        weights = [2 * chance.unit() for _ in inner]
        recurrent = connect(cells, cells, inner, weights, [chance.below(31) for _ in inner], rule["pre"], rule["model"], rule["post"])
        monitor = SpikeMonitor(cells)
        run(1000, cells, source, wires, recurrent, monitor)
        cases[name] = result(monitor, 5) | {"weights": [round(w, 12) for w in wires.w], "inner": [round(w, 12) for w in recurrent.w]}
    return cases


def fixed_point():
    """LIF in 8-bit weights, 24-bit states, 6 fraction bits, 12 decay bits; plain integers, no Brian2."""
    chance = Chance(16)
    spikes, steps = set(train(chance, 12, 5000, 0.01)), 5000
    synapses = pairs(chance, 12, 6, 0.6)
    weights = [3 * chance.unit() - 0.8 for _ in synapses]
    exact = lambda tau: math.exp(-1e-4 / tau)
    keep, keep_e = exact(20e-3), exact(5e-3)
    unit = 127 / max(map(abs, weights))
    leak, leak_e = round((1 - keep) * 4096), round((1 - keep_e) * 4096)
    from_e = round(5e-3 / (5e-3 - 20e-3) * (keep_e - keep) * 4096)
    threshold, most = round(10 * unit * 64), 2**23 - 1
    bias = [round((8 + k) * (1 - keep) * unit * 64) for k in range(6)]
    sat = lambda x: max(-most - 1, min(most, x))
    cut = lambda x, f: int(math.trunc(x * f / 4096))
    v, e, until, found = [0] * 6, [0] * 6, [-1] * 6, []
    for t in range(steps):
        fired = []
        for k in range(6):
            x = v[k] - cut(v[k], leak) + bias[k] + cut(e[k], from_e) if until[k] <= t else v[k]
            v[k], e[k] = sat(x), e[k] - cut(e[k], leak_e)
            if until[k] <= t and v[k] > threshold:
                fired.append(k)
        for (s, k), w in zip(synapses, weights):
            if (t, s) in spikes:
                e[k] = sat(e[k] + round(w * unit) * 64)
        for k in fired:
            v[k], until[k] = 0, t + 20
            found.append((t, k))
    text = "".join(f"{t} {k}\n" for t, k in found)
    return {"fixed_point": {"counts": [sum(n == k for _, n in found) for k in range(6)],
                            "first": [next((t for t, n in found if n == k), None) for k in range(6)],
                            "sha256": hashlib.sha256(text.encode()).hexdigest()}}


found = {}
for case in (lif, conductance, izhikevich, balanced, plastic, fixed_point):
    found |= case()
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(found, separators=(",", ":")) + "\n")
for name, one in found.items():
    print(name, sum(one["counts"]), "spikes of", len(one["counts"]))

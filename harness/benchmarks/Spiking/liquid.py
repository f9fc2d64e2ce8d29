"""The liquid of LiquidBenchmark in Brian2 (numpy target): answers each line on standard input with 'seconds spikes' of one simulated second.

The seconds are those of the loop over the steps: what a call costs before its first step is measured by a call of no steps and taken off.
"""
import sys
import time

import numpy as np
from brian2 import Network, NeuronGroup, SpikeGeneratorGroup, SpikeMonitor, Synapses, defaultclock, ms, prefs, second

prefs.codegen.target = "numpy"
defaultclock.dt = 1 * ms
MASK = 2**64 - 1
state = int(sys.argv[1])


def unit():
    global state
    state = state + 0x9E3779B97F4A7C15 & MASK
    z = state
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return ((z ^ z >> 31) >> 11) / 2**53


STDP = dict(model="w : 1\ndx/dt = -x/(20*ms) : 1 (event-driven)\ndy/dt = -y/(20*ms) : 1 (event-driven)",
            on_post="w = clip(w + 0.0105*x, 0, 3)\ny += 1")
cells = NeuronGroup(1000, """dv/dt = (13 - v + ge + gi) / (20*ms) : 1 (unless refractory)
                             dge/dt = -ge / (5*ms) : 1
                             dgi/dt = -gi / (10*ms) : 1""", method="exact", threshold="v > 20", reset="v = 0", refractory=2 * ms)
train = [(t, n) for t in range(1000) for n in range(100) if unit() < 0.02]
source = SpikeGeneratorGroup(100, [n for _, n in train], [t for t, _ in train] * ms, period=1 * second)
parts = [cells, source, SpikeMonitor(cells, record=False)]
for group, first, count, probability, weight, channel in ((source, 0, 100, 0.1, 8, "ge"), (cells, 0, 800, 0.0165, 1.5, "ge"),
                                                          (cells, 800, 200, 0.0165, 1.5, "gi")):
    pairs = [(first + s, t) for s in range(count) for t in range(1000) if unit() < probability]
    sign = "-" if channel == "gi" else "+"
    if group is source:
        wires = Synapses(group, cells, "w : 1", on_pre="ge_post += w")
    else:
        wires = Synapses(group, cells, on_pre=f"{channel}_post {sign}= w\nw = clip(w - 0.01*y, 0, 3)\nx += 1", **STDP)
    wires.connect(i=[s for s, _ in pairs], j=[t for _, t in pairs])
    wires.w = weight
    wires.pre.delay = 1 * ms
    parts.append(wires)
network, monitor = Network(*parts), parts[2]


def timed(seconds):
    start = time.perf_counter()
    network.run(seconds * second)
    return time.perf_counter() - start


for _ in sys.stdin:
    before = int(np.sum(monitor.count))
    empty = timed(0)
    print(timed(1) - empty, int(np.sum(monitor.count)) - before, flush=True)

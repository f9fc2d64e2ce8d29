"""Writes neurons.json: spikes and input gradients of SpikingJelly's neurons, and its surrogates and encoders.

Run with SpikingJelly 0.0.0.0.15 (commit 83d33a26) on the path and torch 1.13: PYTHONPATH=... python3 neurons.py > neurons.json
ILIF, CLIF (as in HuuYuLong/Complementary-LIF) and CuBa-LIF have no class in that version; their equations are written out below.
"""
import json
import math

import torch
from spikingjelly.activation_based import encoding, neuron, surrogate

torch.manual_seed(20)
T, N = 6, 12
x = torch.randn(T, N) * 1.2 + 0.7
w = torch.randn(T, N)


def entry(function, value=x, extra=None):
    value = value.clone().requires_grad_(True)
    spikes = function(value)
    (spikes * w.view_as(spikes)).sum().backward()
    result = {"spikes": spikes.detach().flatten().tolist(), "gradient": value.grad.flatten().tolist()}
    if extra is not None:
        result["extra"] = {k: p.grad.flatten().tolist() for k, p in extra.items()}
    return result


def ilif(value, tau=4 / 3, threshold=1.0, most=4):
    v, out = torch.zeros(N), []
    for t in range(T):
        h = v - v / tau + value[t]
        u = (h / threshold).clamp(0, most)
        c = u + (u.round() - u).detach()
        v = h - c * threshold
        out.append(c)
    return torch.stack(out)


def clif(value, tau=2.0):
    v, m, out = torch.zeros(N), torch.zeros(N), []
    fire = surrogate.Sigmoid()
    for t in range(T):
        v = v * (1 - 1 / tau) + value[t]
        m = m * torch.sigmoid(v / tau)
        s = fire(v - 1.0)
        m = m + s
        v = v - s
        v = v - s * torch.sigmoid(m)
        out.append(s)
    return torch.stack(out)


def cuba(value, current_kept=0.5, voltage_kept=0.75, threshold=0.5):
    v, c, out = torch.zeros(N), torch.zeros(N), []
    fire = surrogate.Sigmoid()
    for t in range(T):
        c = c * current_kept + value[t]
        v = v * voltage_kept + c
        s = fire(v - threshold)
        v = (1 - s) * v
        out.append(s)
    return torch.stack(out)


cases = {}
cases["if_soft"] = entry(neuron.IFNode(step_mode="m", v_reset=None))
cases["lif"] = entry(neuron.LIFNode(step_mode="m"))
cases["lif_detached"] = entry(neuron.LIFNode(step_mode="m", detach_reset=True, surrogate_function=surrogate.ATan()))
cases["lif_no_decay_soft"] = entry(neuron.LIFNode(step_mode="m", tau=1.7, decay_input=False, v_reset=None))
cases["lif_reset_potential"] = entry(neuron.LIFNode(step_mode="m", tau=2.5, v_reset=-0.4, v_threshold=0.8))
plif = neuron.ParametricLIFNode(step_mode="m", init_tau=2.2)
cases["plif"] = entry(plif, extra={"w": plif.w})
klif = neuron.KLIFNode(step_mode="m")
klif.k.data.fill_(1.3)
cases["klif"] = entry(klif, extra={"k": klif.k})
scaled = neuron.KLIFNode(step_mode="m", scale_reset=True, v_reset=None)
scaled.k.data.fill_(1.3)
cases["klif_scaled"] = entry(scaled, extra={"k": scaled.k})
cases["eif"] = entry(neuron.EIFNode(step_mode="m", tau=2.0, delta_T=1.0, theta_rh=0.8, v_rest=0.0, v_reset=-0.1))
glif = neuron.GatedLIFNode(T=T, inplane=None, surrogate_function=surrogate.Sigmoid())
for p, value in ((glif.alpha, 0.3), (glif.beta, -0.2), (glif.gamma, 0.4)):
    p.data.fill_(value)
cases["glif"] = entry(lambda v: glif(v.view(T, N, 1, 1, 1)).view(T, N), extra={
    "alpha": glif.alpha, "beta": glif.beta, "gamma": glif.gamma, "keep": glif.tau, "threshold": glif.v_threshold,
    "leak": glif.linear_decay, "subtract": glif.v_subreset, "conductance": glif.conduct})
cases["clif"] = entry(clif)
cases["cuba"] = entry(cuba)
cases["ilif"] = entry(ilif)
psn = neuron.PSN(T)
psn.weight.data = torch.arange(T * T).view(T, T) % 5 / 5.0
cases["psn"] = entry(psn, extra={"weight": psn.weight, "bias": psn.bias})

u = torch.linspace(-1.5, 1.5, 31)
surrogates = {}
for name, function in (("Sigmoid", surrogate.Sigmoid(3.0)), ("ArcTangent", surrogate.ATan(3.0)), ("SoftSign", surrogate.SoftSign(3.0)),
                       ("Triangle", surrogate.PiecewiseQuadratic(1.4)), ("Exponential", surrogate.PiecewiseExp(3.0)),
                       ("Gaussian", surrogate.Erf(3.0))):
    value = u.clone().requires_grad_(True)
    function(value).sum().backward()
    surrogates[name] = value.grad.tolist()

values = torch.tensor([0.0, 0.1, 0.25, 0.31, 0.5, 0.66, 0.75, 0.9, 0.99, 1.0])


def encode(encoder, steps, inputs=values):
    return [encoder(inputs).flatten().tolist() for _ in range(steps)]


encoders = {
    "values": values.tolist(),
    "latency_linear": encode(encoding.LatencyEncoder(9, "linear"), 9),
    "latency_log": encode(encoding.LatencyEncoder(9, "log"), 9),
    # WeightedPhaseEncoder takes [0, 1 - 2^-K].
    "phase_values": values.clamp(max=1 - 2.0 ** -8).tolist(),
    "phase": encode(encoding.WeightedPhaseEncoder(8), 8, values.clamp(max=1 - 2.0 ** -8)),
}
print(json.dumps({"source": "SpikingJelly 0.0.0.0.15 (83d33a26), torch " + torch.__version__, "steps": T, "neurons": N,
                  "input": x.flatten().tolist(), "weights": w.flatten().tolist(), "cases": cases,
                  "surrogate_at": u.tolist(), "surrogates": surrogates, "encoders": encoders}))

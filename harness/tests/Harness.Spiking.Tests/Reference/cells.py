"""Spike times of single cells, for NeuronTests: Izhikevich by the stated Euler steps in double precision, Hodgkin-Huxley by LSODA."""
import numpy as np
from scipy.integrate import solve_ivp

v, u, dt, steps = -65.0, -13.0, 0.5, []
for t in range(400):
    v, u = v + dt * (0.04 * v * v + 5 * v + 140 - u + 10), u + dt * 0.02 * (0.2 * v - u)
    if v >= 30:
        steps.append(t)
        v, u = -65.0, u + 8
print("izhikevich", steps)


def rates(t, y):
    v, m, h, n = y
    am, bm = 0.1 * (v + 40) / (1 - np.exp(-(v + 40) / 10)), 4 * np.exp(-(v + 65) / 18)
    ah, bh = 0.07 * np.exp(-(v + 65) / 20), 1 / (1 + np.exp(-(v + 35) / 10))
    an, bn = 0.01 * (v + 55) / (1 - np.exp(-(v + 55) / 10)), 0.125 * np.exp(-(v + 65) / 80)
    return [10 - 120 * m**3 * h * (v - 50) - 36 * n**4 * (v + 77) - 0.3 * (v + 54.387),
            am * (1 - m) - bm * m, ah * (1 - h) - bh * h, an * (1 - n) - bn * n]


def crossing(t, y):
    return y[0]


crossing.direction = 1
rest = solve_ivp(lambda t, y: [0.0] + rates(t, y)[1:], (0, 500), [-65, 0.05, 0.6, 0.3], method="LSODA", rtol=1e-9, atol=1e-10).y[1:, -1]
print("gates at rest", rest)
run = solve_ivp(rates, (0, 50), [-65, *rest], method="LSODA", rtol=1e-9, atol=1e-10, events=crossing)
print("hodgkin-huxley", [round(float(t), 3) for t in run.t_events[0]])

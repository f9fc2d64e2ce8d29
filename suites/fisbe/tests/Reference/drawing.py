"""Shapes that the reference scripts and the tests draw alike, from SplitMix64."""
import numpy as np

MASK = (1 << 64) - 1


class SplitMix:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, limit):
        return (self.next() * limit) >> 64


def noise(chance, shape, percent):
    flat = [chance.below(100) < percent for _ in range(shape[0] * shape[1] * shape[2])]
    return np.array(flat, dtype=bool).reshape(shape)


def walk(chance, shape, radius, steps, start=None):
    """A ball drawn along a lattice walk that keeps its direction three times of four and slides along the border."""
    volume = np.zeros(shape, dtype=bool)
    at = list(start) if start else [length // 2 for length in shape]
    direction = 0
    z, y, x = np.ogrid[: shape[0], : shape[1], : shape[2]]
    for _ in range(steps):
        volume |= (z - at[0]) ** 2 + (y - at[1]) ** 2 + (x - at[2]) ** 2 <= radius * radius
        if chance.below(4) == 0:
            direction = chance.below(6)
        axis, step = direction // 2, 1 if direction % 2 == 0 else -1
        at[axis] = min(max(at[axis] + step, 0), shape[axis] - 1)
    return volume

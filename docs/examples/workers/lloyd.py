#!/usr/bin/env python3
"""A reference worker for the harness (docs/worker-protocol.md), with nothing but Python's standard library.

It clusters points: benchmark clustering/points, family lloyd-python@1, configuration {"clusters": 5, "iterations": 50}.
Everything that is not the model can be kept for a worker of your own: replace Model and FAMILY.

    harness worker check --family lloyd-python@1 --with '{"clusters":5,"iterations":50}' -- python3 lloyd.py
    harness worker run   --family lloyd-python@1 --with '{"clusters":5,"iterations":50}' -- python3 lloyd.py
"""
import json
import os
import random
import sys
import threading
import time

PROTOCOL = 1
FAMILY = "lloyd-python@1"
PREDICTIONS_PER_LINE = 256


class Stopped(Exception):
    """The agent asked to stop, or is gone."""


class Unsupported(Exception):
    """What was asked for cannot run here."""


class Model:
    """Lloyd's algorithm from random points; the centres are the parameters."""

    def __init__(self, points, clusters, iterations, seed, after_epoch):
        if not 1 <= clusters <= len(points):
            raise ValueError(f"clusters is {clusters}; allowed is 1..{len(points)}")
        self.centres = random.Random(seed).sample(points, clusters)
        for epoch in range(1, iterations + 1):
            nearest = [self.nearest(point) for point in points]
            loss = sum(distance for _, distance in nearest) / len(points)
            after_epoch(epoch, loss)
            moved = [self.mean([point for point, (index, _) in zip(points, nearest) if index == centre], self.centres[centre])
                     for centre in range(clusters)]
            if moved == self.centres:
                break
            self.centres = moved

    @staticmethod
    def mean(points, otherwise):
        return [sum(axis) / len(points) for axis in zip(*points)] if points else otherwise

    def nearest(self, point):
        distances = [sum((a - b) ** 2 for a, b in zip(point, centre)) for centre in self.centres]
        index = min(range(len(distances)), key=distances.__getitem__)
        return index, distances[index]

    def predict(self, points):
        return [{"cluster": self.nearest(point)[0]} for point in points]

    @property
    def footprint(self):
        numbers = len(self.centres) * len(self.centres[0])
        return {"parameters": numbers, "bytes": 8 * numbers, "bitsPerWeight": 64}

    def operations(self):
        macs = len(self.centres) * len(self.centres[0])
        return [{"layer": "distances", "kind": "distance", "macs": macs, "acs": 0, "denseOperations": macs,
                 "weightBytes": self.footprint["bytes"]}]


class Agent:
    """The other end of the pipes. Whatever the model prints goes to the log, not into the protocol."""

    def __init__(self):
        self.requests = sys.stdin
        self.lines = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        os.dup2(2, 1)
        self.stopped = threading.Event()

    def say(self, kind, **members):
        # allow_nan=False: JSON has neither NaN nor infinity, and a worker that has one must not send it.
        self.lines.write(json.dumps({"type": kind, **members}, allow_nan=False) + "\n")
        self.lines.flush()

    def finish(self, state, reason=None):
        self.say("finished", state=state, **({"reason": reason} if reason else {}))

    def listen(self):
        """Until a cancel or the end of the input, which ask for the same."""
        for line in self.requests:
            try:
                if json.loads(line).get("type") == "cancel":
                    break
            except (ValueError, AttributeError):
                continue
        self.stopped.set()

    def check(self):
        if self.stopped.is_set():
            raise Stopped()

    def phase(self, name):
        self.check()
        self.say("phase", phase=name)

    def timed(self, stage, call, samples):
        self.check()
        start = time.perf_counter_ns()
        result = call()
        self.say("timed", stage=stage, operations=samples, nanoseconds=time.perf_counter_ns() - start)
        return result


def read(folder, split, limit=None):
    with open(os.path.join(folder, split + ".jsonl"), encoding="utf-8") as file:
        points = [json.loads(line)["coordinates"] for line in file]
    return points[:limit]


def run(agent, request):
    trial = request["trial"]
    if (trial["suite"], trial["benchmark"], trial["family"]) != ("clustering", "points", FAMILY):
        raise Unsupported(f"{trial['suite']}/{trial['benchmark']} {trial['family']} is not known here; allowed is clustering/points {FAMILY}")
    if "samples" not in request:
        raise Unsupported("this worker reads samples as JSON lines; start it by `harness worker run`")
    agent.phase("load")
    training = read(request["samples"], "train")
    agent.phase("train")
    settings = trial["configuration"]
    began = time.perf_counter()

    def after_epoch(epoch, loss):
        agent.check()
        agent.say("trained", point={"epoch": epoch, "loss": loss, "seconds": time.perf_counter() - began})

    model = agent.timed("train", lambda: Model(training, settings["clusters"], settings["iterations"], trial["seed"], after_epoch),
                        len(training))
    agent.say("described", footprint=model.footprint)
    examine(agent, request, model, read(request["samples"], "test", trial.get("limit")))


def examine(agent, request, model, test):
    agent.phase("predict")
    batch = request.get("batch", 64)
    batches = [test[first:first + batch] for first in range(0, len(test), batch)]
    agent.timed("warmup", lambda: model.predict(batches[0]), len(batches[0]))
    predictions = [one for part in batches for one in agent.timed("offline", lambda part=part: model.predict(part), len(part))]
    for first in range(0, len(predictions), PREDICTIONS_PER_LINE):
        agent.say("predicted", first=first, predictions=predictions[first:first + PREDICTIONS_PER_LINE])
    if request.get("latencySamples", 0):
        agent.phase("latency")
        for call in range(request.get("warmupCalls", 0)):
            agent.timed("warmup", lambda: model.predict([test[call % len(test)]]), 1)
        for point in test[:request["latencySamples"]]:
            agent.timed("single_stream", lambda point=point: model.predict([point]), 1)
    if request.get("countSamples", 0):
        agent.phase("count")
        agent.say("described", footprint=model.footprint,
                  operations={"layers": model.operations(), "samples": min(len(test), request["countSamples"])})
    agent.finish("ok")


def main():
    agent = Agent()
    agent.say("hello", protocol=PROTOCOL, worker="lloyd-python", version="1")
    line = agent.requests.readline()
    if not line:
        agent.finish("aborted", "the input ended before a request came")
        return 0
    try:
        request = json.loads(line)
        if request["type"] == "cancel":
            agent.finish("aborted", "cancelled before a run was asked for")
            return 0
        if request["protocol"] != PROTOCOL:
            agent.finish("infra_error", f"the request speaks protocol {request['protocol']}, this worker {PROTOCOL}")
            return 2
    except (ValueError, KeyError, TypeError) as error:
        agent.finish("infra_error", f"the request cannot be read: {error!r}")
        return 2
    threading.Thread(target=agent.listen, daemon=True).start()
    try:
        run(agent, request)
    except Stopped:
        agent.finish("aborted", "the run was cancelled")
    except Unsupported as error:
        agent.finish("unsupported", str(error))
    except OSError as error:
        agent.finish("infra_error", str(error))
    except Exception as error:  # a failure is a row, never a hole
        agent.finish("failed", f"{type(error).__name__}: {error}")
    return 0


if __name__ == "__main__":
    code = main()
    # The listening thread may wait for input for ever; what is said is said.
    sys.stderr.flush()
    os._exit(code)

using System.Text.Json;

namespace Harness.Queue.Tests;

/// <summary>Jobs and results that say nothing of models.</summary>
static class Samples
{
    public static Job Job(int seed, string deviceClass = "cpu", params IReadOnlyList<Artefact> bundle) =>
        new("session", 0, Trial(seed, deviceClass), bundle, new(null, null));

    public static Trial Trial(int seed, string deviceClass = "cpu") =>
        new("suite", "benchmark", "data@1", "family@1", JsonDocument.Parse("{}").RootElement, seed, deviceClass, 1);

    public static JobResult Result(Lease lease, RunState state = RunState.Ok, string word = "") =>
        new(lease.Key, state, null, $"envelope {lease.Token} {word}", "signature");

    public static DeviceCard Card { get; } = new("card", "cpu", "abacus", 1, 1 << 20, "none", "none") { Emulated = true };
}

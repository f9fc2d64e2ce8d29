using Harness.Testing;

namespace Suites.SpikingTransformers.Temporal.Tests;

/// <summary>One thread, and the cancellation of the test.</summary>
static class Runs
{
    public static RunContext Context(int seed = 1) => new(seed, 1, new DirectoryInfo(Path.GetTempPath()), TimeProvider.System,
        new RecordingProgress<TrainingPoint>(), TestContext.Current.CancellationToken);
}

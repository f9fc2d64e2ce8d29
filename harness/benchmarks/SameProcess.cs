using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Harness.Benchmarks;

/// <summary>In this process, whole calls: for code that takes milliseconds and needs no isolation. Nothing is built first.</summary>
sealed class SameProcess : ManualConfig
{
    public SameProcess() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithStrategy(RunStrategy.Monitoring)
        .WithWarmupCount(3).WithIterationCount(15));
}

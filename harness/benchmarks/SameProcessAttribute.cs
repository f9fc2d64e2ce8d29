using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Harness.Benchmarks;

/// <summary>In this process, whole calls: for code that takes milliseconds and needs no isolation. Nothing is built first.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class SameProcessAttribute(int warmups = 3, int iterations = 15) : Attribute, IConfigSource
{
    public IConfig Config { get; } = ManualConfig.CreateEmpty().AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
        .WithStrategy(RunStrategy.Monitoring).WithWarmupCount(warmups).WithIterationCount(iterations));
}

using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace Harness.Benchmarks;

/// <summary>The whole process of `harness list`, as a user waits for it. Target: under 0.4 s.</summary>
[SameProcess(2, 10)]
public class ListBenchmark
{
    [Benchmark]
    public int List() => Run("list");

    /// <summary>The floor: what starting the program costs before it does anything.</summary>
    [Benchmark(Baseline = true)]
    public int Version() => Run("--version");

    static int Run(string command)
    {
        using var process = Process.Start(new ProcessStartInfo(HarnessProgram.Path, [command])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? 0 : throw new InvalidOperationException($"harness {command} ended with {process.ExitCode}");
    }
}

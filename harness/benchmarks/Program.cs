using BenchmarkDotNet.Running;
using Harness.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(ListBenchmark).Assembly).Run(args);

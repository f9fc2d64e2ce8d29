using BenchmarkDotNet.Running;
using Harness.Benchmarks;
using Harness.Benchmarks.Spiking;

// Ratios to other programs are measured turn by turn, which BenchmarkDotNet does not do.
if (args is ["liquid"]) LiquidBenchmark.Run(Harness.Cli.Terminal.Standard.Data);
else BenchmarkSwitcher.FromAssembly(typeof(ListBenchmark).Assembly).Run(args);

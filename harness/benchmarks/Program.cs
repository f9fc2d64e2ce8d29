using System.CommandLine;
using BenchmarkDotNet.Running;
using Harness.Benchmarks;
using Harness.Benchmarks.Clustering;
using Harness.Benchmarks.Fleet;
using Harness.Benchmarks.Language;
using Harness.Benchmarks.Spiking;

Command[] modes =
[
    FuzzMode.Create(), StreamMode.Create(), ZarrBenchmark.Create(), LiquidBenchmark.Create(), LifBenchmark.Create(),
    ProductBenchmark.Create(), NormBenchmark.Create(), ConvolutionBenchmark.Create(), SpikformerBenchmark.Create(), FisbeMode.Create(),
    MeteringMode.Create(), QueueMode.Create(), FleetProcess.Create(),
    ChaosMode.Create(), ClusteringBenchmark.Create(), ScalingMode.Create(), StabilityMode.Create(), GemvMode.Create(),
    OffloadingMode.Create(),
];
if (modes.FirstOrDefault(mode => args is [var name, ..] && mode.Name == name) is { } chosen) return chosen.Parse(args[1..]).Invoke();
BenchmarkSwitcher.FromAssembly(typeof(ListBenchmark).Assembly).Run(args);
return 0;

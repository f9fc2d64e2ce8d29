using BenchmarkDotNet.Running;
using Harness.Benchmarks;

if (args is ["fuzz", ..]) return FuzzMode.Create().Parse(args[1..]).Invoke();
BenchmarkSwitcher.FromAssembly(typeof(ListBenchmark).Assembly).Run(args);
return 0;

using BenchmarkDotNet.Attributes;
using Harness.Datasets;

namespace Harness.Benchmarks;

/// <summary>
/// One epoch of MNIST from the cache: training and validation part, 60 000 images of 784 bytes, every byte looked at. Target: 500 MB/s, so
/// that the 47 MB take at most 94 ms.
/// </summary>
[SameProcess]
[MemoryDiagnoser]
public class MnistBenchmark
{
    readonly Mnist _mnist = new();
    DirectoryInfo _cache = null!;

    [GlobalSetup]
    public async Task Fetch()
    {
        _cache = Directory.CreateTempSubdirectory("harness-mnist-");
        await _mnist.FetchAsync(_cache, CancellationToken.None);
    }

    [GlobalCleanup]
    public void Remove() => _cache.Delete(recursive: true);

    [Benchmark]
    public int Epoch() => Bytes(Split.Train) + Bytes(Split.Validation);

    /// <summary>The floor: the file in one piece, every byte looked at.</summary>
    [Benchmark(Baseline = true)]
    public int PlainFile() => Ink(File.ReadAllBytes(Path.Combine(_cache.FullName, _mnist.Card.Files[0].Name)));

    int Bytes(Split split) => _mnist.Read(_cache, split).Sum(image => Ink(image.Pixels.Span));

    static int Ink(ReadOnlySpan<byte> pixels) => pixels.Length - pixels.Count((byte)0);
}

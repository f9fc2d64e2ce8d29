using BenchmarkDotNet.Attributes;
using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.Datasets.Formats;

namespace Harness.Benchmarks;

/// <summary>
/// 10 000 recordings like SHD's (700 channels, 6000 spikes in a second) into 100 bins of 10 ms. Target: under 5 s, from the HDF5 file and
/// from memory.
/// </summary>
[SameProcess]
public class SpikeBinningBenchmark
{
    const int Recordings = 10_000;
    const int Different = 1000;
    const int Spikes = 6000;

    static readonly EventBins Bins = new(Count: 100, Microseconds: 10_000);

    readonly byte[] _counts = new byte[100 * 700];
    EventSample[] _recordings = [];
    byte[] _file = [];

    [GlobalSetup]
    public void Draw()
    {
        var chance = new Chance(1);
        _recordings = [.. Enumerable.Range(0, Different)
            .Select(i => new EventSample(Events(chance), EventGeometry.Cochlea, i % 20, i % 12))];
        using var file = new MemoryStream();
        SpikeFile.Write(file, _recordings, [], []);
        _file = file.ToArray();
    }

    [Benchmark]
    public int FromMemory() => Enumerable.Range(0, Recordings).Sum(i => Bin(_recordings[i % Different]));

    [Benchmark]
    public int FromFile() => Enumerable.Range(0, Recordings / Different).Sum(_ =>
    {
        using var file = SpikeFile.Open(new MemoryStream(_file), "spikes");
        return file.Read(EventGeometry.Cochlea).Sum(Bin);
    });

    int Bin(EventSample recording)
    {
        Bins.Fill(recording, _counts);
        return _counts[^1];
    }

    static Event[] Events(Chance chance) =>
        [.. Enumerable.Range(0, Spikes).Select(i => new Event((int)(i * 1_000_000L / Spikes), chance.Below(700), rising: true))];
}

using Harness.Datasets.Events;
using Harness.Datasets.Formats;

namespace Harness.Datasets.Tests.Formats;

public sealed class SpikeFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static EventSample[] Recordings() =>
        [.. Enumerable.Range(0, 130).Select(i => new EventSample(Events(i), EventGeometry.Cochlea, Label: i % 20, Group: i % 12))];

    static Event[] Events(int recording) => [.. Enumerable.Range(0, recording % 7).Select(k =>
        new Event(SpikeFile.Quantize(0.01 * k + 0.0003 * recording), (k * 97 + recording) % 700, rising: true))];

    [Fact]
    public void What_is_written_is_read_back()
    {
        using var file = new MemoryStream();
        SpikeFile.Write(file, Recordings(), ["zero", "one"], ["male", "female"]);
        using var read = SpikeFile.Open(new MemoryStream(file.ToArray()), "spikes");
        Assert.Equal(Recordings().Select(Line), read.Read(EventGeometry.Cochlea).Select(Line));
        Assert.Equal(["zero", "one"], read.Keys());
        Assert.Equal(Recordings().Where((_, i) => i % 50 == 3).Select(Line),
            read.Read(EventGeometry.Cochlea, i => i % 50 == 3).Select(Line));
    }

    [Fact]
    public async Task Another_reader_sees_SHDs_layout()
    {
        var path = _folder.At("spikes.h5");
        using (var file = File.Create(path)) SpikeFile.Write(file, Recordings(), ["zero", "one"], ["male", "female"]);
        var printed = await Python.RunAsync("""
            import sys, h5py
            f = h5py.File(sys.argv[1])
            t, u = f['spikes/times'], f['spikes/units']
            print(t.shape[0], h5py.check_vlen_dtype(t.dtype), h5py.check_vlen_dtype(u.dtype), f['labels'].dtype, f['extra/speaker'][13],
                  f['extra/keys'][1].decode(), f['extra/meta_info/gender'][1].decode(), sum(len(x) for x in t), u[6].tolist(),
                  [int(x * 1e6) for x in t[6].astype(float)])
            """, ["h5py"], path);
        var sixth = Recordings()[6].Events.ToArray();
        var (addresses, times) = (sixth.Select(spike => spike.Address), sixth.Select(spike => spike.Microseconds));
        Assert.Equal($"130 float16 uint16 uint16 1 one female {Recordings().Sum(sample => sample.Events.Length)} "
            + $"[{string.Join(", ", addresses)}] [{string.Join(", ", times)}]", printed);
    }

    /// <summary>Types are converted: float32 and float64 times, signed units of 8 bytes, as some copies of SHD have them.</summary>
    [Theory]
    [InlineData("f4", "i8", "i8")]
    [InlineData("f8", "u4", "u1")]
    [InlineData("f2", "u2", "u2")]
    public async Task Types_are_read_from_the_file(string times, string units, string labels)
    {
        var path = _folder.At("spikes.h5");
        await Python.RunAsync($"""
            import sys, h5py, numpy as np
            with h5py.File(sys.argv[1], 'w') as f:
                t = f.create_dataset('spikes/times', (2,), dtype=h5py.vlen_dtype(np.dtype('{times}')))
                u = f.create_dataset('spikes/units', (2,), dtype=h5py.vlen_dtype(np.dtype('{units}')))
                t[0], u[0] = [0.5, 0.25, 0.75], [5, 6, 7]
                t[1], u[1] = [], []
                f['labels'] = np.array([3, 19], '{labels}')
            """, ["h5py", "numpy"], path);
        using var file = SpikeFile.Open(new FileInfo(path));
        var read = file.Read(EventGeometry.Cochlea).ToList();
        Assert.Equal([(250_000, 6), (500_000, 5), (750_000, 7)],
            read[0].Events.ToArray().Select(spike => (spike.Microseconds, spike.Address)));
        Assert.True(read[1].Events.IsEmpty);
        Assert.Equal([(3, -1), (19, -1)], read.Select(sample => (sample.Label, sample.Group)));
    }

    [Fact]
    public void What_SHD_cannot_hold_is_named()
    {
        Assert.Contains("recording 0 names unit 700; allowed are 0 to 699", Problem(new Event(5, 700, true)));
        using var empty = new MemoryStream([1, 2, 3]);
        Assert.StartsWith("nothing: ", Assert.Throws<DataFormatException>(() => SpikeFile.Open(empty, "nothing")).Message);

        static string Problem(Event spike)
        {
            using var file = new MemoryStream();
            SpikeFile.Write(file, [new(new[] { spike }, new(1, 800, 1), 0, 0)], [], []);
            using var read = SpikeFile.Open(new MemoryStream(file.ToArray()), "spikes");
            return Assert.Throws<DataFormatException>(() => read.Read(EventGeometry.Cochlea).ToList()).Message;
        }
    }

    static string Line(EventSample sample) => $"{sample.Label} {sample.Group} {string.Join(' ', sample.Events.ToArray())}";
}

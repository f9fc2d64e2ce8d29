using Harness.Datasets.Events;
using Harness.Datasets.Formats;

namespace Harness.Datasets.Tests.Formats;

/// <summary>NPY, AER and WAV.</summary>
public sealed class ArrayFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("<f4", "C")]
    [InlineData(">f8", "C")]
    [InlineData("<f2", "F")]
    [InlineData(">i4", "F")]
    [InlineData("|u1", "F")]
    [InlineData("<i8", "C")]
    public async Task What_numpy_saves_is_read(string type, string order)
    {
        var path = _folder.At("a.npy");
        await Python.RunAsync($"""
            import sys, numpy as np
            np.save(sys.argv[1], np.asarray(np.arange(60).reshape(3, 4, 5) * 2, dtype='{type}', order='{order}'))
            """, ["numpy"], path);
        var array = Npy.Read(new FileInfo(path));
        Assert.Equal([3, 4, 5], array.Shape);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => 2.0 * i), array.Numbers<double>());
    }

    [Fact]
    public async Task What_is_written_numpy_loads()
    {
        var path = _folder.At("a.npy");
        var values = new byte[24];
        Buffer.BlockCopy(new short[] { 1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12 }, 0, values, 0, 24);
        using (var file = File.Create(path)) new Npy([3, 4], NumpyType.Of<short>(), values).Write(file);
        Assert.Equal("int16 (3, 4) [1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12]", await Python.RunAsync(
            "import sys, numpy as np; a = np.load(sys.argv[1]); print(a.dtype, a.shape, a.ravel().tolist())", ["numpy"], path));
    }

    [Fact]
    public void A_number_that_does_not_fit_is_an_error()
    {
        var array = new Npy([1], NumpyType.Of<short>(), BitConverter.GetBytes((short)-1));
        Assert.Throws<OverflowException>(array.Numbers<byte>);
    }

    [Fact]
    public void Clock_overflows_of_AER_move_what_follows()
    {
        // x 3, y 240: an overflow; then x 5, y 6, rising, 0x010203 µs.
        var events = Aer.Parse([3, 240, 0, 0, 0, 3, 240, 0, 0, 0, 5, 6, 0x81, 2, 3], new(34, 34, 2), "aer");
        Assert.Equal([new Event(2 * 8192 + 0x010203, 6 * 34 + 5, rising: true)], events);
        Assert.Contains("event 0 lies at (40, 6), outside 34 × 34",
            Assert.Throws<DataFormatException>(() => Aer.Parse([40, 6, 0, 0, 0], new(34, 34, 2), "aer")).Message);
        Assert.Contains("3 bytes are not a whole number of 5-byte events",
            Assert.Throws<DataFormatException>(() => Aer.Parse(new byte[3], new(34, 34, 2), "aer")).Message);
    }

    [Fact]
    public void What_is_written_as_AER_is_read_back()
    {
        var geometry = new EventGeometry(128, 128, 2);
        Event[] events = [.. Enumerable.Range(0, 500).Select(i => new Event(i * 16_000, i * 31 % geometry.Addresses, i % 3 == 0))];
        Assert.Equal(events, Aer.Parse(Aer.Write(events, geometry), geometry, "aer"));
        Assert.Throws<ArgumentException>(() => Aer.Write([new Event(1 << 23, 0, true)], geometry));
    }

    [Theory]
    [InlineData("")]
    [InlineData("w.setnchannels(2)")]
    [InlineData("w.setsampwidth(1)")]
    public async Task A_WAV_file_of_another_program_is_read_or_refused(string other)
    {
        var path = _folder.At("a.wav");
        await Python.RunAsync($"""
            import sys, wave, struct
            w = wave.open(sys.argv[1], 'wb'); w.setnchannels(1); w.setsampwidth(2); w.setframerate(8000); {other}
            w.writeframes(struct.pack('<4h', 0, 16384, -32768, 32767)); w.close()
            """, [], path);
        if (other.Length > 0)
        {
            Assert.Contains("only 16-bit mono PCM is read",
                Assert.Throws<DataFormatException>(() => Wave.Parse(File.ReadAllBytes(path), "wave")).Message);
            return;
        }
        var sound = Wave.Parse(File.ReadAllBytes(path), "wave");
        Assert.Equal(8000, sound.SampleRate);
        Assert.Equal([0, 0.5f, -1, 32767 / 32768f], sound.Samples.ToArray());
    }
}

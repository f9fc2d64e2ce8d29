using System.Diagnostics;
using System.Runtime.InteropServices;
using Harness.Torch.Native;

namespace Harness.Torch.Tests;

public sealed partial class ScalarLifetimeTests
{
    [Fact]
    public void A_disposed_scalar_can_still_be_read_by_native_code()
    {
        TorchRuntime.Initialize();
        var disposed = new List<nint>();
        for (var number = 0; number < 64; number++)
        {
            disposed.Add(Scalar(number));
            Dispose(disposed[^1]);
        }
        // Memory that was freed would go to these.
        var later = Enumerable.Range(1000, 256).Select(number => Scalar(number)).ToList();
        Assert.Equal(Enumerable.Range(0, 64).Select(number => (double)number), disposed.Select(Value));
        later.ForEach(Dispose);
    }

    [Fact]
    public void Addresses_come_back_in_batches_after_the_shortest_time()
    {
        var second = Stopwatch.Frequency;
        var ages = new TwoAges(TimeSpan.FromSeconds(5));
        var start = 1000 * second;
        Assert.Empty(ages.Exchange(1, start));
        Assert.Empty(ages.Exchange(2, start + 4 * second));
        Assert.Empty(ages.Exchange(3, start + 5 * second));
        Assert.Empty(ages.Exchange(4, start + 9 * second));
        Assert.Equal([1, 2], ages.Exchange(5, start + 10 * second));
        Assert.Empty(ages.Exchange(6, start + 14 * second));
        Assert.Equal([3, 4], ages.Exchange(7, start + 15 * second));
    }

    [Fact]
    public void No_address_comes_back_earlier_or_twice()
    {
        var ages = new TwoAges(TimeSpan.FromSeconds(5));
        var random = new Random(1);
        var taken = new List<long> { 0 };
        var back = new HashSet<nint>();
        var now = 1000 * Stopwatch.Frequency;
        for (var address = 1; address <= 10_000; address++)
        {
            now += random.NextInt64(Stopwatch.Frequency / 50);
            taken.Add(now);
            foreach (var due in ages.Exchange(address, now))
            {
                Assert.True(back.Add(due));
                Assert.True(now - taken[(int)due] >= 5 * Stopwatch.Frequency);
            }
        }
        Assert.InRange(back.Count, 8000, 9900);
    }

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTorch_float64_to_scalar")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Scalar(double value);

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTorch_scalar_to_float64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial double Value(nint scalar);

    [LibraryImport("LibTorchSharp", EntryPoint = "THSTorch_dispose_scalar")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void Dispose(nint scalar);
}

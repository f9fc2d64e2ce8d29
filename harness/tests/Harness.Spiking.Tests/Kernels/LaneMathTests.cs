using Harness.Spiking.Kernels;

namespace Harness.Spiking.Tests.Kernels;

public sealed unsafe class LaneMathTests
{
    [Fact]
    public void The_exponential_is_within_two_units_in_the_last_place()
    {
        for (var x = -86.9f; x <= 0; x += 0.0137f)
        {
            var exact = Math.Exp(x);
            Assert.InRange(Of<Lanes1>(x), exact * (1 - 2.4e-7), exact * (1 + 2.4e-7));
        }
        Assert.Equal(1, Of<Lanes1>(0));
        Assert.InRange(Of<Lanes1>(-1e30f), 0, 1.7e-38f);
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        for (var x = -100f; x <= 0; x += 0.31f)
        {
            Assert.Equal(Of<Lanes1>(x), Of<Lanes256>(x));
            Assert.Equal(Of<Lanes1>(x), Of<Lanes512>(x));
        }
    }

    static float Of<TLanes>(float x) where TLanes : struct, ILanes<TLanes>
    {
        var values = stackalloc float[TLanes.Width];
        TLanes.Store(LaneMath.ExponentialOfNegative(TLanes.Fill(x)), values);
        return values[TLanes.Width - 1];
    }
}

using Harness.Datasets.Cochlea;

namespace Harness.Datasets.Tests.Cochlea;

public sealed class BasilarMembraneTests
{
    /// <summary>Reference: LAUSCHER's Python model (commit of 2023, scipy 1.10), <c>_v(2πf, ch[channel])</c> of 700 channels.</summary>
    [Theory]
    [InlineData(0, 50, 0.004116064594551211, 0.009551922522319307)]
    [InlineData(0, 1000, 1.118424011755138, 0.701882101806242)]
    [InlineData(100, 200, 0.1688378273194419, 0.3641714501303381)]
    [InlineData(100, 3999, -14.311685798388995, 18.069857931121483)]
    [InlineData(233, 1000, -18.761502515004427, 8.208498076230075)]
    [InlineData(233, 3000, 34.463034397319234, 85.17693928177746)]
    [InlineData(350, 1000, 82.58395734158704, 30.910729047067857)]
    [InlineData(350, 3999, -9.000091847422073e-05, 3.0780877877834134e-05)]
    [InlineData(500, 200, 9.198686129896702, -46.94099833298541)]
    [InlineData(500, 3000, -2.3321198470811436e-08, -9.575924286447888e-09)]
    [InlineData(699, 50, 60.13085427493481, -28.607179102274078)]
    [InlineData(699, 8000, 2.893307822808892e-19, 1.102275581604718e-18)]
    public void The_response_is_that_of_the_published_model(int channel, double frequency, double real, double imaginary)
    {
        var found = BasilarMembrane.Response(2 * Math.PI * frequency, BasilarMembrane.Place(channel, 700));
        var size = Math.Sqrt(real * real + imaginary * imaginary);
        Assert.Equal(real, found.Real, 1e-6 * size);
        Assert.Equal(imaginary, found.Imaginary, 1e-6 * size);
    }

    [Fact]
    public void The_membrane_resonates_from_high_to_low_along_its_length()
    {
        var resonances = Enumerable.Range(0, 700).Select(channel => BasilarMembrane.Resonance(BasilarMembrane.Place(channel, 700)))
            .ToArray();
        Assert.Equal(resonances.OrderDescending(), resonances);
        Assert.InRange(resonances[0], 22_000, 23_000);
        Assert.InRange(resonances[^1], 100, 120);
    }
}

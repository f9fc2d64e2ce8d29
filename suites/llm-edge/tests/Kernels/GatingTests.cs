using Harness.Datasets;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Tests.Kernels;

public sealed class GatingTests
{
    // 37: registers of 8 or 16 numbers and a rest.
    [Theory]
    [InlineData(Gating.Swiglu)]
    [InlineData(Gating.Reglu)]
    [InlineData(Gating.Drelu)]
    public void Each_gating_is_its_formula(Gating gating)
    {
        var chance = new Chance(4);
        float[] gate = [.. Enumerable.Range(0, 37).Select(_ => (float)chance.Normal())],
            up = [.. Enumerable.Range(0, 37).Select(_ => (float)chance.Normal())];
        var found = new float[37];
        Vectors.Gate(gating, gate, up, found);
        for (var i = 0; i < 37; i++)
        {
            double g = gate[i], u = up[i];
            var expected = gating switch
            {
                Gating.Reglu => g > 0 ? g * u : 0, Gating.Drelu => g > 0 && u > 0 ? g * u : 0, _ => g / (1 + Math.Exp(-g)) * u,
            };
            Assert.Equal(expected, found[i], 1e-6);
        }
    }
}

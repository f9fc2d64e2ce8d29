using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Reservoirs;

/// <summary>Echo state network (Jaeger 2001): r = tanh(W r + v u + b), W scaled to a spectral radius.</summary>
sealed class EchoReservoir : IReservoir
{
    readonly double[] weights, input, bias;

    public EchoReservoir(int units, double radius, double density, double inputScale, double biasScale, SampleOrder chance)
    {
        Units = units;
        weights = [.. Enumerable.Range(0, units * units).Select(_ => chance.Unit() < density ? 2 * chance.Unit() - 1 : 0)];
        input = [.. Enumerable.Range(0, units).Select(_ => inputScale * (2 * chance.Unit() - 1))];
        bias = [.. Enumerable.Range(0, units).Select(_ => biasScale * (2 * chance.Unit() - 1))];
        var found = Spectrum.Radius(weights, units);
        if (found > 0)
            for (var at = 0; at < weights.Length; at++) weights[at] *= radius / found;
    }

    public int Units { get; }
    public long Synapses => weights.Count(weight => weight != 0);

    public double[] Run(ReadOnlySpan<double> inputs)
    {
        var (states, now) = (new double[inputs.Length * Units], new double[Units]);
        for (var step = 0; step < inputs.Length; step++)
        {
            var next = states.AsSpan(step * Units, Units);
            for (var unit = 0; unit < Units; unit++)
                next[unit] = Math.Tanh(Products.Row(weights, unit, now) + input[unit] * inputs[step] + bias[unit]);
            next.CopyTo(now);
        }
        return states;
    }
}

static class Spectrum
{
    /// <summary>Largest magnitude of the eigenvalues of a square matrix.</summary>
    public static double Radius(double[] matrix, int size)
    {
        using var scope = NewDisposeScope();
        return linalg.eigvals(tensor(matrix, [size, size])).abs().max().item<double>();
    }
}

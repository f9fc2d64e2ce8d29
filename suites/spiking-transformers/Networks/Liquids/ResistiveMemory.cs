using System.ComponentModel.DataAnnotations;
using Harness.Datasets;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>How conductances come out of a device that was never programmed.</summary>
public enum Conductance
{
    /// <summary>No devices: exact normal weights in software.</summary>
    Software,
    /// <summary>Log-normal, of log-deviation 0.5.</summary>
    LogNormal,
    /// <summary>Normal, deviation half of the mean, never below 0.</summary>
    Normal,
}

/// <summary>
/// Resistive memory as weights: each is the difference of two conductances as they were deposited, scaled to deviation 1. A
/// reconstruction: the published repository has no device code.
/// </summary>
/// <param name="ReadNoise">Deviation of a conductance at each read, relative to itself.</param>
/// <param name="Levels">Conductances that can be told apart, evenly between the smallest and the largest; null any.</param>
/// <param name="Drift">Share of its conductance that a device has lost when answers are asked for, after the readout was trained.</param>
/// <param name="DriftSpread">Deviation of that loss between devices, relative to it.</param>
public sealed record ResistiveMemory(
    Conductance Conductance = Conductance.LogNormal,
    [property: Range(0.0, 1.0)] double ReadNoise = 0.02,
    [property: Range(2, 65_536)] int? Levels = null,
    [property: Range(0.0, 1.0)] double Drift = 0,
    [property: Range(0.0, 10.0)] double DriftSpread = 0.5) : IValidatableObject
{
    const double Spread = 0.5;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Conductance == Conductance.Software && (ReadNoise, Levels, Drift) != (0, null, 0))
            yield return new("readNoise 0, drift 0 and no levels in software, where reads are exact",
                [nameof(Conductance), nameof(ReadNoise), nameof(Levels), nameof(Drift)]);
    }

    /// <summary>Pairs of conductances; differences of <paramref name="count"/> pairs have deviation 1.</summary>
    internal (float[] Positive, float[] Negative) Draw(int count, Chance chance)
    {
        var (positive, negative) = (Deposit(count, chance), Deposit(count, chance));
        var squares = 0.0;
        for (var at = 0; at < count; at++) squares += Math.Pow(positive[at] - negative[at], 2);
        var scale = (float)(1 / Math.Sqrt(squares / count));
        return (Array.ConvertAll(positive, value => value * scale), Array.ConvertAll(negative, value => value * scale));
    }

    float[] Deposit(int count, Chance chance)
    {
        var values = new float[count];
        for (var at = 0; at < count; at++)
            values[at] = (float)(Conductance == Conductance.LogNormal ? Math.Exp(Spread * chance.Normal())
                : Math.Max(0, 1 + Spread * chance.Normal()));
        if (Levels is not { } levels) return values;
        var (least, most) = (values.Min(), values.Max());
        return most == least ? values : Array.ConvertAll(values, value =>
            least + MathF.Round((value - least) / (most - least) * (levels - 1)) / (levels - 1) * (most - least));
    }

    /// <summary>The conductances when answers are asked for.</summary>
    internal float[] Aged(float[] conductances, Chance chance) =>
        Array.ConvertAll(conductances, value => (float)(value * Math.Clamp(1 - Drift * (1 + DriftSpread * chance.Normal()), 0, 1)));
}

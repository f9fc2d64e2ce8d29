using Harness.Datasets;
using MathNet.Numerics.Distributions;
using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Models;

/// <summary>
/// Makes rows of gates that are seldom open. Every embedding has a direction b (±1) in common, against which gates lean: as much of the
/// normed input as lies along b says how high a gate stands.
/// </summary>
sealed class GatePlanter
{
    /// <summary>Cosine of the normed input and b: embeddings are b and noise of equal size, all blocks together add a tenth.</summary>
    const float Along = 0.7f;

    readonly PlantedGates _gates;
    readonly Chance _chance;
    readonly float[] _common, _low;
    readonly float _height;
    readonly int _width;

    public GatePlanter(ModelShape shape, PlantedGates gates, Chance chance)
    {
        (_gates, _chance, _width) = (gates, chance, shape.Width);
        _common = [.. Enumerable.Range(0, shape.Width).Select(_ => chance.Below(2) == 0 ? -1f : 1f)];
        _low = new float[gates.Rank * shape.Width];
        // The difference of score and height has the deviation √(1 + spread²).
        _height = (float)-Normal.InvCDF(0, Math.Sqrt(1 + gates.Spread * gates.Spread), gates.Open);
    }

    /// <summary>Adds b to an embedding, whose noise is made as large.</summary>
    public void Lean(float[] row)
    {
        var scale = MathF.Sqrt(_width);
        for (var i = 0; i < row.Length; i++) row[i] = scale * row[i] + _common[i];
    }

    /// <summary>Draws V anew: rows of length 1 at right angles to b.</summary>
    public void NextLayer()
    {
        for (var k = 0; k < _gates.Rank; k++)
        {
            var row = _low.AsSpan(k * _width, _width);
            foreach (ref var value in row) value = (float)_chance.Normal() / MathF.Sqrt(_width);
            Vectors.AddScaled(row, -Vectors.Dot(row, _common) / _width, _common);
        }
    }

    /// <summary>Makes a row of noise, of variance 1 / width, one of a gate.</summary>
    public void Gate(float[] row)
    {
        var (share, height) = ((float)_gates.LowRankShare, _height + (float)(_gates.Spread * _chance.Normal()));
        for (var i = 0; i < row.Length; i++) row[i] *= MathF.Sqrt(1 - share);
        for (var k = 0; k < _gates.Rank; k++)
            Vectors.AddScaled(row, MathF.Sqrt(share / _gates.Rank) * (float)_chance.Normal(), _low.AsSpan(k * _width, _width));
        Vectors.AddScaled(row, -height * MathF.Sqrt(1 - Along * Along) / (Along * _width), _common);
    }
}

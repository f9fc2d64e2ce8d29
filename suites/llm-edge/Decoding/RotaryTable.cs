using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Decoding;

/// <summary>Cosines and sines of the rotary embedding (Su et al. 2021): pair i of a head of d numbers turns by position ·
/// θ^(-2i/d).</summary>
sealed class RotaryTable
{
    readonly float[] _cosines, _sines;
    readonly int _pairs;
    readonly Rotation _rotation;

    public RotaryTable(ModelShape shape, int context)
    {
        (_pairs, _rotation) = (shape.HeadWidth / 2, shape.Rotation);
        (_cosines, _sines) = (new float[context * _pairs], new float[context * _pairs]);
        for (var pair = 0; pair < _pairs; pair++)
        {
            var step = Math.Pow(shape.Base, -2.0 * pair / shape.HeadWidth);
            for (var position = 0; position < context; position++)
                (_sines[position * _pairs + pair], _cosines[position * _pairs + pair]) = ((float, float))Math.SinCos(position * step);
        }
    }

    /// <summary>Turns the heads that lie one after another in <paramref name="x"/>.</summary>
    /// <param name="back">Turns the other way, as derivatives are.</param>
    public void Turn(Span<float> x, int position, bool back = false)
    {
        Span<float> cosines = _cosines.AsSpan(position * _pairs, _pairs), sines = _sines.AsSpan(position * _pairs, _pairs);
        var sign = back ? -1 : 1;
        for (; x.Length > 0; x = x[(2 * _pairs)..])
            for (var pair = 0; pair < _pairs; pair++)
            {
                var (first, second) = _rotation == Rotation.Neighbours ? (2 * pair, 2 * pair + 1) : (pair, pair + _pairs);
                var (a, b, sine) = (x[first], x[second], sign * sines[pair]);
                (x[first], x[second]) = (a * cosines[pair] - b * sine, a * sine + b * cosines[pair]);
            }
    }
}

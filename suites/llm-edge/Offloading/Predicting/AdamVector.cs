using System.Numerics;

namespace Suites.LlmEdge.Offloading.Predicting;

/// <summary>Numbers that Adam (Kingma and Ba 2015) moves against their slopes, which are gathered in place and cleared by a step.</summary>
sealed class AdamVector(float[] values, double rate)
{
    const double Decay1 = 0.9, Decay2 = 0.999;
    const float Epsilon = 1e-8f;

    readonly float[] _mean = new float[values.Length], _square = new float[values.Length];
    int _steps;

    public float[] Values => values;
    public float[] Slopes { get; } = new float[values.Length];

    public void Step()
    {
        _steps++;
        var step = (float)(rate / (1 - Math.Pow(Decay1, _steps)));
        var scale = (float)(1 / (1 - Math.Pow(Decay2, _steps)));
        var i = 0;
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
        {
            var slope = new Vector<float>(Slopes, i);
            var mean = new Vector<float>(_mean, i) * (float)Decay1 + slope * (float)(1 - Decay1);
            var square = new Vector<float>(_square, i) * (float)Decay2 + slope * slope * (float)(1 - Decay2);
            mean.CopyTo(_mean, i);
            square.CopyTo(_square, i);
            (new Vector<float>(values, i) - mean * step / (Vector.SquareRoot(square * scale) + new Vector<float>(Epsilon)))
                .CopyTo(values, i);
        }
        for (; i < values.Length; i++)
        {
            _mean[i] = (float)Decay1 * _mean[i] + (float)(1 - Decay1) * Slopes[i];
            _square[i] = (float)Decay2 * _square[i] + (float)(1 - Decay2) * Slopes[i] * Slopes[i];
            values[i] -= step * _mean[i] / (MathF.Sqrt(scale * _square[i]) + Epsilon);
        }
        Array.Clear(Slopes);
    }
}

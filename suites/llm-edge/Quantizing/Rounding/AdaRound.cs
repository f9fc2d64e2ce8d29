namespace Suites.LlmEdge.Quantizing.Rounding;

/// <summary>
/// AdaRound (Nagel et al. 2020) with the layer's squared output error, without the activation behind it: w' = s·clip(floor(w/s) + h(V)),
/// h(V) = clip(1.2 σ(V) - 0.1, 0, 1), and a term Σ 1 - |2h - 1|^β, β falling from 20 to 2, drives h to 0 or 1. V is learned by Adam. A
/// row that ends worse than by rounding to nearest is rounded to nearest.
/// </summary>
static class AdaRound
{
    const int Steps = 300;
    const double WarmShare = 0.2, FirstBeta = 20, LastBeta = 2, Weight = 0.01, Rate = 0.05, Stretch = 1.2, Shift = -0.1;

    public static float[] Rounded(ReadOnlySpan<float> values, int rows, int width, InputStatistics inputs, Quantizer quantizer)
    {
        var (rounded, products) = (new float[values.Length], Relative(inputs));
        for (var row = 0; row < rows; row++)
        {
            var line = values.Slice(row * width, width);
            var points = new Points(line, width, quantizer, quantizer.Granularity == Granularity.Tensor ? quantizer.GridOf(values) : null);
            var learned = Learned(line, points, products, width);
            var nearest = points.Nearest(line);
            (inputs.OutputError(line, learned) <= inputs.OutputError(line, nearest) ? learned : nearest)
                .CopyTo(rounded.AsSpan(row * width, width));
        }
        return rounded;
    }

    // Σ x xᵀ over its mean diagonal: rates and weights then hold for any layer.
    static float[] Relative(InputStatistics inputs)
    {
        var mean = 0.0;
        for (var i = 0; i < inputs.Width; i++) mean += inputs.Products[i * inputs.Width + i] / inputs.Width;
        return Array.ConvertAll(inputs.Products, product => mean > 0 ? (float)(product / mean) : 0);
    }

    static float[] Learned(ReadOnlySpan<float> line, Points points, float[] products, int width)
    {
        double[] v = points.Start(line), mean = new double[width], square = new double[width];
        float[] miss = new float[width], pull = new float[width];
        var scale = points.MeanSquareStep;
        for (var step = 1; step <= Steps && scale > 0; step++)
        {
            for (var i = 0; i < width; i++) miss[i] = (float)(points.At(i, Share(v[i])) - line[i]);
            for (var i = 0; i < width; i++) pull[i] = Kernels.Vectors.Dot(products.AsSpan(i * width, width), miss);
            var past = (double)step / Steps;
            var beta = LastBeta + (FirstBeta - LastBeta) * 0.5 * (1 + Math.Cos(Math.PI * Math.Max(0, past - WarmShare) / (1 - WarmShare)));
            for (var i = 0; i < width; i++)
            {
                // Error in squared steps: with it the driving term weighs alike for wide and narrow grids.
                var slope = 2 * pull[i] * points.Step(i) / scale;
                var share = Share(v[i]);
                if (past > WarmShare) slope -= Weight * 2 * beta * Math.Pow(Math.Abs(2 * share - 1), beta - 1) * Math.Sign(2 * share - 1);
                var gradient = slope * ShareSlope(v[i]);
                mean[i] = 0.9 * mean[i] + 0.1 * gradient;
                square[i] = 0.999 * square[i] + 0.001 * gradient * gradient;
                v[i] -= Rate * (mean[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(square[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }
        return [.. Enumerable.Range(0, width).Select(i => (float)points.At(i, Share(v[i]) >= 0.5 ? 1 : 0))];
    }

    static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));

    static double Share(double v) => Math.Clamp(Stretch * Sigmoid(v) + Shift, 0, 1);

    static double ShareSlope(double v) => Share(v) is 0 or 1 ? 0 : Stretch * Sigmoid(v) * (1 - Sigmoid(v));

    /// <summary>The two points of its grid between which each number of a row lies.</summary>
    sealed class Points
    {
        readonly Grid[] _grids;
        readonly int[] _below;

        public Points(ReadOnlySpan<float> line, int width, Quantizer quantizer, Grid? one)
        {
            var run = quantizer.Granularity == Granularity.Group ? quantizer.Group : width;
            (_grids, _below) = (new Grid[width], new int[width]);
            for (var i = 0; i < width; i++)
            {
                _grids[i] = one ?? (i % run == 0 ? quantizer.GridOf(line.Slice(i, Math.Min(run, width - i))) : _grids[i - 1]);
                var grid = _grids[i];
                _below[i] = grid.Scale == 0 ? grid.Zero
                    : Math.Clamp((int)Math.Floor(line[i] / grid.Scale) + grid.Zero, grid.Low, grid.High);
            }
        }

        public double MeanSquareStep => _grids.Average(grid => grid.Scale * grid.Scale);

        public double Step(int i) => _below[i] < _grids[i].High ? _grids[i].Scale : 0;

        public double At(int i, double share) => _grids[i].Value(_below[i]) + share * Step(i);

        public float[] Nearest(ReadOnlySpan<float> line)
        {
            var nearest = new float[line.Length];
            for (var i = 0; i < line.Length; i++) nearest[i] = (float)_grids[i].Round(line[i]);
            return nearest;
        }

        // V at which h is the rest that rounding down leaves.
        public double[] Start(ReadOnlySpan<float> line)
        {
            var start = new double[line.Length];
            for (var i = 0; i < line.Length; i++)
            {
                var rest = _grids[i].Scale == 0 ? 0 : Math.Clamp(line[i] / _grids[i].Scale + _grids[i].Zero - _below[i], 0.01, 0.99);
                start[i] = -Math.Log(Stretch / (rest - Shift) - 1);
            }
            return start;
        }
    }
}

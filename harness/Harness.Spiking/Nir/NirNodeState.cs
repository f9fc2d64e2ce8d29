namespace Harness.Spiking.Nir;

/// <summary>
/// One node while a graph runs: its state, and what a step makes of its input. NIR leaves the first state open: potentials start at the
/// leak, and at 0 where there is none.
/// </summary>
sealed class NirNodeState(NirNode node, IReadOnlyList<int> input, IReadOnlyList<int> output, double step, NirDiscretisation by)
{
    readonly double[] potential = Rest(node, Size(output));
    readonly double[] current = new double[Size(output)];
    readonly Queue<double[]> line = [];

    public static int Size(IReadOnlyList<int> shape) => shape.Aggregate(1, (product, length) => product * length);

    public void Clear()
    {
        Rest(node, potential.Length).CopyTo(potential, 0);
        Array.Clear(current);
        line.Clear();
    }

    public double[] Step(double[] x) => node switch
    {
        NirInput or NirOutput or NirFlatten => x,
        NirAffine one => Affine(one, x),
        NirScale one => Each(x, at => x[at] * one.Scale.Values[at]),
        NirDelay one => Delayed(one, x),
        NirConvolution one => Convolved(one, x),
        NirPool one => Pooled(one, x),
        NirThreshold one => Each(x, at => x[at] > one.Threshold.Values[at] ? 1 : 0),
        NirIntegrator one => Each(x, at => potential[at] += step * one.R.Values[at] * x[at]),
        NirIntegrateAndFire one => Each(x, at => Fire(at, potential[at] + step * one.R.Values[at] * x[at], one.Threshold, one.Reset)),
        NirLeakyIntegrator one => Each(x, at => potential[at] = Leak(potential[at], one.Leak.Values[at] + one.R.Values[at] * x[at],
            one.Tau.Values[at])),
        NirLif one => Each(x, at => Fire(at, Leak(potential[at], one.Leak.Values[at] + one.R.Values[at] * x[at], one.Tau.Values[at]),
            one.Threshold, one.Reset)),
        NirCubaLeakyIntegrator one => Each(x, at => potential[at] = Leak(potential[at],
            one.Leak.Values[at] + one.R.Values[at] * Charge(at, x[at], one.SynapseTau, one.InputWeight), one.MembraneTau.Values[at])),
        NirCubaLif one => Each(x, at => Fire(at, Leak(potential[at],
            one.Leak.Values[at] + one.R.Values[at] * Charge(at, x[at], one.SynapseTau, one.InputWeight), one.MembraneTau.Values[at]),
            one.Threshold, one.Reset)),
        _ => throw new UnsupportedException($"A node of kind {node.Kind} cannot be run."),
    };

    static double[] Rest(NirNode node, int size) => node switch
    {
        NirLeakyIntegrator one => [.. one.Leak.Values],
        NirLif one => [.. one.Leak.Values],
        NirCubaLeakyIntegrator one => [.. one.Leak.Values],
        NirCubaLif one => [.. one.Leak.Values],
        _ => new double[size],
    };

    static double[] Each(double[] x, Func<int, double> value)
    {
        var y = new double[x.Length];
        for (var at = 0; at < y.Length; at++) y[at] = value(at);
        return y;
    }

    double Leak(double v, double target, double tau) => by == NirDiscretisation.ForwardEuler ? v + (target - v) * (step / tau)
        : target + (v - target) * Math.Exp(-step / tau);

    // The current first, which then charges the membrane in the same step.
    double Charge(int at, double x, NirArray tau, NirArray weight) =>
        current[at] = Leak(current[at], weight.Values[at] * x, tau.Values[at]);

    double Fire(int at, double v, NirArray threshold, NirArray reset)
    {
        var fires = v > threshold.Values[at];
        potential[at] = fires ? reset.Values[at] : v;
        return fires ? 1 : 0;
    }

    double[] Affine(NirAffine affine, double[] x)
    {
        var (outputs, inputs) = (affine.Weight.Shape[^2], affine.Weight.Shape[^1]);
        return Each(new double[Size(output)], at =>
        {
            var sum = affine.Bias?.Values[at] ?? 0;
            // Leading axes are so many independent products.
            for (var k = 0; k < inputs; k++) sum += affine.Weight.Values[at * inputs + k] * x[at / outputs * inputs + k];
            return sum;
        });
    }

    double[] Delayed(NirDelay delay, double[] x)
    {
        var steps = delay.Delay.Values.Select(seconds => (int)Math.Round(seconds / step)).ToArray();
        line.Enqueue(x);
        if (line.Count > steps.Max() + 1) line.Dequeue();
        var passed = line.ToArray();
        return Each(x, at => steps[at] < passed.Length ? passed[passed.Length - 1 - steps[at]][at] : 0);
    }

    // One axis is two of which the first has length 1.
    double[] Convolved(NirConvolution convolution, double[] x)
    {
        int Axis(IReadOnlyList<int> lengths, int axis, int absent) =>
            convolution.Axes == 2 ? lengths[axis] : axis == 0 ? absent : lengths[0];
        var (taps, sizes, outputs) = (Skip(convolution.Weight.Shape, 2), Skip(input, 1), Skip(output, 1));
        var (tapRows, tapColumns, rows, columns) = (Axis(taps, 0, 1), Axis(taps, 1, 1), Axis(sizes, 0, 1), Axis(sizes, 1, 1));
        var (outRows, outColumns, channels) = (Axis(outputs, 0, 1), Axis(outputs, 1, 1), convolution.Weight.Shape[1]);
        int Pad(int axis) => convolution.Axes == 1 && axis == 0 ? 0
            : convolution.Padding.Around(convolution.Axes == 1 ? 0 : axis, Axis(taps, axis, 1), Axis(convolution.Dilation, axis, 1)).Before;
        var (top, left) = (Pad(0), Pad(1));
        return Each(new double[Size(output)], at =>
        {
            var (channel, row, column) = (at / (outRows * outColumns), at / outColumns % outRows, at % outColumns);
            var first = channel / (convolution.Weight.Shape[0] / convolution.Groups) * channels;
            var sum = convolution.Bias.Values[channel];
            for (var tap = 0; tap < channels * tapRows * tapColumns; tap++)
            {
                var (c, i, j) = (tap / (tapRows * tapColumns), tap / tapColumns % tapRows, tap % tapColumns);
                var y = row * Axis(convolution.Stride, 0, 1) + i * Axis(convolution.Dilation, 0, 1) - top;
                var z = column * Axis(convolution.Stride, 1, 1) + j * Axis(convolution.Dilation, 1, 1) - left;
                if (y < 0 || y >= rows || z < 0 || z >= columns) continue;
                sum += convolution.Weight.Values[channel * channels * tapRows * tapColumns + tap]
                    * x[((first + c) * rows + y) * columns + z];
            }
            return sum;
        });
    }

    double[] Pooled(NirPool pool, double[] x)
    {
        var (rows, columns, outRows, outColumns) = (input[^2], input[^1], output[^2], output[^1]);
        return Each(new double[Size(output)], at =>
        {
            var (plane, row, column) = (at / (outRows * outColumns), at / outColumns % outRows, at % outColumns);
            var sum = 0.0;
            for (var tap = 0; tap < pool.Window[0] * pool.Window[1]; tap++)
            {
                var y = row * pool.Stride[0] + tap / pool.Window[1] - pool.Padding[0];
                var z = column * pool.Stride[1] + tap % pool.Window[1] - pool.Padding[1];
                if (y >= 0 && y < rows && z >= 0 && z < columns) sum += x[(plane * rows + y) * columns + z];
            }
            return pool.Average ? sum / (pool.Window[0] * pool.Window[1]) : sum;
        });
    }

    static int[] Skip(IReadOnlyList<int> shape, int axes) => [.. shape.Skip(axes)];
}

using System.Numerics;
using Harness.Datasets;
using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Pruning.Perceptrons;

/// <summary>Trains a perceptron in place, epoch by epoch.</summary>
sealed class PerceptronTraining(Perceptron network, PerceptronRecipe recipe, DenseProduct product)
{
    readonly Adam[] _weights = Array.ConvertAll(network.Weights, weights => new Adam(weights));
    readonly Adam[] _offsets = Array.ConvertAll(network.Offsets, offsets => new Adam(offsets));
    int _step;

    /// <summary>The mean loss of each epoch.</summary>
    /// <exception cref="TrainingFailedException">The loss is no longer a finite number.</exception>
    public IEnumerable<double> Epochs(PixelTable samples, Chance chance, CancellationToken cancellation)
    {
        var pass = new Pass(network, product, Math.Min(recipe.BatchSize, samples.Count));
        int[] order = [.. Enumerable.Range(0, samples.Count)];
        for (var epoch = 1; epoch <= recipe.Epochs; epoch++)
        {
            chance.Shuffle(order.AsSpan());
            var sum = 0.0;
            for (var first = 0; first < order.Length; first += pass.Most)
            {
                cancellation.ThrowIfCancellationRequested();
                var batch = order.AsMemory(first, Math.Min(pass.Most, order.Length - first));
                sum += Step(samples, batch.Span, pass) * batch.Length;
            }
            if (!double.IsFinite(sum))
                throw new TrainingFailedException($"The loss became {sum} in epoch {epoch}: training diverged; lower the learning rate "
                    + $"({recipe.LearningRate}).");
            yield return sum / order.Length;
        }
    }

    double Step(PixelTable samples, ReadOnlySpan<int> batch, Pass pass)
    {
        var labels = samples.Read(batch, pass.Values[0]);
        pass.Forward(batch.Length);
        var loss = pass.Backward(labels);
        var steps = recipe.Epochs * ((samples.Count + pass.Most - 1) / pass.Most);
        var rate = recipe.LearningRate * 0.5 * (1 + Math.Cos(Math.PI * _step++ / steps));
        for (var layer = 0; layer < network.Layers; layer++)
        {
            var (width, rows) = (network.Sizes[layer], network.Sizes[layer + 1]);
            float[] inputs = Turned(pass.Values[layer], batch.Length, width), errors = Turned(pass.Errors[layer + 1], batch.Length, rows);
            product.Run(inputs, width, batch.Length, errors, rows, _weights[layer].Gradient);
            for (var row = 0; row < rows; row++) _offsets[layer].Gradient[row] = Sum(errors.AsSpan(row * batch.Length, batch.Length));
            _weights[layer].Step(rate, 1f / batch.Length, _step);
            _offsets[layer].Step(rate, 1f / batch.Length, _step);
        }
        return loss;
    }

    static float[] Turned(float[] values, int samples, int units)
    {
        var turned = new float[samples * units];
        DenseProduct.Transpose(values, samples, units, turned);
        return turned;
    }

    static float Sum(ReadOnlySpan<float> values)
    {
        var sum = 0f;
        foreach (var value in values) sum += value;
        return sum;
    }

    sealed class Adam(float[] values)
    {
        const float First = 0.9f, Second = 0.999f, Epsilon = 1e-8f;

        readonly float[] _mean = new float[values.Length], _square = new float[values.Length];

        public float[] Gradient { get; } = new float[values.Length];

        public void Step(double rate, float scale, int step)
        {
            var length = (float)(rate / (1 - Math.Pow(First, step)));
            var correction = (float)(1 / (1 - Math.Pow(Second, step)));
            var i = 0;
            for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
            {
                var gradient = new Vector<float>(Gradient, i) * scale;
                var mean = First * new Vector<float>(_mean, i) + (1 - First) * gradient;
                var square = Second * new Vector<float>(_square, i) + (1 - Second) * gradient * gradient;
                mean.CopyTo(_mean, i);
                square.CopyTo(_square, i);
                (new Vector<float>(values, i) - length * mean / (Vector.SquareRoot(square * correction) + new Vector<float>(Epsilon)))
                    .CopyTo(values, i);
            }
            for (; i < values.Length; i++)
            {
                var gradient = Gradient[i] * scale;
                _mean[i] = First * _mean[i] + (1 - First) * gradient;
                _square[i] = Second * _square[i] + (1 - Second) * gradient * gradient;
                values[i] -= length * _mean[i] / (MathF.Sqrt(_square[i] * correction) + Epsilon);
            }
        }
    }
}

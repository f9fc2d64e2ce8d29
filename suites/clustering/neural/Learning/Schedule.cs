using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>Where a training stands.</summary>
/// <param name="Epoch">From 0 within the schedule.</param>
/// <param name="Rate">Share of the first rate that is left, 1 down to 0.</param>
sealed record Moment(int Epoch, double Rate);

/// <summary>
/// Adam on batches in a new order each epoch, the rate falling to zero as a cosine over all steps. A last batch that is not full is left
/// out, where there is a full one.
/// </summary>
sealed record Schedule(int Epochs, int BatchSize, double LearningRate)
{
    /// <summary>Trains in place and leaves the modules in evaluation mode.</summary>
    /// <param name="points">[points, ...]; batches are taken along the first axis.</param>
    /// <param name="loss">Of a batch; a scalar.</param>
    /// <exception cref="TrainingFailedException">The loss is no longer a finite number.</exception>
    public void Train(nn.Module network, Tensor points, Func<Tensor, Moment, Tensor> loss, SampleOrder chance, Curve curve,
        CancellationToken cancellation)
    {
        using var optimizer = optim.Adam(network.parameters(), LearningRate);
        var count = (int)points.shape[0];
        var size = Math.Min(BatchSize, count);
        var batches = count / size;
        network.train();
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var (order, sum) = (Array.ConvertAll(chance.Permutation(count), place => (long)place), 0.0);
            for (var index = 0; index < batches; index++)
            {
                cancellation.ThrowIfCancellationRequested();
                var done = (epoch * (double)batches + index) / ((double)Epochs * batches);
                var moment = new Moment(epoch, 0.5 * (1 + Math.Cos(Math.PI * done)));
                foreach (var group in optimizer.ParamGroups) group.LearningRate = LearningRate * moment.Rate;
                sum += Step(optimizer, points, order.AsSpan(index * size, size), loss, moment);
            }
            curve.Add(sum / batches);
        }
        network.eval();
    }

    double Step(optim.Optimizer optimizer, Tensor points, ReadOnlySpan<long> places, Func<Tensor, Moment, Tensor> loss, Moment moment)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var value = loss(points.index_select(0, tensor(places.ToArray())), moment);
        value.backward();
        optimizer.step();
        var number = value.item<float>();
        return float.IsFinite(number) ? number : throw new TrainingFailedException($"The loss became {number} in epoch {moment.Epoch + 1}: "
            + $"training diverged; lower the learning rate ({LearningRate}).");
    }
}

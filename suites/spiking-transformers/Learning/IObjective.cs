using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>What a network is trained for. The one thing in training that differs between classes, masks and boxes.</summary>
interface IObjective<in TSample>
{
    /// <summary>The mean loss of a batch of training samples, with its graph.</summary>
    /// <param name="epoch">Counted from 1.</param>
    /// <param name="chance">Every random change is drawn from it.</param>
    Tensor Loss(IReadOnlyList<TSample> batch, int epoch, SampleOrder chance);

    /// <summary>How good the network is on samples that it does not learn from; more is better. The epoch is chosen by it.</summary>
    double Score(IReadOnlyList<TSample> samples, CancellationToken cancellation);
}

/// <summary>A network that can tell its logits of each time step apart.</summary>
interface IStepwise
{
    /// <summary>[samples, ...] to [steps, samples, classes]; the mean over steps is what <c>forward</c> gives.</summary>
    Tensor ForwardSteps(Tensor input);
}

using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Counting;

/// <summary>
/// Finds layers that are silent before training starts: one that never fires gives the layers behind it nothing and, through a surrogate
/// that is all but 0 far from the threshold, gets no gradient to change that; the loss then stays at ln(classes) for thousands of samples.
/// </summary>
public static class InitialisationGuard
{
    /// <summary>
    /// Computes <paramref name="pass"/> over <paramref name="samples"/> training samples as training would, without gradients, and leaves
    /// the network as it was.
    /// </summary>
    /// <exception cref="TrainingFailedException">A layer of neurons did not fire once; the message names it and what helps.</exception>
    public static void Check(nn.Module network, OperationLedger ledger, int samples, Action pass)
    {
        using var before = Checkpoint.Of(network);
        var training = network.training;
        try
        {
            network.train();
            using var mode = no_grad();
            using var scope = NewDisposeScope();
            Check(ledger.Record(samples, pass));
        }
        finally
        {
            before.Restore(network);
            network.train(training);
        }
    }

    /// <inheritdoc cref="Check(nn.Module, OperationLedger, int, Action)"/>
    public static void Check(OperationCounts counts)
    {
        if (counts.Layers.FirstOrDefault(layer => layer is { NeuronUpdates: > 0, Spikes: 0 }) is not { } silent) return;
        throw new TrainingFailedException($"Layer {silent.Layer} did not fire once in {counts.Samples} training samples of "
            + $"{silent.TimeSteps} steps after initialisation: neither it nor what is behind it would learn. Raise the gain of the weights "
            + "before it (about 4 where inputs are divided by tau, or Kaiming's), lower its threshold, or take more steps.");
    }
}

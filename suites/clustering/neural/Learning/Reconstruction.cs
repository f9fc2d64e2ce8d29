using Harness.Torch;
using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>Teaches an autoencoder to give back what it was given.</summary>
static class Reconstruction
{
    public static void Train(Autoencoder network, Tensor points, Schedule schedule, SampleOrder chance, Curve curve,
        CancellationToken cancellation) =>
        schedule.Train(network, points, (batch, _) => Loss(network, batch, network.Encode(batch)), chance, curve, cancellation);

    /// <summary>Mean squared difference, over points and coordinates.</summary>
    public static Tensor Loss(Autoencoder network, Tensor batch, Tensor codes) =>
        nn.functional.mse_loss(network.Decode(codes), batch);
}

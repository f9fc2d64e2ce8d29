using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Signals;
using Harness.Torch;
using Suites.SpikingTransformers.Networks.Reservoirs;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>Echo state network.</summary>
/// <param name="Radius">Spectral radius of the recurrent weights.</param>
/// <param name="Density">Probability that one unit reaches another.</param>
/// <param name="InputScale">Inputs have weights up to this, either way.</param>
/// <param name="BiasScale">The same of biases.</param>
/// <param name="Ridge">Of the readout's regression.</param>
public sealed record EchoState(
    [property: Range(1, 4096)] int Units = 200,
    [property: Range(0.0, 10.0)] double Radius = 0.95,
    [property: Range(0.001, 1.0)] double Density = 0.2,
    [property: Range(0.0, 100.0)] double InputScale = 0.1,
    [property: Range(0.0, 100.0)] double BiasScale = 0.1,
    [property: Range(0.0, 1e6)] double Ridge = 1e-7)
    : IModelFamily<SignalSeries, SignalPrediction>
{
    public FamilyCard Card => new("echo-state", 1, "Echo state network")
    {
        Kind = "ann",
        Summary = "A fixed random recurrent network of tanh units, and a linear readout by ridge regression.",
        Paper = "Jaeger: The echo state approach to analysing and training recurrent neural networks, GMD report 148, 2001",
        Equations = "r[t] = tanh(W r[t-1] + v u[t] + b)\ny = V [r; 1], V = argmin |V R - Y|^2 + ridge |V|^2",
    };

    public IModel<SignalSeries, SignalPrediction> Prepare(TrainingData<SignalSeries> data, RunContext context)
    {
        TorchSession.Begin(context.Seed, context.Threads);
        return ReservoirModel.Fit(new EchoReservoir(Units, Radius, Density, InputScale, BiasScale, new SampleOrder(context.Seed)),
            data.Training, Ridge);
    }
}

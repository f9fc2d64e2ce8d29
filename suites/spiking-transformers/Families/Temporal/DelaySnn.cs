using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Delays;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>Feed-forward spiking network with a delay at every synapse: what it knows of the past is on its way.</summary>
/// <param name="Neurons">Of each hidden layer.</param>
/// <param name="Longest">Longest delay in steps.</param>
/// <param name="Tau">Membrane time constant in steps; close to 1 keeps almost nothing.</param>
/// <param name="Slope">The surrogate's steepness a.</param>
/// <param name="Dropout">Share of spikes that training leaves out.</param>
/// <param name="Engine">What computes inference; both give the same answers but for rounding.</param>
public sealed record DelaySnn(
    [property: Range(1, 8192)] int Neurons = 256,
    [property: Range(1, 16)] int Depth = 2,
    DelayRule Delays = DelayRule.Learned,
    [property: Range(1, 255)] int Longest = 24,
    [property: Range(1.0, 1000.0)] double Tau = 1.005,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Threshold = 1,
    Surrogate Surrogate = Surrogate.ArcTangent,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double Slope = 5,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double Dropout = 0.4,
    DelayEngine Engine = DelayEngine.Dense,
    Recipe? Training = null)
    : IModelFamily<FrameSequence, ClassPrediction>
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 30, BatchSize: 64, LearningRate: 1e-3, WeightDecay: 1e-5);

    public FamilyCard Card => new("delay-snn", 1, "Delay SNN")
    {
        Kind = "spiking",
        Summary = "Feed-forward LIF neurons whose synapses have delays, learned as positions of Gaussians that become single steps.",
        Paper = "Hammouamri, Khalfaoui-Hassani, Masquelier: Learning delays in spiking neural networks using dilated convolutions with "
            + "learnable spacings, ICLR 2024",
        Link = "https://arxiv.org/abs/2306.17670",
        Equations = """
            I_o[t] = BN(sum over i, k of w_oi g(k - d_oi) s_i[t - k]), g = exp(-k^2 / 2 sigma^2) normalised over k = 0..longest
            sigma shrinks to 0.5 within the first quarter of training; at inference d is rounded and g is one step
            H[t] = V[t-1] (1 - 1 / tau) + I[t], s[t] = 1 where H[t] >= threshold, V[t] = (1 - s[t]) H[t]
            readout: V[t] = V[t-1] (1 - 1 / tau) + I[t], y = sum over t of softmax(V[t]); softmax of y again for the loss
            """,
    };

    public IModel<FrameSequence, ClassPrediction> Prepare(TrainingData<FrameSequence> data, RunContext context)
    {
        var classes = Classes.Of(data);
        var counts = FrameLevels.Of(data) with { Largest = 1 };
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var lif = new LifParameters((float)Tau, (float)Threshold, DecayInput: false, Surrogate: Surrogate, Slope: (float)Slope);
        var network = new DelayNetwork(new(counts.Channels, Neurons, Depth, classes, Delays, Longest, Dropout, lif.Checked()), ledger);
        var trained = Classifier.Train(network, counts, data, Training, context, ledger);
        return Engine == DelayEngine.Dense ? trained : new EventDelayModel(trained, network.ToEvents(), counts);
    }
}

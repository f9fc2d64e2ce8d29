using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Signals;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Thought;

namespace Suites.SpikingTransformers.Families.Temporal;

/// <summary>Continuous thought machine: it looks at its input tick by tick and answers when it is certain.</summary>
/// <param name="Ticks">Of the inner clock.</param>
/// <param name="Memory">Ticks of its past that a neuron sees.</param>
/// <param name="Hidden">Units of each neuron's own network.</param>
/// <param name="Pairs">Pairs of neurons, drawn once, whose synchronisation makes queries; as many others make answers.</param>
/// <param name="Width">Of the features of a position.</param>
public sealed record ThoughtMachine(
    [property: Range(1, 8192)] int Neurons = 128,
    [property: Range(1, 1000)] int Ticks = 20,
    [property: Range(1, 1000)] int Memory = 10,
    [property: Range(1, 1024)] int Hidden = 8,
    [property: Range(1, 65_536)] int Pairs = 256,
    [property: Range(1, 8192)] int Width = 64,
    [property: Range(1, 256)] int Heads = 4,
    Recipe? Training = null)
    : IModelFamily<BitSequence, TickedBits>
{
    public Recipe Training { get; init; } = Training ?? new(Epochs: 300, BatchSize: 32, LearningRate: 1e-3, WeightDecay: 0, Warmup: 0.05,
        ClipNorm: 1);

    public FamilyCard Card => new("ctm", 1, "Continuous thought machine")
    {
        Kind = "ann",
        Summary = "Neurons that each have a network over their own past; how pairs of them synchronise asks the input and answers.",
        Paper = "Darlow, Regan, Risi, Seely, Jones: Continuous thought machines, 2025",
        Link = "https://arxiv.org/abs/2505.05522",
        Equations = """
            q = W_q s^a, o = attention(q, features of the input), a = LayerNorm(GLU(W [o; z] + b))
            z_d = g_d(the last M values of a_d), g_d: M to 2 H, GLU, H to 2, GLU, each over a learned temperature
            alpha = r alpha + z_i z_j, beta = r beta + 1, s = alpha / sqrt(beta) of pairs i, j; r = exp(-clamp(decay, 0, 15))
            y = W_o s^o; certainty = 1 - entropy(y) / ln 2, the mean over positions
            loss: half of it at the tick where it is least, half at the tick of the greatest certainty
            """,
    };

    public IModel<BitSequence, TickedBits> Prepare(TrainingData<BitSequence> data, RunContext context)
    {
        var encoder = BitIds.Of(data);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var network = new ThoughtNetwork(new ThoughtSizes(encoder.Length, Width, Heads, Ticks).Checked(),
            new(Neurons, Memory, Hidden, Pairs), ledger);
        return NetworkModel<BitSequence, TickedBits>.Train(network, encoder, TickObjective.Answers, new TickObjective(network, encoder),
            data, Training, context, ledger);
    }
}

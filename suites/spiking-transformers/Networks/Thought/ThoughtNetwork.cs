using Harness.Spiking.Counting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Thought;

/// <summary>
/// Continuous thought machine (Darlow et al. 2025): neurons with networks of their own over their pasts, whose synchronisation asks and
/// answers.
/// </summary>
sealed class ThoughtNetwork : nn.Module<Tensor, Tensor>
{
    readonly ThoughtSizes sizes;
    readonly NeuronSizes neurons;
    readonly OperationLedger ledger;
    readonly BitAttention attention;
    readonly TorchSharp.Modules.Linear synapses, readout;
    readonly TorchSharp.Modules.LayerNorm norm;
    readonly NeuronModels models;
    readonly Synchronisation asking, answering;
    readonly Parameter firstActivities, firstHistory;

    public ThoughtNetwork(ThoughtSizes sizes, NeuronSizes neurons, OperationLedger ledger) : base(nameof(ThoughtNetwork))
    {
        (this.sizes, this.neurons, this.ledger) = (sizes, neurons, ledger);
        attention = new(sizes, neurons.Pairs, ledger);
        (synapses, norm) = (nn.Linear(sizes.Width + neurons.Neurons, 2 * neurons.Neurons), nn.LayerNorm(neurons.Neurons));
        models = new(neurons);
        (asking, answering) = (new(neurons.Neurons, neurons.Pairs), new(neurons.Neurons, neurons.Pairs));
        readout = nn.Linear(neurons.Pairs, 2 * sizes.Length);
        firstActivities = new(Around(1.0 / neurons.Neurons, 1, neurons.Neurons));
        firstHistory = new(Around(1.0 / (neurons.Neurons + neurons.Memory), neurons.Neurons, 1, neurons.Memory));
        RegisterComponents();
    }

    static Tensor Around(double square, params long[] shape) => rand(shape).mul_(2).sub_(1).mul_(Math.Sqrt(square));

    /// <summary>Bits [sample, position], int64, to the logits after each tick, [sample, tick, position, 2].</summary>
    public override Tensor forward(Tensor sequence)
    {
        using var scope = NewDisposeScope();
        var (samples, read) = (sequence.shape[0], attention.Read(sequence));
        var activities = firstActivities.expand(samples, neurons.Neurons);
        var history = firstHistory.expand(neurons.Neurons, samples, neurons.Memory);
        var (keptAsking, keptAnswering) = (asking.Kept(), answering.Kept());
        var answers = answering.Next(null, activities, keptAnswering);
        Synchronisation.State? questions = null;
        List<Tensor> ticks = [];
        for (var tick = 0; tick < sizes.Ticks; tick++)
        {
            questions = asking.Next(questions, activities, keptAsking);
            var arriving = Arriving(attention.Attend(Synchronisation.Value(questions), read), activities);
            history = cat([history[.., .., 1..], arriving.t().unsqueeze(2)], 2);
            activities = models.forward(history);
            ledger.Weighted("neurons", "linear", history, InputKind.Analog, (double)samples * models.Operations,
                models.Operations * sizeof(float), sizes.Ticks);
            answers = answering.Next(answers, activities, keptAnswering);
            ticks.Add(Answer(Synchronisation.Value(answers)));
        }
        return stack(ticks, 1).view(samples, sizes.Ticks, sizes.Length, 2).MoveToOuterDisposeScope();
    }

    // What arrives at each neuron, [sample, neuron].
    Tensor Arriving(Tensor found, Tensor activities)
    {
        var input = cat([found, activities], 1);
        ledger.Linear("synapses", input, synapses, sizes.Ticks);
        return norm.forward(nn.functional.glu(synapses.forward(input), 1));
    }

    Tensor Answer(Tensor synchronised)
    {
        ledger.Linear("readout", synchronised, readout, sizes.Ticks);
        return readout.forward(synchronised);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var part in new nn.Module[] { attention, synapses, norm, models, asking, answering, readout }) part.Dispose();
            firstActivities.Dispose();
            firstHistory.Dispose();
        }
        base.Dispose(disposing);
    }
}

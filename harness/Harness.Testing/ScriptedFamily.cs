namespace Harness.Testing;

/// <summary>The one thing that goes wrong in a <see cref="ScriptedFamily"/>.</summary>
public enum Fault
{
    None,
    /// <summary>Training refuses with a <see cref="TrainingFailedException"/>.</summary>
    TrainingFails,
    /// <summary>Training refuses with an <see cref="UnsupportedException"/>.</summary>
    Unsupported,
    /// <summary>Training throws what only a bug throws.</summary>
    TrainingCrashes,
    /// <summary>Training waits until it is cancelled, and then ends as asked.</summary>
    TrainingWaits,
    /// <summary>The last loss is not a number.</summary>
    Diverges,
    /// <summary>Predicting throws what only a bug throws.</summary>
    PredictingCrashes,
    /// <summary>The last sample of a batch gets no prediction.</summary>
    MissesLast,
    /// <summary>The predictions come in the wrong order.</summary>
    Reverses,
    /// <summary>The confidence is not a number, which JSON cannot hold.</summary>
    NotANumber,
    /// <summary>Every second call answers the opposite: state crosses calls.</summary>
    Remembers,
    /// <summary>All calls fill and return one and the same list.</summary>
    ReusesList,
    /// <summary>A sample alone is answered otherwise than in a batch.</summary>
    DependsOnBatch,
    /// <summary>The first sample of a batch is answered otherwise.</summary>
    DependsOnPosition,
    /// <summary>Draws come from a generator that is shared by all models and never seeded anew.</summary>
    SharesChance,
    /// <summary>What was learned depends on the clock.</summary>
    DependsOnTime,
    /// <summary>Counting flips later answers.</summary>
    CountingDisturbs,
    /// <summary>Counts are sums over the batch where means are asked for.</summary>
    SumsCounts,
    /// <summary>Counts are negative.</summary>
    NegativeCounts,
    /// <summary>Counts are not numbers.</summary>
    CountsNotANumber,
    /// <summary>The footprint has parameters but no bytes.</summary>
    WeightlessFootprint,
    /// <summary>A disposed model goes on answering, but wrongly.</summary>
    AnswersAfterDisposal,
    /// <summary>The second disposal throws.</summary>
    DisposesOnce,
    /// <summary>Disposing one model breaks every other one.</summary>
    DisposesOthers,
}

/// <summary>Tells odd numbers from even ones, without fail, unless its configuration names the one way in which it goes wrong.</summary>
/// <param name="Epochs">Points of the training curve.</param>
/// <param name="Confidence">Stated with every answer.</param>
public sealed record ScriptedFamily(Fault Fault = Fault.None, int Epochs = 2, double Confidence = 0.9)
    : IModelFamily<Number, ParityPrediction>
{
    static readonly Random Shared = new(1);

    public FamilyCard Card => new("scripted", 1, "Scripted") { Kind = "control", Summary = "Goes wrong as told." };

    public IModel<Number, ParityPrediction> Prepare(TrainingData<Number> data, RunContext context)
    {
        switch (Fault)
        {
            case Fault.TrainingFails: throw new TrainingFailedException("The learning rate is too high.");
            case Fault.Unsupported: throw new UnsupportedException("This needs an accelerator.");
            case Fault.TrainingCrashes: throw new InvalidOperationException("Sequence contains no elements.");
            case Fault.TrainingWaits:
                context.Cancellation.WaitHandle.WaitOne();
                context.Cancellation.ThrowIfCancellationRequested();
                break;
        }
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            var loss = Fault == Fault.Diverges && epoch == Epochs ? double.NaN : 1.0 / epoch;
            context.Progress.Report(new(epoch, loss, 1 - loss, epoch));
        }
        var sure = Fault switch
        {
            Fault.NotANumber => double.NaN,
            Fault.SharesChance => Shared.NextDouble(),
            Fault.DependsOnTime => context.Time.GetUtcNow().Ticks / 1e18,
            _ => Confidence,
        };
        return new ScriptedModel(Fault, sure);
    }
}

sealed class ScriptedModel(Fault fault, double confidence) : IModel<Number, ParityPrediction>
{
    static int s_disposals;

    readonly List<ParityPrediction> _reused = [];
    readonly int _born = s_disposals;
    int _calls;
    bool _disturbed;
    bool _disposed;

    public Footprint Footprint => new(2, fault == Fault.WeightlessFootprint ? 0 : 16, 64);

    public IReadOnlyList<ParityPrediction> Predict(IReadOnlyList<Number> batch)
    {
        if (fault == Fault.PredictingCrashes) throw new InvalidOperationException("Sequence contains no elements.");
        ObjectDisposedException.ThrowIf(_disposed && fault != Fault.AnswersAfterDisposal, this);
        _calls++;
        var answers = batch.Select((number, index) => new ParityPrediction(Parity(number, index, batch.Count), confidence));
        if (fault == Fault.MissesLast) answers = answers.SkipLast(1);
        if (fault == Fault.Reverses) answers = answers.Reverse();
        if (fault != Fault.ReusesList) return [.. answers];
        _reused.Clear();
        _reused.AddRange(answers);
        return _reused;
    }

    public OperationCounts Count(IReadOnlyList<Number> batch)
    {
        if (fault == Fault.CountingDisturbs) _disturbed = true;
        var operations = batch.Average(number => number.Value) * fault switch
        {
            Fault.SumsCounts => batch.Count, Fault.NegativeCounts => -1, Fault.CountsNotANumber => double.NaN, _ => 1,
        };
        return new([new("parity", "linear", operations, 0, operations)], batch.Count);
    }

    public void Dispose()
    {
        ObjectDisposedException.ThrowIf(_disposed && fault == Fault.DisposesOnce, this);
        if (fault == Fault.DisposesOthers) Interlocked.Increment(ref s_disposals);
        _disposed = true;
    }

    int Parity(Number number, int index, int count)
    {
        var wrong = fault switch
        {
            Fault.Remembers => _calls % 2 == 0,
            Fault.DependsOnBatch => count == 1,
            Fault.DependsOnPosition => index == 0,
            Fault.CountingDisturbs => _disturbed,
            Fault.AnswersAfterDisposal => _disposed,
            Fault.DisposesOthers => s_disposals > _born,
            _ => false,
        };
        return (number.Value & 1) ^ (wrong ? 1 : 0);
    }
}

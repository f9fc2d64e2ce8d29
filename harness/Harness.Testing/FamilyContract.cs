using Harness.Testing.Knobs;

namespace Harness.Testing;

/// <summary>What every family must keep, as checks that need no test framework.</summary>
public static class FamilyContract
{
    /// <param name="data">Small, but enough for every knob to matter.</param>
    /// <param name="samples">At least three, as a model sees them at test time, with different right answers.</param>
    public static FamilyContract<TSample, TPrediction> Of<TSample, TPrediction>(IModelFamily<TSample, TPrediction> family,
        TrainingData<TSample> data, IReadOnlyList<TSample> samples) => new(family, data, samples);

    /// <summary>
    /// As <paramref name="benchmark"/> shows data to a family: targets are withheld where it says so, answers compared in its form.
    /// </summary>
    public static FamilyContract<TSample, TPrediction> Of<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark,
        IModelFamily<TSample, TPrediction> family, TrainingData<TSample> data, IReadOnlyList<TSample> samples)
    {
        var shown = benchmark.Unsupervised
            ? new TrainingData<TSample>([.. data.Training.Select(benchmark.Withhold)], [.. data.Validation.Select(benchmark.Withhold)])
            : data;
        return new(family, shown, [.. samples.Select(benchmark.Withhold)]) { Answer = benchmark.Answer };
    }
}

/// <summary>
/// The contract of one family. Each check prepares the family anew and throws a <see cref="ContractViolationException"/> at the first
/// clause that is not kept; <see cref="Check"/> runs them all. What the family itself throws is a violation too.
/// </summary>
public sealed record FamilyContract<TSample, TPrediction>(IModelFamily<TSample, TPrediction> Family, TrainingData<TSample> Data,
    IReadOnlyList<TSample> Samples)
{
    const int FewestSamples = 3;
    const double CountTolerance = 0.01;

    static readonly string[] Kinds = ["spiking", "ann", "classical", "control"];

    public IReadOnlyList<TSample> Samples { get; } = Samples.Count >= FewestSamples ? Samples
        : throw new ArgumentException($"{Samples.Count} samples show no order; give at least {FewestSamples}.", nameof(Samples));

    /// <summary>
    /// The form in which answers of different batches are compared, e.g. the class without its probability, whose last bits may
    /// depend on the batch. Everything else is compared in canonical JSON.
    /// </summary>
    public Func<TPrediction, string> Answer { get; init; } = prediction => CanonicalJson.Write(prediction);

    public int Seed { get; init; } = 1;

    public int Threads { get; init; } = 1;

    IReadOnlyList<KnobCase> Cases { get; init; } = [];

    IReadOnlyList<string> Shared { get; init; } = [];

    /// <summary>
    /// Varies a knob by these values instead of by values found from its type and its attributes. Each of them must change the computation.
    /// </summary>
    /// <param name="knob">As a plan names it (<c>neuron.tau</c>) or as the record does (<c>Neuron.Tau</c>).</param>
    /// <exception cref="ArgumentException">There is no such knob, it cannot hold such a value, or holds it already.</exception>
    public FamilyContract<TSample, TPrediction> Varying(string knob, params IReadOnlyList<object?> values)
    {
        var found = KnobCase.Find(Family, knob);
        return this with { Cases = [.. Cases, .. values.Select(value => KnobCase.Of(found, Family, value))] };
    }

    /// <summary>Compares whole configurations, for a knob that matters only beside certain values of others.</summary>
    /// <exception cref="ArgumentException">They do not differ in exactly this knob.</exception>
    public FamilyContract<TSample, TPrediction> Comparing(string knob, IModelFamily<TSample, TPrediction> from,
        params IReadOnlyList<IModelFamily<TSample, TPrediction>> to) =>
        this with { Cases = [.. Cases, .. to.Select(other => KnobCase.Between(knob, from, other))] };

    /// <summary>
    /// Leaves out the knobs of a nested record that several families share and that is checked with another one of them: each knob costs
    /// a training.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such nested record.</exception>
    public FamilyContract<TSample, TPrediction> Sharing(string knob) =>
        Knob.Of(Family).Any(found => found.Path.StartsWith($"{knob}.", StringComparison.OrdinalIgnoreCase))
            ? this with { Shared = [.. Shared, knob] }
            : throw new ArgumentException($"{Family.GetType().Name} has no knobs below '{knob}'.", nameof(knob));

    public void Check()
    {
        CheckCard();
        CheckPredictions();
        CheckState();
        CheckOrder();
        CheckSeed();
        CheckCurve();
        CheckFootprint();
        CheckCounts();
        CheckDisposal();
        CheckKnobs();
    }

    public void CheckCard()
    {
        var clause = new Clause(Family.Card, "a family is a sealed record with a card that says what it is");
        var (type, card) = (Family.GetType(), Family.Card);
        clause.Hold(type.IsSealed && type.GetMethod("<Clone>$") is not null, $"{type.Name} is not a sealed record");
        clause.Hold(card.Id.Length > 0 && card.Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'),
            $"its id '{card.Id}' is not of lower-case letters, digits, '-' and '.'");
        clause.Hold(card.Version >= 1, $"its version is {card.Version}; versions begin with 1");
        clause.Hold(Kinds.Contains(card.Kind), $"its kind '{card.Kind}' is none of {string.Join(", ", Kinds)}");
        clause.Hold(card.Title.Length > 0 && card.Summary.Length > 0, "its title or its summary is empty");
    }

    public void CheckPredictions() => WithModel("one prediction per sample, each with a JSON form", (clause, model) =>
    {
        foreach (var batch in new[] { Samples, [Samples[0]], [] })
        {
            var count = model.Predict(batch).Count;
            clause.Hold(count == batch.Count, $"{count} predictions for {batch.Count} samples");
        }
        var predictions = model.Predict(Samples);
        for (var index = 0; index < predictions.Count; index++) Canonical(clause, predictions[index], index);
    });

    public void CheckState() => WithModel("no state crosses calls, so an answer depends on its sample alone", (clause, model) =>
    {
        var first = model.Predict(Samples);
        var (canonical, answers) = (CanonicalJson.Write(first), Answers(first));
        Again("the same batch predicted twice gave different predictions");
        model.Predict([.. Samples.Skip(1)]);
        clause.Hold(CanonicalJson.Write(first) == canonical, "a later call changed the predictions that an earlier one had returned");
        Again("the same batch gave different predictions after another batch");
        foreach (var size in new[] { 1, 2, Samples.Count - 1 })
        {
            var pieces = Answers([.. Samples.Chunk(size).SelectMany(batch => model.Predict(batch))]);
            if (Difference(answers, pieces) is var index and >= 0)
                throw clause.Violation($"in batches of {size}, sample {index} was answered '{pieces.ElementAtOrDefault(index)}', "
                    + $"in one batch of {Samples.Count} '{answers.ElementAtOrDefault(index)}'");
        }
        model.Count(Samples);
        Again("predictions after Count differ from those before");

        void Again(string problem) => clause.Hold(CanonicalJson.Write(model.Predict(Samples)) == canonical, problem);
    });

    public void CheckOrder() => WithModel("an answer does not depend on its place in the batch", (clause, model) =>
    {
        var answers = Answers(model.Predict(Samples));
        int[] order = [.. Enumerable.Range(0, Samples.Count)], shuffled = [.. order];
        new Random(Seed).Shuffle(shuffled);
        foreach (var permutation in new[] { [.. order.Reverse()], [.. order.Skip(1), 0], shuffled })
        {
            var permuted = Answers(model.Predict([.. permutation.Select(index => Samples[index])]));
            List<string> expected = [.. permutation.Select(index => answers[index])];
            if (Difference(expected, permuted) is var place and >= 0)
                throw clause.Violation($"sample {permutation[place]} was answered '{permuted.ElementAtOrDefault(place)}' at place {place} "
                    + $"of a batch, and '{expected[place]}' at its own place");
        }
    });

    /// <summary>A model of another seed is prepared in between, and the clock is another: neither may show.</summary>
    public void CheckSeed() => Guard("the same seed gives the same predictions to the byte", clause =>
    {
        var first = EvidenceOf(Family, Seed, new ManualTime());
        EvidenceOf(Family, Seed + 1, new ManualTime());
        var elsewhen = new ManualTime(new DateTimeOffset(2031, 7, 9, 13, 41, 5, TimeSpan.Zero)) { PerLook = TimeSpan.FromMinutes(7) };
        if (first.DifferenceOrNull(EvidenceOf(Family, Seed, elsewhen)) is { } difference)
            throw clause.Violation($"two runs with seed {Seed} differ in their {difference}; "
                + "take every draw from the seed, and nothing from the clock");
    });

    public void CheckCurve() => Guard("a training curve is finite and runs forward", clause =>
    {
        using var prepared = Prepare(Family, Seed, new ManualTime());
        var last = int.MinValue;
        foreach (var point in prepared.Curve)
        {
            clause.Hold(double.IsFinite(point.Loss), $"the loss at epoch {point.Epoch} is {point.Loss}");
            clause.Hold(point.Validation is not { } score || double.IsFinite(score),
                $"the validation score at epoch {point.Epoch} is {point.Validation}");
            clause.Hold(point.Epoch > last, $"epoch {point.Epoch} was reported after epoch {last}");
            last = point.Epoch;
        }
    });

    /// <summary>Only a control may hold nothing at all.</summary>
    public void CheckFootprint() => WithModel("a footprint is positive and its numbers agree", (clause, model) =>
    {
        var (parameters, bytes, bits) = model.Footprint;
        clause.Hold(parameters >= 0 && bytes >= 0 && double.IsFinite(bits) && bits >= 0,
            $"{model.Footprint} has a negative or infinite number");
        clause.Hold(bytes > 0 || (parameters == 0 && Family.Card.Kind == "control"), $"{model.Footprint} has no bytes");
        clause.Hold(parameters == 0 || bits > 0, $"{model.Footprint} has parameters of no bits");
        clause.Hold(bytes * 8.0 >= parameters * bits * (1 - 1e-9),
            $"{model.Footprint}: {parameters} parameters of {bits} bits do not fit into {bytes} bytes");
    });

    public void CheckCounts() => WithModel("operation counts are non-negative, finite means per sample", (clause, model) =>
    {
        var whole = model.Count(Samples);
        foreach (var layer in whole.Layers) CountClauses.Hold(clause, layer);
        clause.Hold(whole.Samples == Samples.Count, $"a batch of {Samples.Count} was counted as {whole.Samples} samples");
        IReadOnlyList<TSample> head = [Samples[0]], tail = [.. Samples.Skip(1)];
        CountClauses.HoldMean(clause, whole, [model.Count(head), model.Count(tail)], CountTolerance);
    });

    /// <summary>A disposed model may still answer if it needs nothing native, but then as before.</summary>
    public void CheckDisposal() => Guard("a disposed model refuses, or answers as before, and takes no other model with it", clause =>
    {
        using var other = Prepare(Family, Seed, new ManualTime());
        using var prepared = Prepare(Family, Seed, new ManualTime());
        var expected = CanonicalJson.Write(prepared.Model.Predict(Samples));
        prepared.Model.Dispose();
        try
        {
            var after = CanonicalJson.Write(prepared.Model.Predict(Samples));
            clause.Hold(after == expected, "a disposed model gave other predictions than before");
        }
        catch (InvalidOperationException) { /* ObjectDisposedException is one */ }
        prepared.Model.Dispose();
        var others = CanonicalJson.Write(other.Model.Predict(Samples));
        clause.Hold(others == expected, "after one model was disposed, another one gave other predictions");
    });

    /// <summary>
    /// Every parameter of the primary constructor, also inside nested records, is varied alone. A changed value must show in
    /// predictions, footprint, operation counts or the training curve. Where values are words (enums, kinds, listed texts) each must.
    /// </summary>
    public void CheckKnobs() => new KnobCheck(Family, Family.Card, Cases, Shared,
        family => EvidenceOf((IModelFamily<TSample, TPrediction>)family, Seed, new ManualTime())).Run();

    void WithModel(string text, Action<Clause, IModel<TSample, TPrediction>> check) => Guard(text, clause =>
    {
        using var prepared = Prepare(Family, Seed, new ManualTime());
        check(clause, prepared.Model);
    });

    void Guard(string text, Action<Clause> check)
    {
        var clause = new Clause(Family.Card, text);
        clause.Guard(() => check(clause));
    }

    Prepared<TSample, TPrediction> Prepare(IModelFamily<TSample, TPrediction> family, int seed, TimeProvider time) =>
        new(family, Data, seed, Threads, time);

    Evidence EvidenceOf(IModelFamily<TSample, TPrediction> family, int seed, TimeProvider time)
    {
        using var prepared = Prepare(family, seed, time);
        return Evidence.Of(prepared, Samples);
    }

    List<string> Answers(IReadOnlyList<TPrediction> predictions) => [.. predictions.Select(Answer)];

    static void Canonical(Clause clause, TPrediction prediction, int index)
    {
        try { CanonicalJson.Write(prediction); }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw clause.Violation($"prediction {index} ({prediction}) has none: {error.Message}", error);
        }
    }

    // The first place where they differ, or -1.
    static int Difference(List<string> expected, List<string> actual)
    {
        if (expected.Count != actual.Count) return Math.Min(expected.Count, actual.Count);
        return Enumerable.Range(0, expected.Count).FirstOrDefault(index => expected[index] != actual[index], -1);
    }
}

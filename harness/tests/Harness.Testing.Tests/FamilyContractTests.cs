namespace Harness.Testing.Tests;

/// <summary>Each check passes a family that keeps it and catches one that breaks it: a check that cannot fail checks nothing.</summary>
public sealed class FamilyContractTests
{
    const string SameSeed = "the same seed gives the same predictions to the byte";
    const string Curve = "a training curve is finite and runs forward";

    [Fact]
    public void A_family_that_keeps_every_clause_passes() => Contract(new ScriptedFamily()).CheckAllButKnobs();

    [Fact]
    public void A_family_that_keeps_every_clause_passes_the_whole_check() =>
        FamilyContract.Of(new Line(), Data, Numbers.Range(25, 10)).Check();

    [Theory]
    [InlineData(Fault.MissesLast, "9 predictions for 10 samples")]
    [InlineData(Fault.NotANumber, "prediction 0 (ParityPrediction")]
    [InlineData(Fault.PredictingCrashes, "it threw InvalidOperationException: Sequence contains no elements.")]
    [InlineData(Fault.TrainingFails, "it threw TrainingFailedException: The learning rate is too high.")]
    public void Missing_or_unstorable_predictions_are_caught(Fault fault, string problem) =>
        Broken(fault, contract => contract.CheckPredictions(), "one prediction per sample, each with a JSON form", problem);

    [Theory]
    [InlineData(Fault.Remembers, "the same batch predicted twice gave different predictions")]
    [InlineData(Fault.ReusesList, "a later call changed the predictions")]
    [InlineData(Fault.DependsOnBatch, "in batches of 1, sample 0 was answered '0', in one batch of 10 '1'")]
    [InlineData(Fault.Reverses, "in batches of 1, sample 0")]
    [InlineData(Fault.CountingDisturbs, "predictions after Count differ")]
    public void State_across_calls_is_caught(Fault fault, string problem) =>
        Broken(fault, contract => contract.CheckState(), "no state crosses calls, so an answer depends on its sample alone", problem);

    [Theory]
    [InlineData(Fault.DependsOnPosition)]
    [InlineData(Fault.Reverses)]
    public void An_answer_that_depends_on_its_place_is_caught(Fault fault) =>
        Broken(fault, contract => contract.CheckOrder(), "an answer does not depend on its place in the batch", "at place 0 of a batch");

    [Theory]
    [InlineData(Fault.SharesChance)]
    [InlineData(Fault.DependsOnTime)]
    public void A_run_that_the_seed_does_not_fix_is_caught(Fault fault) =>
        Broken(fault, contract => contract.CheckSeed(), SameSeed, "differ in their predictions");

    [Fact]
    public void A_diverging_curve_is_caught() =>
        Broken(Fault.Diverges, contract => contract.CheckCurve(), Curve, "the loss at epoch 2 is NaN");

    [Fact]
    public void An_epoch_that_is_told_twice_is_caught() =>
        Broken(new Line(Epochs: 3) { Stutters = true }, contract => contract.CheckCurve(), Curve,
            "epoch 1 was reported after epoch 1");

    [Fact]
    public void Parameters_without_bytes_are_caught() => Broken(Fault.WeightlessFootprint, contract => contract.CheckFootprint(),
        "a footprint is positive and its numbers agree", "has no bytes");

    [Theory]
    [InlineData(-1, 8, 64, "negative or infinite")]
    [InlineData(1, 8, double.NaN, "negative or infinite")]
    [InlineData(0, 0, 64, "has no bytes")]
    [InlineData(4, 8, 0, "parameters of no bits")]
    [InlineData(4, 8, 32, "4 parameters of 32 bits do not fit into 8 bytes")]
    public void A_footprint_that_cannot_be_is_caught(long parameters, long bytes, double bits, string problem) =>
        Broken(new Line { Size = new(parameters, bytes, bits) }, contract => contract.CheckFootprint(),
            "a footprint is positive and its numbers agree", problem);

    [Theory]
    [InlineData(Fault.NegativeCounts, "layer 'parity' counts macs = -")]
    [InlineData(Fault.CountsNotANumber, "layer 'parity' counts macs = NaN")]
    [InlineData(Fault.SumsCounts, "as the mean of its parts")]
    public void Counts_that_are_no_means_are_caught(Fault fault, string problem) => Broken(fault, contract => contract.CheckCounts(),
        "operation counts are non-negative, finite means per sample", problem);

    [Fact]
    public void Layers_that_change_with_the_batch_are_caught() => Broken(new Line { NamesLayersByBatch = true },
        contract => contract.CheckCounts(), "operation counts are non-negative, finite means per sample",
        "it named the layers line 1 for one batch and line 10 for another");

    [Theory]
    [InlineData(1.5, 1, "has an input rate of 1.5; a rate is within 0..1")]
    [InlineData(double.NaN, 1, "has an input rate of NaN")]
    [InlineData(0.5, 0, "has 0 time steps")]
    public void A_rate_or_a_time_that_cannot_be_is_caught(double rate, int steps, string problem) => Broken(
        new Line { Counted = new("line", "linear", 1, 0, 1) { InputRate = rate, TimeSteps = steps } }, contract => contract.CheckCounts(),
        "operation counts are non-negative, finite means per sample", problem);

    [Theory]
    [InlineData(Fault.AnswersAfterDisposal, "a disposed model gave other predictions than before")]
    [InlineData(Fault.DisposesOnce, "it threw ObjectDisposedException")]
    [InlineData(Fault.DisposesOthers, "after one model was disposed, another one gave other predictions")]
    public void A_model_that_does_not_die_quietly_is_caught(Fault fault, string problem) => Broken(fault,
        contract => contract.CheckDisposal(), "a disposed model refuses, or answers as before, and takes no other model with it", problem);

    [Theory]
    [InlineData("Scripted", 1, "control", "its id 'Scripted'")]
    [InlineData("scripted", 0, "control", "its version is 0")]
    [InlineData("scripted", 1, "magic", "its kind 'magic' is none of spiking, ann, classical, control")]
    public void A_card_that_says_nothing_is_caught(string id, int version, string kind, string problem) =>
        Broken(new Line { Told = new(id, version, "Line") { Kind = kind, Summary = "A line." } }, contract => contract.CheckCard(),
            "a family is a sealed record with a card that says what it is", problem);

    [Fact]
    public void A_family_that_is_no_record_is_caught() => Broken(new NoRecord(), contract => contract.CheckCard(),
        "a family is a sealed record with a card that says what it is", "NoRecord is not a sealed record");

    [Fact]
    public void Too_few_samples_are_refused_because_they_show_no_order()
    {
        var error = Assert.Throws<ArgumentException>(() => FamilyContract.Of(new ScriptedFamily(), Data, Numbers.Range(0, 2)));
        Assert.Contains("give at least 3", error.Message);
    }

    [Fact]
    public void A_benchmark_hides_what_a_family_must_not_see()
    {
        var seen = new List<Number>();
        var benchmark = Numbers.Benchmark() with { Unsupervised = true };
        FamilyContract.Of(benchmark, new Line { Seen = seen }, Data, Numbers.Range(25, 10)).CheckPredictions();
        Assert.NotEmpty(seen);
        Assert.All(seen, number => Assert.Equal(-1, number.Parity));
    }

    [Fact]
    public void Answers_are_compared_in_the_form_of_the_benchmark()
    {
        // Its confidence depends on the batch, its answer does not.
        var family = new Line { ConfidenceByBatch = true };
        FamilyContract.Of(Numbers.Benchmark(), family, Data, Numbers.Range(25, 10)).CheckState();
        Assert.Throws<ContractViolationException>(FamilyContract.Of(family, Data, Numbers.Range(25, 10)).CheckState);
    }

    [Fact]
    public void Nothing_is_left_in_the_temporary_folder()
    {
        var folders = new List<DirectoryInfo>();
        Contract(new Line { Caches = folders }).CheckSeed();
        Broken(new Line(Epochs: 13) { Caches = folders }, contract => contract.CheckSeed(), SameSeed, "13 is unlucky");
        Assert.Equal(4, folders.Count);
        Assert.All(folders, folder => Assert.False(Directory.Exists(folder.FullName)));
    }

    static TrainingData<Number> Data { get; } = new(Numbers.Range(0, 20), Numbers.Range(20, 5));

    static FamilyContract<Number, ParityPrediction> Contract(IModelFamily<Number, ParityPrediction> family) =>
        FamilyContract.Of(Numbers.Benchmark(), family, Data, Numbers.Range(25, 10));

    static void Broken(Fault fault, Action<FamilyContract<Number, ParityPrediction>> check, string clause, string problem) =>
        Broken(new ScriptedFamily(fault), check, clause, problem);

    static void Broken(IModelFamily<Number, ParityPrediction> family, Action<FamilyContract<Number, ParityPrediction>> check, string clause,
        string problem)
    {
        var violation = Assert.Throws<ContractViolationException>(() => check(Contract(family)));
        Assert.Equal(clause, violation.Clause);
        Assert.Contains(problem, violation.Message);
        Assert.Equal($"{family.Card.Id}@{family.Card.Version}", violation.Family);
        Assert.StartsWith(violation.Family, violation.Message);
    }
}

static class Checks
{
    public static void CheckAllButKnobs(this FamilyContract<Number, ParityPrediction> contract)
    {
        contract.CheckCard();
        contract.CheckPredictions();
        contract.CheckState();
        contract.CheckOrder();
        contract.CheckSeed();
        contract.CheckCurve();
        contract.CheckFootprint();
        contract.CheckCounts();
        contract.CheckDisposal();
    }
}

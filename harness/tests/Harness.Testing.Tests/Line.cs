namespace Harness.Testing.Tests;

/// <summary>A well-behaved family whose parts a test can replace; what is no constructor parameter is no knob.</summary>
sealed record Line(int Epochs = 2) : IModelFamily<Number, ParityPrediction>
{
    public FamilyCard Told { get; init; } = new("line", 1, "Line") { Kind = "classical", Summary = "A line." };
    public Footprint Size { get; init; } = new(2, 16, 64);
    public LayerOperations Counted { get; init; } = new("line", "linear", 1, 0, 1);
    public bool NamesLayersByBatch { get; init; }
    public bool Stutters { get; init; }
    public bool ConfidenceByBatch { get; init; }
    public List<Number> Seen { get; init; } = [];
    public List<DirectoryInfo> Caches { get; init; } = [];

    public FamilyCard Card => Told;

    public IModel<Number, ParityPrediction> Prepare(TrainingData<Number> data, RunContext context)
    {
        Seen.AddRange([.. data.Training, .. data.Validation]);
        Caches.Add(context.Cache);
        File.WriteAllText(Path.Combine(context.Cache.FullName, "intermediate"), "x");
        if (Epochs == 13) throw new TrainingFailedException("13 is unlucky.");
        for (var epoch = 1; epoch <= Epochs; epoch++) context.Progress.Report(new(Stutters ? 1 : epoch, 1.0 / epoch, null, 0));
        return new LineModel(this);
    }
}

sealed class LineModel(Line family) : IModel<Number, ParityPrediction>
{
    public Footprint Footprint => family.Size;

    public IReadOnlyList<ParityPrediction> Predict(IReadOnlyList<Number> batch)
    {
        family.Seen.AddRange(batch);
        return [.. batch.Select(number => new ParityPrediction(number.Value & 1, family.ConfidenceByBatch ? 1.0 / batch.Count : 1))];
    }

    public OperationCounts Count(IReadOnlyList<Number> batch) =>
        new([family.NamesLayersByBatch ? family.Counted with { Layer = $"line {batch.Count}" } : family.Counted], batch.Count);

    public void Dispose() { }
}

sealed class NoRecord : IModelFamily<Number, ParityPrediction>
{
    public FamilyCard Card => new("no-record", 1, "No record") { Kind = "control", Summary = "A class." };

    public IModel<Number, ParityPrediction> Prepare(TrainingData<Number> data, RunContext context) => new LineModel(new Line());
}

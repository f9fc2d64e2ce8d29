using System.ComponentModel.DataAnnotations;
using Harness.Core.Registry;
using Harness.Testing;

namespace Harness.Core.Tests;

public enum Reset { Hard, SoftDecay }

public interface INeuron;

public sealed record Lif([property: Range(1.0, 100.0)] double Tau = 2, double Threshold = 1) : INeuron;

public sealed record LeakyIntegrator(int Order = 1) : INeuron;

public sealed record Encoder(int Steps = 4, bool Rate = true);

/// <summary>A family with a knob of every kind that there may be. It is configured and never run.</summary>
public sealed record Toy(INeuron Neuron, Encoder Encoder, IReadOnlyList<int> Widths, [property: Range(1, 64)] int Width = 8,
    int Depth = 2, long Budget = 1_000, [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double Rate = 0.5, bool Bias = true,
    string Name = "toy", Reset Reset = Reset.Hard, [property: AllowedValues("adam", "sgd")] string Optimizer = "adam",
    double? Dropout = null, string? Checkpoint = null)
    : IModelFamily<Number, ParityPrediction>, IValidatableObject
{
    public static Toy Default { get; } = new(new Lif(), new Encoder(), [8, 4]);

    public FamilyCard Card => new("toy", 1, "Toy") { Kind = "control", Summary = "Has every kind of knob." };

    public IModel<Number, ParityPrediction> Prepare(TrainingData<Number> data, RunContext context) =>
        throw new TrainingFailedException("A toy is not for running.");

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Width % Depth != 0) yield return new ValidationResult("width is a multiple of depth", [nameof(Width), nameof(Depth)]);
    }
}

/// <summary>A family without any knob.</summary>
public sealed record Plain : IModelFamily<Number, ParityPrediction>
{
    public FamilyCard Card => new("plain", 3, "Plain") { Kind = "control", Summary = "Has no knob." };

    public IModel<Number, ParityPrediction> Prepare(TrainingData<Number> data, RunContext context) =>
        throw new TrainingFailedException("A toy is not for running.");
}

public sealed record Shell(INeuron Neuron);

/// <summary>A family with a record in a record.</summary>
public sealed record Deep(Shell Shell) : IModelFamily<Number, ParityPrediction>
{
    public FamilyCard Card => new("deep", 1, "Deep") { Kind = "control", Summary = "Has a record in a record." };

    public IModel<Number, ParityPrediction> Prepare(TrainingData<Number> data, RunContext context) =>
        throw new TrainingFailedException("A toy is not for running.");
}

/// <summary>Two suites: <c>toys</c> with one benchmark, <c>pairs</c> with two.</summary>
static class Toys
{
    public static Benchmark<Number, ParityPrediction> Parity(string id = "parity") => Numbers.Benchmark() with
    {
        Id = id,
        Datasets = [Numbers.Dataset(), Dataset("evens", 2)],
        Families = [Toy.Default, new Plain()],
    };

    public static Catalogue Catalogue { get; } =
        new([new("toys", "Toys", [Parity()]), new("pairs", "Pairs", [Parity("left"), Parity("right")])]);

    public static InMemoryDataset<Number> Dataset(string id, int version) => new(id, new Dictionary<Split, IReadOnlyList<Number>>())
    {
        Card = new(id, version, id) { Licence = "none", Citation = "none", Encoding = "number", SplitRule = "none" },
    };
}

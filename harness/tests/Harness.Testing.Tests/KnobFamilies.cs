using System.ComponentModel.DataAnnotations;

namespace Harness.Testing.Tests;

enum Word { First, Second, Third }

sealed record Inner(int Size = 3, Word Shape = Word.First);

abstract record Rule(double Strength);
sealed record Soft(double Strength = 1) : Rule(Strength);
sealed record Hard(double Strength = 1) : Rule(Strength);
/// <summary>Has no defaults, so it can only be compared when a test makes one.</summary>
sealed record Given(double Strength, int Extra) : Rule(Strength);

/// <summary>What a family is that shows an amount somewhere and needs no data.</summary>
abstract record Showing : IModelFamily<Number, ParityPrediction>
{
    public abstract FamilyCard Card { get; }

    public IModel<Number, ParityPrediction> Prepare(TrainingData<Number> data, RunContext context)
    {
        var shown = Shown();
        if (shown.Loss is { } loss) context.Progress.Report(new(1, loss, null, context.Time.GetTimestamp()));
        return new Model(shown);
    }

    protected abstract Amounts Shown();

    protected static FamilyCard Named(string id) => new(id, 1, id) { Kind = "classical", Summary = "Shows an amount." };

    protected sealed record Amounts(double Prediction = 0, long Parameters = 1, double Operations = 1, double? Loss = null);

    sealed class Model(Amounts shown) : IModel<Number, ParityPrediction>
    {
        public Footprint Footprint => new(shown.Parameters, 8 * shown.Parameters, 64);
        public IReadOnlyList<ParityPrediction> Predict(IReadOnlyList<Number> batch) =>
            [.. batch.Select(_ => new ParityPrediction(0, shown.Prediction))];
        public OperationCounts Count(IReadOnlyList<Number> batch) => new([new("all", "linear", shown.Operations, 0, 0)], batch.Count);
        public void Dispose() { }
    }
}

/// <summary>One knob of every type; the one named by <paramref name="Dead"/> is left out of the computation.</summary>
sealed record Everything(int Whole = 4, long Large = 5, double Real = 0.25, bool Switch = false,
    [property: AllowedValues("a", "b")] string Text = "a", Word Word = Word.First, double? Perhaps = null, int[]? Items = null,
    Inner? Inner = null, Rule? Rule = null, string Dead = "none") : Showing
{
    public int[] Items { get; } = Items ?? [1, 2];
    public Inner Inner { get; } = Inner ?? new();
    public Rule Rule { get; } = Rule ?? new Soft();

    public override FamilyCard Card => Named("everything");

    protected override Amounts Shown()
    {
        var knobs = new Dictionary<string, object?>
        {
            ["whole"] = Whole, ["large"] = Large, ["real"] = Real, ["switch"] = Switch, ["text"] = Text, ["word"] = Word,
            ["perhaps"] = Perhaps, ["items"] = string.Join(',', Items), ["inner.size"] = Inner.Size, ["inner.shape"] = Inner.Shape,
            ["rule"] = Rule.GetType().Name,
            ["rule.strength"] = Rule.Strength,
        };
        knobs.Remove(Dead);
        return new(Prediction: Convert.ToInt64(CanonicalJson.Hash(knobs)[..12], 16));
    }
}

sealed record Visible([property: AllowedValues("prediction", "footprint", "counts", "curve")] string Part, int Amount = 3) : Showing
{
    public override FamilyCard Card => Named("visible");

    protected override Amounts Shown() => Part switch
    {
        "prediction" => new(Prediction: Amount),
        "footprint" => new(Parameters: Amount),
        "counts" => new(Operations: Amount),
        _ => new(Loss: Amount),
    };
}

enum Mode { Plain, Other, Alias }

sealed record TwoAlike(Mode Mode = Mode.Plain) : Showing
{
    public override FamilyCard Card => Named("two-alike");
    protected override Amounts Shown() => new(Prediction: Mode == Mode.Other ? 1 : 0);
}

/// <summary>The momentum matters only where it is switched on.</summary>
sealed record Conditional(bool UseMomentum = false, double Momentum = 0.9) : Showing
{
    public override FamilyCard Card => Named("conditional");
    protected override Amounts Shown() => new(Prediction: UseMomentum ? Momentum : 0);
}

/// <summary>Allows only even widths, by itself, and within 2..8, by an attribute.</summary>
sealed record Even([property: Range(2, 8)] int Width = 8) : Showing, IValidatableObject
{
    public static List<int> Tried { get; } = [];

    public override FamilyCard Card => Named("even");

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Width % 2 != 0) yield return new($"{Width} is not even", [nameof(Width)]);
    }

    protected override Amounts Shown()
    {
        lock (Tried) Tried.Add(Width);
        return new(Prediction: Width);
    }
}

sealed record Stuck([property: Range(3, 3)] int Only = 3) : Showing
{
    public override FamilyCard Card => Named("stuck");
    protected override Amounts Shown() => new(Prediction: Only);
}

sealed record Untried(string Path = "a") : Showing
{
    public override FamilyCard Card => Named("untried");
    protected override Amounts Shown() => new(Prediction: Path.Length);
}

/// <summary>Breaks like a bug at depth 1, and refuses depth 4 with a reason.</summary>
sealed record Fragile(int Depth = 2, bool Refuses = false) : Showing
{
    public override FamilyCard Card => Named("fragile");

    protected override Amounts Shown() => (Depth, Refuses) switch
    {
        (3, false) => throw new InvalidOperationException("Index was outside the bounds."),
        (3, true) => throw new TrainingFailedException("Depth 3 needs more data."),
        _ => new(Prediction: Depth + (Refuses ? 0.5 : 0)),
    };
}

sealed record Unsettable(float Rate = 1) : Showing
{
    public override FamilyCard Card => Named("unsettable");
    protected override Amounts Shown() => new(Prediction: Rate);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Harness.Core.Planning;
using Harness.Detection.Deciding;

namespace Harness.Cli.Nightly;

/// <summary>How a commit becomes a program that speaks the worker protocol.</summary>
/// <param name="Command">Run by <c>sh -c</c> in a clean tree of the commit.</param>
/// <param name="Output">The folder of the tree that is kept; <c>.</c> is all of it.</param>
/// <param name="Worker">The program, a path within <paramref name="Output"/>, and its arguments; <c>{cache}</c> becomes the folder of
/// datasets.</param>
sealed record BuildRecipe(string Command, string Output, IReadOnlyList<string> Worker)
{
    public const string Cache = "{cache}";
}

/// <summary>What a nightly watches: a plan, the pinned base, how to build a commit, and what a night may cost.</summary>
/// <param name="Plan">A file, or the name of a plan in results/plans.</param>
/// <param name="Base">The pinned commit that every head is compared with.</param>
sealed record NightlyFile(string Name, string Plan, string Base, BuildRecipe Build)
{
    static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Device time of a night.</summary>
    public string Budget { get; init; } = "8h";
    /// <summary>The trial of the A/A control and the canary, as a filter of the plan; the plan's first without it.</summary>
    public string? Control { get; init; }
    /// <summary>Physical quantities that are watched.</summary>
    public IReadOnlyList<string> Quantities { get; init; } =
        ["latency.p50", "speed.samples_per_second", "time.train", "memory.peak", "energy.measured"];
    /// <summary>The smallest relative change of a physical quantity that matters, 0.01 for 1 %.</summary>
    public double LeastEffect { get; init; } = new DetectionPolicy().LeastEffect;
    /// <summary>The largest difference of a score that does not matter, 0.005 for half a point.</summary>
    public double ScoreMargin { get; init; } = new DetectionPolicy().ScoreMargin;
    public int Pairs { get; init; } = new DetectionPolicy().Pairs;
    /// <summary>Whether commits are searched for the one that brought a confirmed regression.</summary>
    public bool Bisect { get; init; } = true;

    [JsonIgnore] public DetectionPolicy Policy => new() { LeastEffect = LeastEffect, ScoreMargin = ScoreMargin, Pairs = Pairs };

    /// <param name="name">A path, or the name of a file in results/nightly.</param>
    /// <exception cref="HarnessException">No such file, or a member that is unknown, missing or senseless.</exception>
    public static NightlyFile Read(string name)
    {
        var file = File.Exists(name) ? new FileInfo(name)
            : new FileInfo(Path.Combine(Settings.Checkout(), "results", "nightly", $"{name}.yaml"));
        if (!file.Exists) throw new HarnessException($"No nightly '{name}': it is neither a file nor {file.FullName}.");
        try
        {
            return (YamlDocuments.Read(file, "nightlies").Deserialize<NightlyFile>(Strict)
                ?? throw new HarnessException($"{file.Name} is empty; a nightly has name, plan, base and build.")).Checked(file.Name);
        }
        catch (JsonException problem)
        {
            throw new HarnessException($"{file.Name}: {problem.Message}", problem);
        }
    }

    /// <exception cref="HarnessException">The text is no time.</exception>
    public static TimeSpan TimeOf(string budget) => Amounts.TimeOrNull(budget)
        ?? throw new HarnessException($"budget '{budget}' is no time; allowed: {Amounts.TimeForm}.");

    NightlyFile Checked(string file)
    {
        _ = TimeOf(Budget);
        Need(Pairs >= 2, $"pairs is {Pairs}; at least 2 are needed, so that order cancels");
        Need(LeastEffect is > 0 and < 1, $"least_effect is {LeastEffect}; it is a share between 0 and 1, e.g. 0.01");
        Need(ScoreMargin is > 0 and < 1, $"score_margin is {ScoreMargin}; it is a share between 0 and 1, e.g. 0.005");
        Need(Build.Worker.Count > 0, "build.worker is empty; it is the program of the build and its arguments");
        foreach (var quantity in Quantities)
            Need(Detection.Pairing.Quantity.IsPhysical(quantity),
                $"'{quantity}' is no physical quantity; scores and counts are watched without being listed");
        return this;

        void Need(bool holds, string problem)
        {
            if (!holds) throw new HarnessException($"{file}: {problem}.");
        }
    }
}

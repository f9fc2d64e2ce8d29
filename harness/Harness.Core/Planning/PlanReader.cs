using System.Text.Json;
using Harness.Core.Registry;

namespace Harness.Core.Planning;

/// <summary>Turns the tree of a plan file into a <see cref="Plan"/>, checking everything before anything runs.</summary>
/// <param name="deviceClasses">The classes a plan may ask for; null leaves the check to the caller.</param>
public sealed class PlanReader(Catalogue catalogue, IReadOnlyList<string>? deviceClasses = null)
{
    /// <summary>What a session may be for.</summary>
    public static IReadOnlyList<string> Purposes { get; } =
        ["nightly", "pr", "release", "paper", "manual", "control_aa", "canary", "audit"];

    /// <exception cref="PlanException">Anything is wrong; all problems come at once.</exception>
    public Plan Read(PlanNode root)
    {
        var problems = new PlanProblems();
        problems.RefuseRepeatedKeys(root);
        var fields = PlanFields.Of(root, "the plan", problems,
            "name", "purpose", "seeds", "threads", "limits", "limit", "device", "trials");
        var plan = fields is null ? null : Read(fields, problems);
        return problems.Count == 0 && plan is not null ? plan : throw new PlanException(problems.InFileOrder);
    }

    Plan Read(PlanFields fields, PlanProblems problems) => new(
        problems.Text(fields.Needed("name", "the plan", problems), "name") ?? "",
        Word(fields.OrNull("purpose"), "purpose", Purposes, problems) ?? "manual",
        Seeds(fields.OrNull("seeds"), problems),
        problems.Whole(fields.OrNull("threads"), "threads", least: 1) ?? 1,
        Limits(fields.OrNull("limits"), problems),
        problems.Whole(fields.OrNull("limit"), "limit", least: 1),
        Classes(fields.OrNull("device"), problems),
        [.. problems.Many(fields.Needed("trials", "the plan", problems), "trials")
            .Select(node => Block(node, problems)).OfType<PlannedBlock>()]);

    static string? Word(PlanNode? node, string what, IReadOnlyList<string> allowed, PlanProblems problems)
    {
        var word = problems.Text(node, what);
        if (word is not null && !allowed.Contains(word, StringComparer.Ordinal))
            problems.Refuse(node!, $"{what} '{word}' is unknown", string.Join(", ", allowed), NearestName.OrNull(word, allowed));
        return word;
    }

    List<string> Classes(PlanNode? nodes, PlanProblems problems)
    {
        List<string> classes = [];
        foreach (var node in problems.Many(nodes, "device"))
        {
            if ((deviceClasses is null ? problems.Text(node, "device")
                : Word(node, "device", deviceClasses, problems)) is not { } word) continue;
            if (classes.Contains(word)) problems.Refuse(node, $"device '{word}' is given twice", "each class once");
            else classes.Add(word);
        }
        return classes;
    }

    static PlanLimits Limits(PlanNode? node, PlanProblems problems)
    {
        var fields = node is null ? null : PlanFields.Of(node, "limits", problems, "time", "memory");
        return new PlanLimits(problems.Amount(fields?.OrNull("time"), "time", Amounts.TimeOrNull, Amounts.TimeForm),
            problems.Amount(fields?.OrNull("memory"), "memory", Amounts.MemoryOrNull, Amounts.MemoryForm));
    }

    static List<int> Seeds(PlanNode? node, PlanProblems problems)
    {
        if (node is null) return [1];
        List<int> seeds = [];
        foreach (var item in problems.Many(node, "seeds"))
            foreach (var seed in SeedsOf(item, problems))
                if (seeds.Contains(seed)) problems.Refuse(item, $"seed {seed} is given twice", "each seed once");
                else seeds.Add(seed);
        return seeds;
    }

    static IEnumerable<int> SeedsOf(PlanNode node, PlanProblems problems)
    {
        if (node is not PlanScalar { Quoted: false } scalar || !scalar.Text.Contains(".."))
            return problems.Whole(node, "seed", least: 0) is { } one ? [one] : [];
        try
        {
            if (NumberRange.ReadOrNull(scalar.Text) is { } range
                && range.All(number => number is >= 0 and <= int.MaxValue && number == Math.Floor(number)))
                return range.Select(number => (int)number);
            problems.Refuse(node, $"'{scalar.Text}' is not a range of seeds", "whole numbers from 0 on, e.g. 1..5");
        }
        catch (FormatException wrong) { problems.Refuse(node, wrong.Message, "first..last, e.g. 1..5"); }
        return [];
    }

    PlannedBlock? Block(PlanNode node, PlanProblems problems)
    {
        var fields = PlanFields.Of(node, "a trial", problems, "suite", "benchmark", "dataset", "datasets", "family", "families");
        if (fields is null) return null;
        var datasets = fields.Either("dataset", "datasets", "a trial", problems);
        var families = fields.Either("family", "families", "a trial", problems);
        if (Benchmark(fields, problems) is not { } benchmark) return null;
        return new PlannedBlock(benchmark, Datasets(datasets, benchmark, problems), Families(families, benchmark, problems));
    }

    BenchmarkEntry? Benchmark(PlanFields fields, PlanProblems problems)
    {
        var suiteNode = fields.Needed("suite", "a trial", problems);
        if (problems.Text(suiteNode, "suite") is not { } suite
            || Named(suiteNode!, () => catalogue.Suite(suite), problems) is not { } entry) return null;
        if (fields.OrNull("benchmark") is { } node)
            return problems.Text(node, "benchmark") is { } id ? Named(node, () => catalogue.Benchmark(suite, id), problems) : null;
        if (entry.Benchmarks is [var only]) return only;
        problems.Refuse(fields.Map, $"a trial of suite '{suite}' names no benchmark",
            string.Join(", ", entry.Benchmarks.Select(benchmark => benchmark.Id)));
        return null;
    }

    static List<DatasetEntry> Datasets(PlanNode? nodes, BenchmarkEntry benchmark, PlanProblems problems)
    {
        List<DatasetEntry> datasets = [];
        foreach (var node in problems.Many(nodes, "datasets"))
        {
            if (problems.Text(node, "dataset") is not { } id
                || Named(node, () => benchmark.Dataset(id), problems) is not { } dataset) continue;
            if (datasets.Contains(dataset)) problems.Refuse(node, $"dataset '{id}' is given twice", "each dataset once");
            else datasets.Add(dataset);
        }
        return datasets;
    }

    static List<PlannedFamily> Families(PlanNode? nodes, BenchmarkEntry benchmark, PlanProblems problems)
    {
        List<PlannedFamily> families = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in problems.Many(nodes, "families"))
            if (new FamilyReader(benchmark, problems, seen).ReadOrNull(node) is { } family) families.Add(family);
        return families;
    }

    internal static T? Named<T>(PlanNode node, Func<T> find, PlanProblems problems) where T : class
    {
        try { return find(); }
        catch (UnknownNameException unknown)
        {
            problems.RefuseName(node, unknown);
            return null;
        }
    }
}

/// <summary>Reads one family of a block: an id, or a map of an id and the knobs of its grid.</summary>
sealed class FamilyReader(BenchmarkEntry benchmark, PlanProblems problems, HashSet<string> seen)
{
    public PlannedFamily? ReadOrNull(PlanNode node)
    {
        var fields = node is PlanScalar ? null : PlanFields.Of(node, "a family", problems, "id", "with");
        var idNode = node is PlanScalar ? node : fields?.Needed("id", "a family", problems);
        if (problems.Text(idNode, "family") is not { } id
            || PlanReader.Named(idNode!, () => benchmark.Family(id), problems) is not { } family) return null;
        var knobs = fields?.OrNull("with");
        if (knobs is not (null or PlanMap)) { problems.Refuse(knobs, "'with' is not a map of knobs", Knobs(family)); return null; }
        var points = knobs is PlanMap map
            ? new ConfigurationGrid(family.Prototype, problems).Expand(map)
            : [new GridPoint(new System.Text.Json.Nodes.JsonObject(), [])];
        return new PlannedFamily(family, [.. points.Select(point => Configuration(family, point, knobs ?? node)).OfType<JsonElement>()]);
    }

    JsonElement? Configuration(FamilyEntry family, GridPoint point, PlanNode otherwise)
    {
        try
        {
            var knobs = JsonSerializer.SerializeToElement(point.Json);
            var configuration = Configurations.Describe(Configurations.Bind(family.Prototype, knobs));
            if (seen.Add($"{family.Reference} {CanonicalJson.Write(configuration)}")) return configuration;
            problems.Refuse(otherwise, $"{family.Card.Id} is given twice with the same configuration", "each configuration once");
        }
        catch (ConfigurationException wrong)
        {
            foreach (var problem in wrong.Problems)
                problems.Refuse(point.At(problem.Key, otherwise),
                    problem.Key.Length == 0 ? problem.Message : $"{problem.Key}: {problem.Message}", problem.Allowed, problem.Nearest);
        }
        return null;
    }

    static string Knobs(FamilyEntry family) => string.Join(", ", family.Parameters.Select(parameter => parameter.Name));
}

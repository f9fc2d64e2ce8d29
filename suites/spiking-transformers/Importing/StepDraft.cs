using System.Globalization;
using System.Text.Json;

namespace Suites.SpikingTransformers.Importing;

/// <summary>What a rule makes of a value.</summary>
abstract record StepOutcome
{
    /// <summary>Sets a knob, <c>a</c> or <c>training.a</c>, to JSON text.</summary>
    public sealed record Knob(string Path, string Json, string Note = "") : StepOutcome;
    /// <summary>Sets several knobs, as a list of widths does.</summary>
    public sealed record Knobs(IReadOnlyList<(string Path, string Json)> All) : StepOutcome;
    public sealed record Model(string Family) : StepOutcome;
    public sealed record Data(string Benchmark, string Dataset) : StepOutcome;
    public sealed record Seed(int Value) : StepOutcome;
    public sealed record Ignored(string Reason) : StepOutcome;
    public sealed record Refused(string Allowed) : StepOutcome;
}

/// <param name="value">Of the key.</param>
/// <param name="all">The whole file, for what depends on another key.</param>
delegate StepOutcome StepRule(JsonElement value, IReadOnlyDictionary<string, JsonElement> all);

/// <summary>A plan while the keys of a configuration are read.</summary>
sealed class StepDraft(IReadOnlyDictionary<string, JsonElement> values)
{
    readonly List<string> problems = [];
    readonly List<(string Key, string Value, string Path, string Json, string Note)> knobs = [];
    readonly List<StepKey> keys = [];

    public string? Family { get; private set; }
    public (string Benchmark, string Dataset)? Dataset { get; private set; }
    public int Seed { get; private set; } = 1;

    public IReadOnlyList<StepKey> Keys => keys;

    public void Apply(string key, JsonElement value, StepRule rule)
    {
        var text = StepConfiguration.Text(value);
        switch (rule(value, values))
        {
            case StepOutcome.Knob knob: knobs.Add((key, text, knob.Path, knob.Json, knob.Note)); break;
            case StepOutcome.Knobs several:
                foreach (var (path, json) in several.All) knobs.Add((key, text, path, json, ""));
                break;
            case StepOutcome.Model model: (Family, _) = (model.Family, Note(key, text, "family", model.Family)); break;
            case StepOutcome.Data data: (Dataset, _) = ((data.Benchmark, data.Dataset), Note(key, text, "datasets", data.Dataset)); break;
            case StepOutcome.Seed seed: (Seed, _) = (seed.Value, Note(key, text, "seeds", text)); break;
            case StepOutcome.Ignored ignored: Note(key, text, null, ignored.Reason); break;
            case StepOutcome.Refused refused: Refuse(key, value, "has no counterpart here", refused.Allowed); break;
        }
    }

    /// <summary>The knobs under the names that the family has for them; one that it has not is ignored, and that is told.</summary>
    public IReadOnlyList<(string Path, string Json)> Place(IReadOnlyCollection<string> known)
    {
        var placed = new List<(string, string)>();
        foreach (var (key, value, path, json, note) in knobs)
        {
            var (head, leaf) = (path.Split('.')[0], path.Split('.')[^1]);
            var target = known.Contains(head) ? path : known.Contains(leaf) ? leaf : null;
            if (target is not null) placed.Add((target, json));
            Note(key, value, target, target is null ? $"family {Family} has no knob {path}" : note);
        }
        return placed;
    }

    public void Refuse(string key, JsonElement value, string what, string allowed) =>
        problems.Add($"{key}: {(value.ValueKind == JsonValueKind.Undefined ? "" : $"'{StepConfiguration.Text(value)}' ")}{what}; known: "
            + $"{allowed}");

    /// <exception cref="HarnessException">Something was refused.</exception>
    public void ThrowIfRefused()
    {
        if (problems.Count > 0)
            throw new HarnessException("The STEP configuration cannot be imported: " + string.Join("\n  ", problems.Prepend("")));
    }

    bool Note(string key, string value, string? target, string note)
    {
        keys.Add(new(key, value, target, note));
        return true;
    }
}

/// <summary>The plan as YAML.</summary>
static class StepPlanText
{
    public static string Of(string name, StepDraft draft, string benchmark, string dataset, IReadOnlyList<(string Path, string Json)> knobs)
    {
        var lines = new List<string>
        {
            "# Imported from a configuration of the STEP platform.", $"name: {name}", "purpose: manual",
            string.Create(CultureInfo.InvariantCulture, $"seeds: [{draft.Seed}]"), "threads: 2", "trials:",
            "  - suite: spiking-transformers", $"    benchmark: {benchmark}", $"    datasets: [{dataset}]", "    families:",
            $"      - id: {draft.Family}", "        with:",
        };
        lines.AddRange(knobs.Where(knob => !knob.Path.Contains('.', StringComparison.Ordinal))
            .Select(knob => $"          {knob.Path}: {knob.Json}"));
        foreach (var group in knobs.Where(knob => knob.Path.Contains('.', StringComparison.Ordinal))
                     .GroupBy(knob => knob.Path.Split('.')[0]))
        {
            lines.Add($"          {group.Key}:");
            lines.AddRange(group.Select(knob => $"            {knob.Path.Split('.')[1]}: {knob.Json}"));
        }
        return string.Join('\n', lines) + "\n";
    }
}

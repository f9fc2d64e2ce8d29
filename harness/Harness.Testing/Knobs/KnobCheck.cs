using System.Diagnostics.CodeAnalysis;

namespace Harness.Testing.Knobs;

/// <summary>Varies every knob of a family, one at a time, and demands that the computation shows it.</summary>
/// <param name="cases">Comparisons named by the caller; a knob that has some gets no others.</param>
/// <param name="shared">Nested records whose knobs are left out, unless a case names them.</param>
/// <param name="evidenceOf">Runs a configuration.</param>
sealed class KnobCheck(object family, FamilyCard card, IReadOnlyList<KnobCase> cases, IReadOnlyList<string> shared,
    Func<object, Evidence> evidenceOf)
{
    readonly Clause _clause = new(card, "each hyper-parameter changes the computation");
    readonly Lazy<Evidence> _listed = new(() => evidenceOf(family));

    public void Run()
    {
        IReadOnlyList<Knob> knobs = [];
        _clause.Guard(() => knobs = Knob.Of(family));
        _clause.Guard(() => _ = _listed.Value);
        var named = knobs.Select(knob => knob.Path).Where(path => !IsShared(path))
            .Concat(cases.Select(wanted => wanted.Path)).Distinct(StringComparer.Ordinal);
        foreach (var path in named)
        {
            var chosen = cases.Where(wanted => wanted.Path == path).ToList();
            if (chosen.Count > 0) chosen.ForEach(Run);
            else Run(knobs.First(knob => knob.Path == path));
        }
    }

    bool IsShared(string path) => shared.Any(record => path.StartsWith($"{record}.", StringComparison.OrdinalIgnoreCase));

    void Run(KnobCase chosen)
    {
        var before = ReferenceEquals(chosen.From, family) ? _listed.Value : Show(chosen.Path, chosen.FromValue, chosen.From);
        if (Show(chosen.Path, chosen.ToValue, chosen.To).DifferenceOrNull(before) is null)
            throw Dead(chosen.Path, chosen.FromValue, [chosen.ToValue]);
    }

    void Run(Knob knob)
    {
        var alternatives = AlternativesOf(knob);
        List<object?> dead = [];
        List<string> refused = [];
        foreach (var value in alternatives.Values)
        {
            if (EvidenceOrNull(knob, value, refused) is not { } evidence) continue;
            if (evidence.DifferenceOrNull(_listed.Value) is null) dead.Add(value);
            else if (!alternatives.Each) return;
            if (alternatives.Each && dead.Count > 0) break;
        }
        if (dead.Count > 0) throw Dead(knob.Path, knob.Value, dead);
        if (alternatives.Values.Count == refused.Count)
            throw Violation(knob.Path, knob.Value, $"no other value of {knob.Path} was found to compare {Knob.Text(knob.Value)} with"
                + $"{(refused.Count == 0 ? "" : $" (refused: {string.Join("; ", refused)})")}; name some with Varying(\"{knob.Path}\", …)");
    }

    Alternatives AlternativesOf(Knob knob)
    {
        try { return Alternatives.Of(knob); }
        catch (NotSupportedException error) { throw Violation(knob.Path, knob.Value, error.Message, error); }
    }

    // A value that the record or the training refuses with a reason is no value of this configuration.
    Evidence? EvidenceOrNull(Knob knob, object? value, List<string> refused)
    {
        try
        {
            return Show(knob.Path, value, knob.With(value));
        }
        catch (ArgumentException error)
        {
            refused.Add($"{Knob.Text(value)}: {error.Message}");
        }
        catch (ContractViolationException violation) when (violation.InnerException is HarnessException refusal)
        {
            refused.Add($"{Knob.Text(value)}: {refusal.Message}");
        }
        return null;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A plug-in may throw anything.")]
    Evidence Show(string path, object? value, object configuration)
    {
        try { return evidenceOf(configuration); }
        catch (Exception error)
        {
            throw Violation(path, value, $"with {path} = {Knob.Text(value)} it threw {error.GetType().Name}: {error.Message}", error);
        }
    }

    ContractViolationException Dead(string path, object? from, IReadOnlyList<object?> values) => Violation(path, values[0],
        $"{path} = {string.Join(", ", values.Select(Knob.Text))} computes the same predictions, footprint, operation counts and training "
        + $"curve as {path} = {Knob.Text(from)}; remove the knob, or name configurations in which it matters with "
        + $"Varying or Comparing(\"{path}\", …)");

    ContractViolationException Violation(string path, object? value, string problem, Exception? inner = null) =>
        new(card, "each hyper-parameter changes the computation", problem, inner) { Knob = path, Value = Knob.Text(value) };
}

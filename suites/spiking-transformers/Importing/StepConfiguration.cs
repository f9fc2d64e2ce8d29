using System.Globalization;
using System.Text.Json;

namespace Suites.SpikingTransformers.Importing;

/// <summary>A key of a STEP configuration and what became of it.</summary>
/// <param name="Target">The knob or part of the plan that it set; null where it was ignored.</param>
/// <param name="Note">How it was changed on the way, or why it was ignored.</param>
public sealed record StepKey(string Key, string Value, string? Target, string Note);

/// <summary>A STEP configuration as a plan, and the account of every key.</summary>
public sealed record StepPlan(string Text, IReadOnlyList<StepKey> Keys);

/// <summary>
/// Reads configurations of the STEP platform (NeurIPS 2025): flat YAML whose unknown keys it accepts silently. Here each key is mapped,
/// or ignored for a reason that is told; one that nobody knows is an error.
/// </summary>
public static class StepConfiguration
{
    /// <param name="name">Of the plan.</param>
    /// <param name="values">The keys of the file.</param>
    /// <param name="knobsOf">The knobs of a family of a benchmark, by their names; null where the benchmark has no such family.</param>
    /// <exception cref="HarnessException">Keys or values that mean nothing here; all of them at once.</exception>
    public static StepPlan Read(string name, IReadOnlyDictionary<string, JsonElement> values,
        Func<string, string, IReadOnlyCollection<string>?> knobsOf)
    {
        var draft = new StepDraft(values);
        foreach (var (key, value) in values)
            if (StepKeys.Rules.TryGetValue(key, out var rule)) draft.Apply(key, value, rule);
            else draft.Refuse(key, value, "is no key of STEP that is known here", string.Join(", ", StepKeys.Rules.Keys));
        if (draft.Family is null) draft.Refuse("model", default, "is missing", string.Join(", ", StepKeys.Models.Keys));
        if (draft.Dataset is null) draft.Refuse("dataset", default, "is missing", string.Join(", ", StepKeys.Datasets.Keys));
        draft.ThrowIfRefused();
        var (benchmark, dataset) = draft.Dataset!.Value;
        var knobs = knobsOf(benchmark, draft.Family!) ?? throw new HarnessException(
            $"Family {draft.Family} cannot be run on {dataset} (benchmark {benchmark}) here.");
        return new(StepPlanText.Of(name, draft, benchmark, dataset, draft.Place(knobs)), draft.Keys);
    }

    /// <summary>A value as the file has it.</summary>
    internal static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetDouble().ToString(CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };
}

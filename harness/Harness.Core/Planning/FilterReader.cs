using System.Globalization;
using Harness.Core.Registry;

namespace Harness.Core.Planning;

/// <summary>Reads a filter of the command line, e.g. <c>family=spikformer,dataset=mnist,seed=1</c>.</summary>
public static class FilterReader
{
    static readonly string[] Keys = ["suite", "benchmark", "dataset", "family", "seed"];

    /// <summary>A key given more than once keeps any of its values; different keys must all hold.</summary>
    /// <exception cref="HarnessException">A part is not <c>key=value</c>, or its key is unknown.</exception>
    public static TrialFilter Read(string text)
    {
        var words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Part)
            .ToLookup(part => part.Key, part => part.Value, StringComparer.Ordinal);
        return new TrialFilter(OrNull("suite"), OrNull("benchmark"), OrNull("dataset"), OrNull("family"),
            words.Contains("seed") ? [.. words["seed"].Select(Seed)] : null);

        List<string>? OrNull(string key) => words.Contains(key) ? [.. words[key]] : null;
    }

    static (string Key, string Value) Part(string part)
    {
        if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [var key, { Length: > 0 } value])
            throw new HarnessException($"The filter part '{part}' is not key=value, e.g. family=k-means. Keys: {string.Join(", ", Keys)}.");
        return Keys.Contains(key, StringComparer.Ordinal)
            ? (key, value)
            : throw new UnknownNameException("filter key", key, "a trial filter", Keys);
    }

    static int Seed(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw new HarnessException($"The filter seed '{value}' is not a whole number from 0 on, e.g. seed=1.");
}

namespace Harness.Core.Dispatch;

/// <summary>Guesses what is left of a session: a trial takes as long as its like took, else as its family took, else as the mean
/// trial.</summary>
sealed class RemainingTime(IReadOnlyList<Trial> trials)
{
    // Hashing a configuration is not free, and every line of progress asks for the rest of the list.
    readonly List<(string Exact, string Family)> _keys =
        [.. trials.Select(trial => ($"{trial.Family} {trial.ConfigurationHash} {trial.Protocol}", trial.Family))];
    readonly Dictionary<string, (double Seconds, int Runs)> _known = new(StringComparer.Ordinal);

    public void Note(int index, TimeSpan took)
    {
        foreach (var key in new[] { _keys[index].Exact, _keys[index].Family, "" })
        {
            var (seconds, runs) = _known.GetValueOrDefault(key);
            _known[key] = (seconds + took.TotalSeconds, runs + 1);
        }
    }

    /// <summary>Time for the trials from <paramref name="index"/> on, or null before anything is known.</summary>
    public TimeSpan? FromOrNull(int index) => _known.Count == 0 ? null
        : TimeSpan.FromSeconds(_keys.Skip(index).Sum(key => Mean(key.Exact) ?? Mean(key.Family) ?? Mean("")!.Value));

    double? Mean(string key) => _known.TryGetValue(key, out var known) ? known.Seconds / known.Runs : null;
}

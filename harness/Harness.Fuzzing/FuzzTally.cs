using System.Text.RegularExpressions;

namespace Harness.Fuzzing;

/// <summary>What became of all contents that one reader was given.</summary>
public sealed partial class FuzzTally(string reader)
{
    const int MostFindings = 20;

    public string Reader { get; } = reader;
    public int Inputs { get; set; }
    public int Accepted { get; set; }

    /// <summary>Refusals by the type of the error.</summary>
    public SortedDictionary<string, int> Refused { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Different messages; paths, numbers and quoted words aside.</summary>
    public HashSet<string> Problems { get; init; } = [];

    public double WorstSeconds { get; set; }
    public int Slowest { get; set; }
    public long MostBytes { get; set; }
    public int Largest { get; set; }

    /// <summary>What must not be: errors that are not ours, and memory that a forged length took. At most 20 are kept.</summary>
    public List<string> Findings { get; init; } = [];

    public static FuzzTally Of(string reader, IEnumerable<Attempt> attempts)
    {
        var tally = new FuzzTally(reader);
        foreach (var attempt in attempts) tally.Add(attempt);
        return tally;
    }

    void Add(Attempt attempt)
    {
        Inputs++;
        if (attempt.Time.TotalSeconds > WorstSeconds) (WorstSeconds, Slowest) = (attempt.Time.TotalSeconds, attempt.Index);
        if (attempt.Bytes > MostBytes) (MostBytes, Largest) = (attempt.Bytes, attempt.Index);
        if (attempt.Bytes > Fuzzer.MostBytes) Find($"input {attempt.Index} allocated {attempt.Bytes:N0} bytes: {attempt.Error}");
        if (attempt.Error is null) Accepted++;
        else if (attempt.Error is HarnessException)
        {
            var kind = attempt.Error.GetType().Name;
            Refused[kind] = Refused.GetValueOrDefault(kind) + 1;
            Problems.Add(Particular().Replace(attempt.Error.Message, "…"));
        }
        else Find($"input {attempt.Index} escaped: {attempt.Error}");
    }

    void Find(string finding)
    {
        if (Findings.Count < MostFindings) Findings.Add(finding);
    }

    [GeneratedRegex(@"\S*/\S*|'.*'|\(.*\)|[0-9][0-9,.]*", RegexOptions.Singleline)] private static partial Regex Particular();
}

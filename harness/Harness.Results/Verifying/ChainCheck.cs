using Harness.Results.Storage;

namespace Harness.Results.Verifying;

/// <summary>What the chain says, and whether each line follows from the one before.</summary>
sealed class ChainCheck
{
    readonly Dictionary<string, ChainEntry> _stored = new(StringComparer.Ordinal);
    readonly Dictionary<string, ChainEntry> _findings = new(StringComparer.Ordinal);
    readonly Dictionary<string, IReadOnlyList<string>> _thinned = new(StringComparer.Ordinal);
    readonly HashSet<string> _removed = new(StringComparer.Ordinal);
    readonly List<(string Line, ChainEntry Entry)> _lines = [];

    /// <summary>Every readable line.</summary>
    public IReadOnlyList<(string Line, ChainEntry Entry)> Lines => _lines;
    /// <summary>By folder: runs that were stored, be they removed since or not.</summary>
    public IReadOnlyDictionary<string, ChainEntry> Stored => _stored;
    public IReadOnlySet<string> Removed => _removed;
    /// <summary>By folder: files that were deleted on purpose.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Thinned => _thinned;
    /// <summary>By file.</summary>
    public IReadOnlyDictionary<string, ChainEntry> Findings => _findings;

    public static ChainCheck Read(string store, List<ResultProblem> problems)
    {
        var check = new ChainCheck();
        var before = Chain.Start;
        var number = 0;
        foreach (var (line, entry) in Chain.Read(store))
        {
            number++;
            if (entry is null) problems.Add(new(".", Chain.FileName, $"line {number} is not a chain entry."));
            else
            {
                if (entry.Previous != before)
                    problems.Add(new(".", Chain.FileName, $"line {number} does not follow from the line before it."));
                if (!check.Add(line, entry)) problems.Add(new(entry.Folder, Chain.FileName, $"line {number} repeats the run."));
            }
            before = Chain.Link(line);
        }
        return check;
    }

    bool Add(string line, ChainEntry entry)
    {
        _lines.Add((line, entry));
        switch (entry.Kind)
        {
            case null: return _stored.TryAdd(entry.Folder, entry);
            case ChainEntry.Removed: return _removed.Add(entry.Folder);
            case ChainEntry.Thinned:
                _thinned[entry.Folder] = [.. _thinned.GetValueOrDefault(entry.Folder, []), .. entry.Files ?? []];
                return true;
            default: return _findings.TryAdd(entry.Folder, entry);
        }
    }
}

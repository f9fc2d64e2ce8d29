using Harness.Results.Storage;
using Harness.Results.Tables;

namespace Harness.Results.Verifying;

/// <summary>
/// Whether runs of one protocol were scored against the same test samples, and pin the same files: a run that read another shard of the
/// data has another score for a reason that no hash of the run itself shows.
/// </summary>
sealed class TargetCheck
{
    readonly List<Seen> _seen = [];

    public async Task AddAsync(RunFolder folder, IReadOnlyDictionary<string, string> listed, CancellationToken cancellation)
    {
        var run = await folder.ReadAsync(detail: true, cancellation);
        var protocol = RunFiles.ProtocolHash(run);
        if (run.Samples.Count == 0)
        {
            if (protocol is not null) _seen.Add(new(folder.Name, run.Trial.Protocol, protocol, null, 0));
            return;
        }
        var targets = SampleTable.Targets(run.Samples);
        var written = await SampleTable.HashesAsync(await folder.BytesAsync(SampleTable.FileName, listed, cancellation), cancellation);
        if (written.Targets is { } then && then != targets)
            throw Damaged(folder, "its targets are not the ones that were stored with the run.");
        if (written.Protocol is { } pinned && pinned != protocol)
            throw Damaged(folder, "it was made for another dataset than the one run.json names.");
        _seen.Add(new(folder.Name, run.Trial.Protocol, protocol, targets, run.Samples.Count));
    }

    public IEnumerable<ResultProblem> Problems() => _seen.GroupBy(seen => seen.Protocol, StringComparer.Ordinal).SelectMany(protocol =>
    {
        var pinned = Minority(protocol, seen => seen.Pinned, seen => new(seen.Folder, RunFiles.Envelope,
            $"it pins other files or counts for {seen.Protocol} than most runs of that protocol do."));
        var targets = protocol.GroupBy(seen => seen.Count).SelectMany(shard => Minority(shard, seen => seen.Targets,
            seen => new(seen.Folder, SampleTable.FileName,
                $"its {seen.Count} test targets are not those of most runs of {seen.Protocol}: it was scored against another shard.")));
        return pinned.Concat(targets);
    });

    // With as many on either side nobody can tell who is right: all are named.
    static IEnumerable<ResultProblem> Minority(IEnumerable<Seen> seen, Func<Seen, string?> value, Func<Seen, ResultProblem> problem)
    {
        var sides = seen.Where(one => value(one) is not null).GroupBy(value, StringComparer.Ordinal)
            .OrderByDescending(side => side.Count()).ToList();
        if (sides.Count < 2) return [];
        var tie = sides[0].Count() == sides[1].Count();
        return sides.Skip(tie ? 0 : 1).SelectMany(side => side).Select(problem);
    }

    static ResultDamagedException Damaged(RunFolder folder, string message) => new(new(folder.Name, SampleTable.FileName, message));

    sealed record Seen(string Folder, string Protocol, string? Pinned, string? Targets, int Count);
}

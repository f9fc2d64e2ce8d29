using Harness.Publishing.Text;

namespace Harness.Publishing.Boards;

/// <summary>A slice of all runs, oldest first. Slices are counted from the oldest run, so that a new run changes only the last
/// one.</summary>
public sealed record Archive(int Number, IReadOnlyList<RunRecord> Runs)
{
    const int RunsPerPage = 400;

    public string Page => Location.Archive(Number);

    public static IReadOnlyList<Archive> Of(Site site)
    {
        var slices = site.Runs.Reverse().Chunk(RunsPerPage).ToArray();
        return [.. slices.Select((runs, i) => new Archive(i + 1, runs))];
    }
}

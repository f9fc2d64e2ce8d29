using Harness.Publishing.Boards;
using Harness.Publishing.Downloads;
using Harness.Publishing.Feeds;
using Harness.Publishing.History;
using Harness.Publishing.Pages;
using Harness.Publishing.Text;

namespace Harness.Publishing;

/// <summary>What a publication wrote. <see cref="Index"/> is the page to open.</summary>
/// <param name="Files">Every file of the site, relative, with forward slashes, sorted.</param>
/// <param name="Changed">How many of them were new or differed from what lay there.</param>
/// <param name="Removed">Files of an earlier publication that this one no longer has.</param>
/// <param name="Kept">Files that were not made again, because nothing they are made of has changed.</param>
public sealed record Publication(FileInfo Index, IReadOnlyList<string> Files, int Changed, int Removed, int Kept);

/// <summary>
/// Renders results as a static site: readable without scripts, relative links only, the same input gives the same bytes. A second
/// publication into the same folder renders only what has changed.
/// </summary>
public sealed record Publisher
{
    /// <summary>Definitions of the numbers that no suite defines: speed, memory, counts, energy.</summary>
    public IReadOnlyList<MetricCard> Quantities { get; init; } = [];

    /// <summary>Analytic models of energy, applied to the counts of every run; the first one is the one that runs state.</summary>
    public IReadOnlyList<IEnergyModel> EnergyModels { get; init; } = [];

    /// <summary>The shell commands that repeat a run, shown on its page.</summary>
    public Func<RunRecord, string> Reproduce { get; init; } = Commands.Repeat;

    /// <summary>How a run is read in full, where the view holds runs in brief.</summary>
    public RunDetails Details { get; init; } = RunDetails.InView;

    /// <summary>Changes that paired runs have confirmed, as the store keeps them.</summary>
    public IReadOnlyList<Results.Alert> Confirmed { get; init; } = [];

    /// <summary>What coordinators wrote of their devices, in any order; none leaves the site to what results say.</summary>
    public IReadOnlyList<Fleet.FleetSnapshot> Fleet { get; init; } = [];

    /// <summary>Further pages, for example a suite's own.</summary>
    public IReadOnlyList<IPage> Additional { get; init; } = [];

    /// <summary>Writes the site; files that already have the right bytes are left alone, those of an earlier publication that are gone are
    /// removed.</summary>
    /// <exception cref="HarnessException">Two pages claim the same path, or a path leaves <paramref name="output"/>.</exception>
    public async Task<Publication> PublishAsync(ResultView view, DirectoryInfo output, CancellationToken cancellation)
    {
        var site = new Site(view, this, Changes.Read(Path.Combine(output.FullName, Changes.FileName)));
        List<Page> pages = [.. SiteMap.Of(site), .. Additional.Select(page => Page.Of(page, view))];
        // Reproduce is code that may differ between callers: what it says of one run tells callers apart.
        var program = Digest.Of($"{typeof(Publisher).Module.ModuleVersionId}", site.Context, site.Runs.Count > 0 ? Reproduce(site.Runs[^1])
            : null);
        return await new OutputFolder(output).WriteAsync(site, pages, program, cancellation);
    }
}

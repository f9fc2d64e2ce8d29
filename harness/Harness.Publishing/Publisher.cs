using System.Text;
using Harness.Publishing.Boards;
using Harness.Publishing.Downloads;
using Harness.Publishing.Feeds;
using Harness.Publishing.Pages;
using Harness.Publishing.Text;

namespace Harness.Publishing;

/// <summary>What a publication wrote. <see cref="Index"/> is the page to open.</summary>
/// <param name="Files">Every file of the site, relative, with forward slashes, sorted.</param>
/// <param name="Changed">How many of them were new or differed from what lay there.</param>
/// <param name="Removed">Files of an earlier publication that this one no longer has.</param>
public sealed record Publication(FileInfo Index, IReadOnlyList<string> Files, int Changed, int Removed);

/// <summary>Renders results as a static site: readable without scripts, relative links only, the same input gives the same bytes.</summary>
public sealed record Publisher
{
    /// <summary>Definitions of the numbers that no suite defines: speed, memory, counts, energy.</summary>
    public IReadOnlyList<MetricCard> Quantities { get; init; } = [];

    /// <summary>The shell commands that repeat a run, shown on its page.</summary>
    public Func<RunRecord, string> Reproduce { get; init; } = Commands.Repeat;

    /// <summary>Further pages, for example a suite's own.</summary>
    public IReadOnlyList<IPage> Additional { get; init; } = [];

    /// <summary>Writes the site; files that already have the right bytes are left alone, files of an earlier publication that are gone are removed.</summary>
    /// <exception cref="HarnessException">Two pages claim the same path, or a path leaves <paramref name="output"/>.</exception>
    public async Task<Publication> PublishAsync(ResultView view, DirectoryInfo output, CancellationToken cancellation)
    {
        var site = new Site(view, Quantities, Reproduce);
        List<Page> pages = [.. Pages(site), .. Additional.Select(page => Page.Of(page, view))];
        return await new OutputFolder(output).WriteAsync(site, pages, cancellation);
    }

    /// <summary>The table of contents of the site.</summary>
    static IEnumerable<Page> Pages(Site site) =>
    [
        Page.Of<Home>("index.html"),
        .. site.Suites.Select(suite => Page.Of<SuitePage>(Location.Suite(suite.Id), suite)),
        .. site.Boards.SelectMany(board => BoardFiles(site, board)),
        .. site.Families.Select(family => Page.Of<FamilyPage>(Location.Family(family.Key), family)),
        .. site.Datasets.Select(dataset => Page.Of<DatasetPage>(Location.Dataset(dataset.Protocol), dataset)),
        .. site.Devices.Select(device => Page.Of<DevicePage>(Location.Device(device.Card.Id), device)),
        .. site.Runs.Select(run => Page.Of<RunPage>(Location.Run(run.RunId), run)),
        .. site.Runs.Select(run => Page.Of(Location.RunRecord(run.RunId), writer => writer.Write(CanonicalJson.Write(run)))),
        Page.Of<Coverage>("coverage.html"),
        Page.Of<AllRuns>("runs.html"),
        Page.Of<Methodology>("methodology.html"),
        Page.Of("feed.atom", writer => AtomFeed.Write(site, writer)),
        Page.Of("feed.json", writer => JsonFeed.Write(site, writer)),
        Asset("assets/harness.css"),
        Asset("assets/harness.js"),
        Asset("assets/icon.svg"),
    ];

    static IEnumerable<Page> BoardFiles(Site site, Board board) =>
    [
        Page.Of<ComparePage>(board.File("compare.html"), board),
        Page.Of(board.File("csv"), writer => Csv.Write(board, writer)),
        Page.Of(board.File("json"), writer => BoardJson.Write(site, board, writer)),
        Page.Of(board.File("md"), writer => Markdown.Write(site, board, writer)),
        Page.Of(board.File("tex"), writer => Latex.Write(site, board, writer)),
        Page.Of(board.File("bib"), writer => Bibtex.Write(site, board, writer)),
        .. board.Rows.Select(row => Page.Of(Location.Badge(board.Key, row.Key), writer => Badge.Write(board, row, writer))),
    ];

    static Page Asset(string name) => Page.Of(name, writer =>
    {
        using var stream = typeof(Publisher).Assembly.GetManifestResourceStream(name)
            ?? throw new HarnessException($"The publishing assembly was built without its resource '{name}'; build Harness.Publishing again.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        writer.Write(reader.ReadToEnd());
    });
}

using System.Text;
using Harness.Publishing.Boards;
using Harness.Publishing.Downloads;
using Harness.Publishing.Feeds;
using Harness.Publishing.History;
using Harness.Publishing.Pages;
using Harness.Publishing.Parts;
using Harness.Publishing.Text;

namespace Harness.Publishing;

/// <summary>The table of contents of the site.</summary>
static class SiteMap
{
    public static IEnumerable<Page> Of(Site site) =>
    [
        Page.Of<Home>("index.html"),
        .. site.Suites.Select(suite => Page.Of<SuitePage>(Location.Suite(suite.Id), suite)),
        .. site.Boards.SelectMany(board => BoardFiles(site, board)),
        .. site.Families.Select(family => Page.Of<FamilyPage>(Location.Family(family.Key), family)),
        .. site.Datasets.SelectMany(dataset => DatasetFiles(dataset)),
        .. site.Devices.Select(device => Page.Of<DevicePage>(Location.Device(device.Card.Id), device)),
        .. site.Runs.AsParallel().AsOrdered().SelectMany(run => RunFiles(site, run)),
        .. Archive.Of(site).Select(part => Page.Of<ArchivePage>(part.Page, part) with { Key = Digest.Of(part.Runs.Select(site.HashOf)) }),
        Page.Of<DevicesPage>("devices.html"),
        Page.Of<AllRuns>("runs.html"),
        Page.Of<Explore>("explore.html"),
        Page.Of<Coverage>("coverage.html"),
        Page.Of<Alerts>("alerts.html"),
        Page.Of<Ablations>("ablations.html"),
        Page.Of<Energy>("energy.html"),
        Page.Of<Methodology>("methodology.html"),
        Page.Of<About>("about.html"),
        Page.Text("feed.atom", writer => AtomFeed.Write("Harness: newest runs", "feed.atom", "index.html", site.At, FeedEntry.Newest(site),
            writer)),
        Page.Text("feed.json", writer => JsonFeed.Write("Harness: newest runs", "feed.json", "index.html", FeedEntry.Newest(site), writer)),
        Page.Text("alerts.atom", writer => AtomFeed.Write("Harness: alerts", "alerts.atom", "alerts.html", site.At, FeedEntry.Alerts(site),
            writer)),
        Page.Text("alerts.json", writer => JsonFeed.Write("Harness: alerts", "alerts.json", "alerts.html", FeedEntry.Alerts(site), writer)),
        Page.Bytes(ParquetFiles.Runs, (stream, cancellation) => ParquetFiles.RunsAsync(site, stream, cancellation)),
        Page.Text(Changes.FileName, writer => { _ = site.Alerts; site.Changes.Write(writer); }),
        Bundle.Asset("assets/harness.css"),
        Bundle.Asset("assets/harness.js"),
        Bundle.Asset("assets/icon.svg"),
        .. Bundle.Has(Bundle.Explorer) ? [Bundle.Asset(Bundle.Explorer)] : Array.Empty<Page>(),
    ];

    static IEnumerable<Page> BoardFiles(Site site, Board board)
    {
        var key = Digest.Of([board.Key, .. board.All.SelectMany(row => row.Every).Select(site.HashOf).Order(StringComparer.Ordinal)]);
        Page[] pages =
        [
            .. BoardView.Of(board).Select(view => Page.Of<BoardPage>(view.Page, view)),
            .. BoardView.Of(board).Skip(1).Select(RowScript),
            Page.Of<ComparePage>(board.File("compare.html"), board),
            Page.Of<AblationPage>(board.File("ablations.html"), board),
            Page.Of<EnergyPage>(board.File("energy.html"), board),
            Page.Text(board.File("csv"), writer => Csv.Write(board, writer)),
            Page.Text(board.File("json"), writer => BoardJson.Write(site, board, writer)),
            Page.Bytes(board.File("parquet"), (stream, cancellation) => ParquetFiles.BoardAsync(board, stream, cancellation)),
            Page.Text(board.File("md"), writer => Markdown.Write(board, writer)),
            Page.Text(board.File("tex"), writer => Latex.Write(board, writer)),
            Page.Text(board.File("bib"), writer => Bibtex.Write(board, writer)),
        ];
        return [.. pages.Select(page => page with { Key = key }), .. board.All.SelectMany(row => RowFiles(site, board, row))];
    }

    static IEnumerable<Page> RowFiles(Site site, Board board, Row row)
    {
        // A row's page says where the row stands, which depends on the others, and how its columns are scaled.
        var key = Digest.Of([$"{row.Standing} {row.Rank} {row.Difference}", string.Join(' ', board.Scales),
            string.Join(' ', board.Columns.Select(column => column.Key)),
            .. row.Every.Select(site.HashOf)]);
        yield return Page.Of<ResultPage>(board.ResultPage(row), (board, row)) with { Key = key };
        yield return Page.Text(board.Badge(row), writer => Badge.Write(board, row, writer)) with { Key = key };
    }

    static IEnumerable<Page> RunFiles(Site site, RunRecord run)
    {
        var (board, row) = site.PlaceOf(run);
        var hash = site.HashOf(run);
        var counts = row.Runs.Any(other => ReferenceEquals(other, run));
        yield return Page.Of<RunPage>(Location.Run(run.RunId), async (renderer, cancellation) =>
            await renderer.ReadAsync(run, cancellation)) with
        {
            Key = Digest.Of(hash, $"{counts} {row.Difference} {board.Heading}"),
        };
        yield return new Page(Location.RunRecord(run.RunId), async (renderer, stream, cancellation) =>
            await stream.WriteAsync(Encoding.UTF8.GetBytes(CanonicalJson.Write(await renderer.ReadAsync(run, cancellation))),
                cancellation)) { Key = hash };
        foreach (var picture in run.Pictures ?? [])
            yield return new Page(Location.RunPicture(run.RunId, picture.Name), async (renderer, stream, cancellation) =>
                await stream.WriteAsync((await renderer.ReadAsync(run, cancellation)).Pictures!
                    .First(other => other.Name == picture.Name).Content, cancellation)) { Key = hash };
    }

    static IEnumerable<Page> DatasetFiles(DatasetEntry dataset)
    {
        yield return Page.Of<DatasetPage>(Location.Dataset(dataset.Protocol), dataset);
        if (dataset.Card is { } card) yield return Page.Text(Location.Croissant(card.Protocol), writer => Croissant.Write(card, writer));
    }

    /// <summary>A further page's rows as a call that hands their HTML to the script of the first page.</summary>
    static Page RowScript(BoardView view) => new(view.Script, async (renderer, stream, _) =>
    {
        using var rows = new MemoryStream();
        await renderer.WriteAsync<BoardRows>(new Location(view.Board.Page), new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(BoardRows.Id)] = BoardView.TableOf(view.Board), [nameof(BoardRows.Board)] = view.Board,
                [nameof(BoardRows.Rows)] = view.Rows,
        }, rows);
        await using var writer = OutputFolder.Writer(stream);
        writer.Write($"harnessRows({CanonicalJson.Write(BoardView.TableOf(view.Board))},{view.Number},");
        writer.Write(CanonicalJson.Write(Encoding.UTF8.GetString(rows.GetBuffer(), 0, (int)rows.Length)));
        writer.Write(");\n");
    });
}

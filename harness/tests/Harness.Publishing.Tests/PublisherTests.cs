using Harness.Results;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Harness.Publishing.Tests;

public sealed partial class PublisherTests(Publishing site) : IClassFixture<Publishing>
{
    [Fact]
    public async Task The_same_results_give_the_same_bytes()
    {
        var again = Directory.CreateTempSubdirectory("harness-site-");
        var shuffled = World.View with { Runs = [.. World.View.Runs.Reverse()] };
        var publication = await Publishing.Publish(shuffled, again);
        Assert.Equal(site.Publication.Files, publication.Files);
        Publishing.AssertSame(site.Folder, again, publication.Files);
        again.Delete(recursive: true);
    }

    [Fact]
    public async Task One_run_more_renders_little_and_gives_the_same_site_as_from_nothing()
    {
        var grown = Directory.CreateTempSubdirectory("harness-site-");
        var fresh = Directory.CreateTempSubdirectory("harness-site-");
        var newest = World.View.Runs.MaxBy(run => run.Started)!;
        await Publishing.Publish(World.View with { Runs = [.. World.View.Runs.Where(run => run != newest)] }, grown);
        var second = await Publishing.Publish(World.View, grown);
        var first = await Publishing.Publish(World.View, fresh);
        Publishing.AssertSame(fresh, grown, first.Files);
        Assert.True(second.Kept > first.Files.Count / 2, $"{second.Kept} of {first.Files.Count} files were kept");
        Assert.Equal(0, (await Publishing.Publish(World.View, grown)).Changed);
        grown.Delete(recursive: true);
        fresh.Delete(recursive: true);
    }

    [Fact]
    public async Task What_is_gone_is_removed_and_what_is_foreign_is_left()
    {
        var folder = Directory.CreateTempSubdirectory("harness-site-");
        await Publishing.Publish(World.View, folder);
        var foreign = Path.Combine(folder.FullName, "notes.html");
        await File.WriteAllTextAsync(foreign, "mine", TestContext.Current.CancellationToken);
        var run = World.View.Runs[0];
        var page = Path.Combine(folder.FullName, "runs", run.RunId.ToLowerInvariant() + ".html");
        Assert.True(File.Exists(page));
        var second = await Publishing.Publish(World.View with { Runs = [.. World.View.Runs.Skip(1)] }, folder);
        Assert.True(second.Removed > 0);
        Assert.False(File.Exists(page));
        Assert.True(File.Exists(foreign));
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_dataset_page_counts_every_evaluation_of_its_test_part_per_family()
    {
        var touches = TestTouches.Of(World.View.Runs.Where(run => run.Trial.Protocol == World.Mnist.Protocol));
        Assert.NotEmpty(touches);
        var page = site.Read("datasets/mnist.v1.html");
        var table = page[page.IndexOf("id=\"test-use\"", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("</table>", StringComparison.Ordinal)];
        foreach (var touch in touches)
            Assert.Matches($"<th scope=\"row\">{touch.Family}</th><td class=\"n\">{touch.Evaluations}</td>", table);
    }

    [Fact]
    public void Every_link_leads_to_a_file_of_the_site_or_to_the_web()
    {
        foreach (var page in site.Pages)
        {
            var folder = Path.GetDirectoryName(Path.Combine(site.Folder.FullName, page))!;
            foreach (var target in Links().Matches(site.Read(page)).Select(match => match.Groups["to"].Value))
            {
                if (target.StartsWith("https://", StringComparison.Ordinal) || target.StartsWith('#')) continue;
                var path = Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(target.Split('#', '?')[0])));
                Assert.True(File.Exists(path), $"{page} links to {target}");
            }
        }
    }

    [Fact]
    public void Every_anchor_on_a_page_of_the_site_exists()
    {
        var ids = site.Pages.ToDictionary(page => page, page => Ids().Matches(site.Read(page)).Select(match =>
            match.Groups["id"].Value).ToHashSet());
        foreach (var page in site.Pages)
        {
            Assert.Equal(ids[page].Count, Ids().Count(site.Read(page)));
            foreach (var target in Links().Matches(site.Read(page)).Select(match => match.Groups["to"].Value).Where(target =>
                target.Contains('#')))
            {
                var parts = target.Split('#');
                var to = parts[0].Length == 0 ? page : Path.GetRelativePath(site.Folder.FullName,
                    Path.GetFullPath(Path.Combine(site.Folder.FullName, Path.GetDirectoryName(page)!, parts[0].Split('?')[0])));
                if (ids.TryGetValue(to, out var known)) Assert.True(known.Contains(parts[1]), $"{page} links to {target}");
            }
        }
    }

    [Fact]
    public void No_text_of_a_run_becomes_markup()
    {
        Assert.All(site.Pages, page => Assert.DoesNotContain("<script>alert", site.Read(page)));
        Assert.All(site.Pages, page => Assert.DoesNotContain("javascript:alert", Links().Matches(site.Read(page)).Select(match =>
            match.Value)));
        Assert.Contains("&lt;script&gt;alert", site.Read("index.html"));
    }

    [Theory]
    [InlineData("feed.atom")]
    [InlineData("alerts.atom")]
    public void A_feed_is_valid_xml_with_unique_ids(string feed)
    {
        XNamespace atom = "http://www.w3.org/2005/Atom";
        var entries = XDocument.Parse(site.Read(feed)).Root!.Elements(atom + "entry").ToList();
        Assert.NotEmpty(entries);
        Assert.Equal(entries.Count, entries.Select(entry => entry.Element(atom + "id")!.Value).Distinct().Count());
        Assert.All(entries, entry => Assert.True(File.Exists(Path.Combine(site.Folder.FullName,
            entry.Element(atom + "link")!.Attribute("href")!.Value.Split('#')[0]))));
    }

    [Fact]
    public void A_run_on_a_board_says_which_layers_its_host_computed_and_others_have_no_such_column()
    {
        string Layers(RunRecord run) => site.Read($"runs/{run.RunId.ToLowerInvariant()}.html") is var page
            && page.IndexOf("id=\"layers\"", StringComparison.Ordinal) is var at ? page[at..page.IndexOf("</table>", at,
                StringComparison.Ordinal)] : "";
        var board = Layers(World.View.Runs.Single(run => run.Device.Class == "neuromorphic"));
        Assert.Equal(3, Regex.Count(board, "<td>device</td>"));
        Assert.Equal(1, Regex.Count(board, "<td>host</td>"));
        Assert.DoesNotContain("Ran on", Layers(World.View.Runs[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_board_with_more_rows_than_a_page_bears_goes_on_and_hands_its_rows_to_scripts()
    {
        var folder = Directory.CreateTempSubdirectory("harness-site-");
        await Publishing.Publish(World.Large, folder);
        string Read(string file) => File.ReadAllText(Path.Combine(folder.FullName, "suites/large", file));
        Assert.Equal(50, Rows().Count(Read("grid-mnist.v1.html")));
        Assert.Equal(50, Rows().Count(Read("grid-mnist.v1.page2.html")));
        Assert.Equal(50, Rows().Count(Read("grid-mnist.v1.page8.html")));
        Assert.False(File.Exists(Path.Combine(folder.FullName, "suites/large/grid-mnist.v1.page9.html")));
        Assert.StartsWith("harnessRows(\"grid-mnist-v1\",2,", Read("grid-mnist.v1.rows2.js"));
        Assert.All(Directory.EnumerateFiles(folder.FullName, "*.html", SearchOption.AllDirectories),
            file => Assert.True(new FileInfo(file).Length < 1_500_000, file));
        folder.Delete(recursive: true);
    }

    [GeneratedRegex("(?:href|src)=\"(?<to>[^\"]*)\"")]
    private static partial Regex Links();

    [GeneratedRegex(" id=\"(?<id>[^\"]*)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("<tr id=\"grid-mnist-v1--")]
    private static partial Regex Rows();
}

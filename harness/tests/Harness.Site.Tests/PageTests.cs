using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Harness.Site.Tests;

public sealed class PageTests(Browser browser)
{
    /// <summary>One page of every kind.</summary>
    public static TheoryData<string> Kinds =>
    [
        "index.html", "suites/spiking-transformers.html", Paths.Board, Paths.Large, "families/spikformer.v1.html", "datasets/mnist.v1.html",
        "devices.html",
        "devices/x64-2core-a1b2.html", "devices/phone-1.html", Paths.Run, Paths.Nights,
        "suites/spiking-transformers/image-classification-mnist.v1.compare.html",
        "suites/spiking-transformers/image-classification-mnist.v1.ablations.html",
        "suites/spiking-transformers/image-classification-mnist.v1.energy.html", "ablations.html", "alerts.html", "energy.html",
        "coverage.html",
        "runs.html", "runs/archive-0001.html", "explore.html", "methodology.html", "about.html",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_page_is_accessible_and_quiet_in_both_themes(string path)
    {
        await using var visit = await browser.VisitAsync(path);
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await visit.Page.EmulateMediaAsync(new() { ColorScheme = theme });
            await Shots.TakeAsync(visit.Page, path, $"{theme}");
            var result = await visit.Page.RunAxe();
            Assert.True(result.Violations.Length == 0, string.Join('\n', result.Violations.SelectMany(violation =>
                violation.Nodes.Select(node => $"{theme} {violation.Id}: {violation.Help}: {node.Html}"))));
        }
        Assert.Empty(visit.Troubles);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_page_fits_a_width_of_320_pixels(string path)
    {
        await using var visit = await browser.VisitAsync(path, width: 320);
        await Shots.TakeAsync(visit.Page, path, "320");
        var width = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(width <= 320, $"{path} is {width} pixels wide");
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData(Paths.Board)]
    [InlineData("explore.html")]
    [InlineData("devices.html")]
    public async Task A_page_is_complete_without_scripts(string path)
    {
        await using var visit = await browser.VisitAsync(path, scripts: false);
        Assert.True(await visit.Page.Locator("main").IsVisibleAsync());
        Assert.Equal(0, await visit.Page.Locator("button:visible").CountAsync());
        Assert.Empty(visit.Troubles);
    }

    [Fact]
    public async Task A_printed_page_has_its_tables_and_no_controls()
    {
        await using var visit = await browser.VisitAsync(Paths.Board, ColorScheme.Dark);
        await visit.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Shots.TakeAsync(visit.Page, Paths.Board, "print");
        Assert.False(await visit.Page.Locator("header.bar").IsVisibleAsync());
        Assert.False(await visit.Page.Locator(".tools").First.IsVisibleAsync());
        Assert.True(await visit.Page.Locator("table.board").First.IsVisibleAsync());
        var paper = await visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.Equal("rgb(255, 255, 255)", paper);
    }
}

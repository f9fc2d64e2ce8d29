using Microsoft.Playwright;

namespace Harness.Site.Tests;

public sealed class TableTests(Browser browser)
{
    const string Table = "#image-classification-mnist-v1";
    const string Grid = "#grid-mnist-v1";

    [Fact]
    public async Task A_click_on_a_head_sorts_best_first_then_worst_then_as_published()
    {
        await using var visit = await browser.VisitAsync(Paths.Board);
        var published = await visit.FirstColumnAsync(Table);
        var head = visit.Page.GetByRole(AriaRole.Button, new() { Name = "Median latency", Exact = true }).First;
        await head.ClickAsync();
        var fastest = await visit.FirstColumnAsync(Table);
        Assert.StartsWith("majority-class", fastest[0]);
        Assert.Equal("ascending", await visit.Page.Locator($"{Table} th[data-key='latency.p50@1']").GetAttributeAsync("aria-sort"));
        Assert.Equal(1, await visit.Page.Locator($"{Table} th[aria-sort]").CountAsync());
        await head.ClickAsync();
        var slowest = await visit.FirstColumnAsync(Table);
        Assert.StartsWith("spikformer", slowest[0]);
        Assert.Equal(published.Where(key => key.StartsWith("hostile") || key.StartsWith("unlisted")), slowest.TakeLast(2));
        await head.ClickAsync();
        Assert.Equal(published, await visit.FirstColumnAsync(Table));
        Assert.DoesNotContain("sort=", visit.Page.Url);
        Assert.Empty(visit.Troubles);
    }

    [Fact]
    public async Task The_keyboard_sorts_filters_and_closes_menus()
    {
        await using var visit = await browser.VisitAsync(Paths.Board);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Rank", Exact = true }).First.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Contains("sort=rank", visit.Page.Url);
        Assert.Contains("Sorted by Rank", await visit.Page.Locator("#status").TextContentAsync());
        var menu = visit.Page.Locator(".menu", new() { HasText = "Device" }).First;
        await menu.Locator("summary").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.Keyboard.PressAsync("Tab");
        await visit.Page.Keyboard.PressAsync("Space");
        Assert.Equal(["lif-mlp.v1.061dc7dd.arm64-emulated.t2"], await visit.FirstColumnAsync(Table));
        await visit.Page.Keyboard.PressAsync("Escape");
        Assert.Null(await menu.GetAttributeAsync("open"));
        Assert.Equal("Device: 1", await visit.Page.EvaluateAsync<string>("document.activeElement.textContent"));
    }

    [Fact]
    public async Task Search_and_chips_narrow_the_table_and_the_address_holds_them()
    {
        await using var visit = await browser.VisitAsync(Paths.Board);
        await visit.Page.GetByRole(AriaRole.Searchbox).First.FillAsync("depth");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "spiking", Exact = true }).First.ClickAsync();
        var rows = await visit.FirstColumnAsync(Table);
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.StartsWith("spikformer", row));
        Assert.Contains("3 of 14 rows", await visit.Page.Locator("#status").TextContentAsync());
        await using var again = await browser.VisitAsync(Paths.Board + new Uri(visit.Page.Url).Query);
        Assert.Equal(rows, await again.FirstColumnAsync(Table));
    }

    [Fact]
    public async Task A_link_holds_the_whole_view()
    {
        await using var visit = await browser.VisitAsync(Paths.Board
            + "?sort=-time.train@1&kind=spiking,ann&hide=macro_f1@1,rank&density=compact&theme=dark" +
            "&compare=lif-mlp.v1.061dc7dd.x64-2core-a1b2.t2,spikformer.v1.92cbf47d.x64-2core-a1b2.t2");
        Assert.StartsWith("spikformer.v1.92cbf47d", (await visit.FirstColumnAsync(Table))[0]);
        Assert.False(await visit.Page.Locator($"{Table} th[data-key='rank']").IsVisibleAsync());
        Assert.Equal("dark", await visit.Page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        Assert.Contains("compact", await visit.Page.Locator(Table).GetAttributeAsync("class"));
        var comparison = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Comparison" });
        Assert.Contains("LIF-MLP", await comparison.InnerTextAsync());
        Assert.Contains("×", await comparison.InnerTextAsync());
        await Shots.TakeAsync(visit.Page, Paths.Board, "view");
        Assert.Empty(visit.Troubles);
    }

    [Fact]
    public async Task Two_to_four_rows_can_be_compared_and_not_five()
    {
        await using var visit = await browser.VisitAsync(Paths.Board);
        var boxes = visit.Page.Locator($"{Table} tbody input[type=checkbox]");
        await boxes.Nth(0).CheckAsync();
        await boxes.Nth(3).CheckAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Compare 2 rows" }).ClickAsync();
        Assert.Equal(5, await visit.Page.Locator(".comparison thead th").CountAsync());
        await boxes.Nth(1).CheckAsync();
        await boxes.Nth(2).CheckAsync();
        await boxes.Nth(4).ClickAsync();
        Assert.False(await boxes.Nth(4).IsCheckedAsync());
        Assert.Contains("At most 4", await visit.Page.Locator("#status").TextContentAsync());
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Clear choice" }).ClickAsync();
        Assert.DoesNotContain("compare=", visit.Page.Url);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_long_board_sorts_over_all_of_its_pages_even_from_disk(bool fromDisk)
    {
        await using var visit = await browser.VisitAsync(Paths.Large, fromDisk: fromDisk);
        Assert.Equal(50, (await visit.FirstColumnAsync(Grid)).Count);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Accuracy", Exact = true }).First.ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Accuracy", Exact = true }).First.ClickAsync();
        await visit.Page.WaitForFunctionAsync("document.querySelector('#grid-mnist-v1 tbody tr').textContent.includes('width 0')");
        await visit.Page.GetByRole(AriaRole.Searchbox).First.FillAsync("grid-3@1");
        Assert.Equal(50, (await visit.FirstColumnAsync(Grid)).Count);
        await visit.Page.GetByRole(AriaRole.Searchbox).First.FillAsync("");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show 50 more" }).ClickAsync();
        Assert.Equal(100, (await visit.FirstColumnAsync(Grid)).Count);
        Assert.Empty(visit.Troubles);
    }

    [Fact]
    public async Task Without_scripts_a_long_board_goes_on_on_further_pages()
    {
        await using var visit = await browser.VisitAsync(Paths.Large, scripts: false);
        await visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages of this table" }).GetByText("8").ClickAsync();
        // The click returns when the page begins, not when it is whole.
        await Assertions.Expect(visit.Page.Locator($"{Grid} tbody tr")).ToHaveCountAsync(50);
        Assert.Contains("width 0", await visit.Page.Locator($"{Grid} tbody tr").Last.TextContentAsync());
    }

    [Fact]
    public async Task What_is_taken_along_is_what_is_shown()
    {
        await using var visit = await browser.VisitAsync(Paths.Board + "?q=logistic&sort=accuracy@1&hide=macro_f1@1");
        await visit.Page.Locator(".menu summary", new() { HasText = "Take along" }).First.ClickAsync();
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.GetByRole(AriaRole.Button,
            new() { Name = "This view as CSV" }).First.ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("family,rank,accuracy@1,speed.samples_per_second@1,", lines[0]);
        Assert.Contains("0.9202", lines[1]);
        Assert.Contains("0.9261", lines[2]);
    }

    [Fact]
    public async Task The_theme_is_remembered_from_page_to_page()
    {
        await using var visit = await browser.VisitAsync("index.html");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dark theme" }).ClickAsync();
        await visit.Page.GotoAsync(visit.Root + "about.html");
        Assert.Equal("dark", await visit.Page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        Assert.True(await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Light theme" }).IsVisibleAsync());
    }

    [Fact]
    public async Task The_search_over_all_runs_reads_parquet_in_the_browser()
    {
        await using var visit = await browser.VisitAsync("explore.html?family=logistic-regression@1&q=night-24");
        if (await visit.Page.Locator("#explorer").CountAsync() == 0) Assert.Skip("the program was built without npm, and the page says so");
        await visit.Page.WaitForSelectorAsync("#found tbody tr");
        Assert.Equal(1, await visit.Page.Locator("#found tbody tr").CountAsync());
        Assert.Contains("accuracy 92.0", await visit.Page.Locator("#found").InnerTextAsync());
        await Shots.TakeAsync(visit.Page, "explore.html", "found");
        await visit.Page.Locator("#found a").First.ClickAsync();
        await visit.Page.WaitForURLAsync("**/runs/*.html");
        Assert.Empty(visit.Troubles);
    }
}

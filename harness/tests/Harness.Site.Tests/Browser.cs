using Harness.Publishing.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using IPage = Microsoft.Playwright.IPage;

[assembly: AssemblyFixture(typeof(Harness.Site.Tests.Browser))]

namespace Harness.Site.Tests;

/// <summary>A published site, a server for it on the loopback address, and Debian's Chromium.</summary>
public sealed class Browser : IAsyncLifetime
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("harness-site-");
    WebApplication? server;
    IPlaywright? playwright;
    IBrowser? browser;
    string? missing;

    public string Folder => folder.FullName;
    public string Address { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var program = Cli.Chromium.ProgramOrNull();
        if (program is null)
        {
            missing = $"no Chromium: none of {string.Join(", ", Cli.Chromium.Programs)} is on the PATH, and HARNESS_CHROMIUM names none";
            return;
        }
        await new Publishing.Publisher { Fleet = World.Fleet, Quantities = World.Quantities,
            EnergyModels = [new World.Coefficients(0.5, 1, 3)] }.PublishAsync(World.Large, folder, CancellationToken.None);
        server = Serve(folder);
        await server.StartAsync();
        Address = server.Urls.First() + "/";
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A fresh page in its own context, with everything that must not happen watched.</summary>
    public async Task<Visit> VisitAsync(string path, ColorScheme theme = ColorScheme.Light, int width = 1280, bool scripts = true,
        bool fromDisk = false)
    {
        if (missing is not null) Assert.Skip(missing);
        var context = await browser!.NewContextAsync(new()
        {
            ColorScheme = theme, ViewportSize = new() { Width = width, Height = 900 }, JavaScriptEnabled = scripts, AcceptDownloads = true,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        var page = await context.NewPageAsync();
        var visit = new Visit(context, page, fromDisk ? $"file://{Folder}/" : Address);
        await page.GotoAsync(visit.Root + path);
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        if (server is not null) await server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    static WebApplication Serve(DirectoryInfo folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        site.UseFileServer(new FileServerOptions
        {
            FileProvider = new PhysicalFileProvider(folder.FullName), StaticFileOptions = { ServeUnknownFileTypes = true },
        });
        return site;
    }
}

/// <summary>One page under watch: console errors, exceptions and requests that leave the site.</summary>
public sealed class Visit : IAsyncDisposable
{
    readonly IBrowserContext context;
    readonly List<string> troubles = [];

    public Visit(IBrowserContext context, IPage page, string root)
    {
        (this.context, Page, Root) = (context, page, root);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") troubles.Add($"console {message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => troubles.Add($"exception: {error}");
        page.RequestFailed += (_, request) => troubles.Add($"failed: {request.Url} {request.Failure}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(root, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                troubles.Add($"left the site: {request.Url}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400) troubles.Add($"{response.Status}: {response.Url}");
        };
    }

    public IPage Page { get; }
    public string Root { get; }
    public IReadOnlyList<string> Troubles => troubles;

    /// <summary>The texts of the first column of a table, top to bottom, without the small print.</summary>
    public async Task<IReadOnlyList<string>> FirstColumnAsync(string table) =>
        await Page.EvaluateAsync<string[]>("table => [...document.querySelectorAll(`${table} > tbody > tr`)]" +
            ".map(row => row.dataset.row ?? row.cells[0].innerText)", table);

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}

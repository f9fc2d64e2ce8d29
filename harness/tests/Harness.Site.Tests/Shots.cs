using Microsoft.Playwright;
using IPage = Microsoft.Playwright.IPage;

namespace Harness.Site.Tests;

/// <summary>Pictures of every page, for people to look at, when HARNESS_SITE_SHOTS names a folder.</summary>
static class Shots
{
    public static async Task TakeAsync(IPage page, string path, string kind)
    {
        if (Environment.GetEnvironmentVariable("HARNESS_SITE_SHOTS") is not { Length: > 0 } folder) return;
        var name = Path.GetFileNameWithoutExtension(path.Replace('/', '_'));
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.{kind}.png"), FullPage = true });
    }
}

using System.Text;
using System.Text.Json;
using Harness.Publishing.Boards;

namespace Harness.Publishing;

/// <summary>The folder a site is written to. It removes only what an earlier publication listed as its own.</summary>
sealed class OutputFolder(DirectoryInfo folder)
{
    const string Inventory = "files.json";
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public async Task<Publication> WriteAsync(Site site, IReadOnlyList<Page> pages, CancellationToken cancellation)
    {
        Check(pages);
        folder.Create();
        var changed = 0;
        var workers = Math.Min(Environment.ProcessorCount, 8);
        await Parallel.ForEachAsync(pages.Chunk(Math.Max(1, pages.Count / (workers * 8))),
            new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, async (chunk, token) =>
            {
                await using var renderer = new Renderer(site);
                foreach (var page in chunk)
                    if (await StoreAsync(page.Path, await RenderAsync(page, renderer), token)) Interlocked.Increment(ref changed);
            });
        string[] files = [.. pages.Select(page => page.Path).Append(Inventory).Order(StringComparer.Ordinal)];
        var removed = await RemoveAsync(files, cancellation);
        if (await StoreAsync(Inventory, Utf8.GetBytes(CanonicalJson.Write(files)), cancellation)) changed++;
        return new Publication(new FileInfo(Full("index.html")), files, changed, removed);
    }

    static async Task<byte[]> RenderAsync(Page page, Renderer renderer)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        await page.WriteAsync(renderer, writer);
        return Utf8.GetBytes(writer.ToString());
    }

    async Task<bool> StoreAsync(string path, byte[] content, CancellationToken cancellation)
    {
        var file = new FileInfo(Full(path));
        if (file.Exists && file.Length == content.Length)
        {
            var present = await File.ReadAllBytesAsync(file.FullName, cancellation);
            if (present.AsSpan().SequenceEqual(content)) return false;
        }
        file.Directory!.Create();
        await File.WriteAllBytesAsync(file.FullName, content, cancellation);
        return true;
    }

    async Task<int> RemoveAsync(string[] files, CancellationToken cancellation)
    {
        var inventory = new FileInfo(Full(Inventory));
        if (!inventory.Exists) return 0;
        var earlier = JsonSerializer.Deserialize<string[]>(await File.ReadAllTextAsync(inventory.FullName, cancellation)) ?? [];
        var gone = earlier.Except(files, StringComparer.Ordinal).Where(Inside).Select(Full).Where(File.Exists).ToArray();
        foreach (var file in gone) File.Delete(file);
        return gone.Length;
    }

    void Check(IReadOnlyList<Page> pages)
    {
        if (pages.GroupBy(page => page.Path, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw new HarnessException($"Two pages of the site claim the path '{twice.Key}'; ids must differ by more than letter case. Rename one of them.");
        if (pages.FirstOrDefault(page => !Inside(page.Path) || page.Path == Inventory) is { } outside)
            throw new HarnessException($"The page path '{outside.Path}' is not a file inside the site, or is the site's own inventory; choose a relative path.");
    }

    bool Inside(string path) => !Path.IsPathRooted(path) && Full(path).StartsWith(Path.TrimEndingDirectorySeparator(folder.FullName) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    string Full(string path) => Path.GetFullPath(Path.Combine(folder.FullName, path));
}

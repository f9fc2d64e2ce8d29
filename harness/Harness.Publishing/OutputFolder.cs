using System.Text;
using Harness.Publishing.Boards;

namespace Harness.Publishing;

/// <summary>The folder a site is written to. It removes only what an earlier publication listed as its own.</summary>
sealed class OutputFolder(DirectoryInfo folder)
{
    /// <summary>So many pages share a renderer: it keeps what it rendered, and making one costs less than a page.</summary>
    const int PagesPerRenderer = 32;

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    readonly string _root = Path.TrimEndingDirectorySeparator(folder.FullName) + Path.DirectorySeparatorChar;

    public static StreamWriter Writer(Stream stream) => new(stream, Utf8, 4096, leaveOpen: true) { NewLine = "\n" };

    public async Task<Publication> WriteAsync(Site site, IReadOnlyList<Page> pages, string program, CancellationToken cancellation)
    {
        Check(pages);
        folder.Create();
        var earlier = Inventory.Read(Full(Inventory.FileName));
        Page[] due = [.. pages.AsParallel().AsOrdered().Where(page => !earlier.Has(page, program) || !File.Exists(Full(page.Path)))];
        foreach (var directory in due.Select(page => Path.GetDirectoryName(Full(page.Path))!)
            .Distinct()) Directory.CreateDirectory(directory);
        var changed = 0;
        await Parallel.ForEachAsync(due.Chunk(PagesPerRenderer),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation },
            async (chunk, token) => Interlocked.Add(ref changed, await RenderAsync(site, chunk, token)));
        var removed = Remove(earlier, pages);
        if (await StoreInventoryAsync(Inventory.Of(program, pages), cancellation)) changed++;
        string[] files = [.. pages.Select(page => page.Path).Append(Inventory.FileName).Order(StringComparer.Ordinal)];
        return new Publication(new FileInfo(Full("index.html")), files, changed, removed, pages.Count - due.Length);
    }

    async Task<int> RenderAsync(Site site, Page[] pages, CancellationToken cancellation)
    {
        await using var renderer = new Renderer(site);
        using var content = new MemoryStream();
        var changed = 0;
        foreach (var page in pages)
        {
            content.SetLength(0);
            await page.WriteAsync(renderer, content, cancellation);
            if (Store(page.Path, content.GetBuffer().AsSpan(0, (int)content.Length))) changed++;
        }
        return changed;
    }

    async Task<bool> StoreInventoryAsync(Inventory inventory, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        await using (var writer = Writer(content)) inventory.Write(writer);
        cancellation.ThrowIfCancellationRequested();
        return Store(Inventory.FileName, content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    bool Store(string path, ReadOnlySpan<byte> content)
    {
        var full = Full(path);
        if (Same(full, content)) return false;
        using var file = File.OpenHandle(full, FileMode.Create, FileAccess.Write, preallocationSize: 0);
        RandomAccess.Write(file, content, 0);
        return true;
    }

    static bool Same(string path, ReadOnlySpan<byte> content)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length == content.Length && content.SequenceEqual(File.ReadAllBytes(path));
    }

    int Remove(Inventory earlier, IReadOnlyList<Page> pages)
    {
        var kept = pages.Select(page => page.Path).ToHashSet(StringComparer.Ordinal);
        var gone = earlier.Files.Keys.Where(path => !kept.Contains(path) && Inside(path)).Select(Full).Where(File.Exists).ToArray();
        foreach (var file in gone) File.Delete(file);
        return gone.Length;
    }

    void Check(IReadOnlyList<Page> pages)
    {
        var seen = new HashSet<string>(pages.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var page in pages)
        {
            if (!seen.Add(page.Path))
                throw new HarnessException(
                    $"Two pages of the site claim the path '{page.Path}'; ids must differ by more than letter case. " +
                    "Rename one of them.");
            if (!Inside(page.Path) || page.Path == Inventory.FileName)
                throw new HarnessException($"The page path '{page.Path}' is not a file inside the site, or is the site's own inventory; " +
                    "choose a relative path.");
        }
    }

    bool Inside(string path) => !Path.IsPathRooted(path) && Full(path).StartsWith(_root, StringComparison.Ordinal);

    string Full(string path) => Path.GetFullPath(Path.Combine(_root, path));
}

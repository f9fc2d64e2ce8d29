namespace Harness.Datasets.Sources;

/// <summary>Makes a file by computation; its pinned hash shows that the computation has not changed.</summary>
/// <param name="generate">Writes the content of the file.</param>
sealed class GeneratorSource(Action<DataFile, Stream, CancellationToken> generate, DirectoryInfo cache) : IFileSource
{
    public ValueTask<Offer> OpenAsync(DataFile file, CancellationToken cancellation)
    {
        var path = FileStore.Locate(cache, file).FullName + ".generated";
        var content = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            generate(file, content, cancellation);
            content.Position = 0;
            return ValueTask.FromResult(Offer.Of("generator", content));
        }
        catch (DataUnavailableException missing)
        {
            content.Dispose();
            return ValueTask.FromResult(Offer.None("generator", missing.Message));
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }
}

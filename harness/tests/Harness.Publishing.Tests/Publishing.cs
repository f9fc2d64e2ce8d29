namespace Harness.Publishing.Tests;

/// <summary>The world, published once for all tests that only read it.</summary>
public sealed class Publishing : IAsyncLifetime
{
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("harness-site-");
    public Publication Publication { get; private set; } = null!;
    public IEnumerable<string> Pages => Publication.Files.Where(file => file.EndsWith(".html", StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        var kept = Environment.GetEnvironmentVariable("HARNESS_SITE_PREVIEW");
        if (kept is not null) await Publish(World.View, new DirectoryInfo(kept));
        Publication = await Publish(World.View, Folder);
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Folder.FullName, path));

    public static Task<Publication> Publish(ResultView view, DirectoryInfo folder) =>
        new Publisher { Fleet = World.Fleet, Quantities = World.Quantities, EnergyModels = [
            new World.Coefficients(0.5, 1, 3) { AcHigh = 9 }, new World.Coefficients(1, 1, 1, "energy.exact")] }
            .PublishAsync(view, folder, TestContext.Current.CancellationToken);

    public static void AssertSame(DirectoryInfo one, DirectoryInfo other, IEnumerable<string> files)
    {
        foreach (var file in files)
            Assert.True(File.ReadAllBytes(Path.Combine(one.FullName, file)).AsSpan()
                .SequenceEqual(File.ReadAllBytes(Path.Combine(other.FullName, file))), $"{file} differs");
    }

    public ValueTask DisposeAsync()
    {
        Folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}

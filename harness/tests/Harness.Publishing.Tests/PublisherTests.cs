namespace Harness.Publishing.Tests;

public sealed class PublisherTests(Publishing site) : IClassFixture<Publishing>
{
    [Fact]
    public async Task The_same_results_give_the_same_bytes()
    {
        var again = Directory.CreateTempSubdirectory("harness-site-");
        var shuffled = World.View with { Runs = [.. World.View.Runs.Reverse()] };
        var publication = await Publishing.Publish(shuffled, again);
        Assert.Equal(site.Publication.Files, publication.Files);
        foreach (var file in publication.Files)
            Assert.Equal(site.Read(file), await File.ReadAllTextAsync(Path.Combine(again.FullName, file),
                TestContext.Current.CancellationToken));
        again.Delete(recursive: true);
    }
}

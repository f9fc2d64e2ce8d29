using System.Text.Json;
using Harness.Publishing.Reports;

namespace Harness.Publishing.Tests;

public sealed class MetadataTests(Publishing site) : IClassFixture<Publishing>
{
    static HashSet<string> Terms(string fixture) => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", fixture))
        .Where(line => line.Length > 0 && line[0] != '#')];

    [Fact]
    public void Croissant_metadata_has_every_required_property_and_only_known_ones()
    {
        var terms = Terms("croissant-1.1-terms.txt");
        using var document = JsonDocument.Parse(site.Read("datasets/mnist.v1.croissant.json"));
        var root = document.RootElement;
        foreach (var property in new[] { "@context", "@type", "conformsTo", "name", "description", "license", "url", "creator" })
            Assert.True(root.TryGetProperty(property, out _), property);
        Assert.Equal("http://mlcommons.org/croissant/1.1", root.GetProperty("conformsTo").GetString());
        Assert.All(Names(root, "@context"), name => Assert.Contains(name, terms));
        var context = root.GetProperty("@context").EnumerateObject().Select(term => term.Name).ToHashSet();
        Assert.Superset(new HashSet<string> { "cr", "sc", "dct", "conformsTo", "citeAs", "@vocab" }, context);
        foreach (var file in root.GetProperty("distribution").EnumerateArray())
        {
            Assert.Equal("cr:FileObject", file.GetProperty("@type").GetString());
            Assert.True(file.TryGetProperty("sha256", out var hash) || file.TryGetProperty("md5", out hash));
            Assert.Matches("^[0-9a-f]{32,64}$", hash.GetString());
            Assert.DoesNotContain("javascript", file.GetRawText());
        }
    }

    [Fact]
    public void A_packed_address_is_not_said_to_have_the_hash_of_its_content()
    {
        using var document = JsonDocument.Parse(site.Read("datasets/mnist.v1.croissant.json"));
        var file = document.RootElement.GetProperty("distribution")[0];
        Assert.Equal("train-images-idx3-ubyte", file.GetProperty("contentUrl").GetString());
        Assert.Equal("https://example.org/train.gz", file.GetProperty("isBasedOn").GetString());
    }

    [Fact]
    public async Task A_crate_has_its_descriptor_known_terms_and_no_dangling_reference()
    {
        var terms = Terms("ro-crate-1.3-terms.txt");
        var folder = Directory.CreateTempSubdirectory("harness-report-");
        await new Report(ClaimTests.Set, World.View.Runs, World.View.At).WriteAsync(folder, run => $"repeat {run.RunId}",
            TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "ro-crate-metadata.json"),
            TestContext.Current.CancellationToken));
        Assert.Equal("https://w3id.org/ro/crate/1.3/context", document.RootElement.GetProperty("@context")[0].GetString());
        var graph = document.RootElement.GetProperty("@graph").EnumerateArray().ToList();
        var ids = graph.Select(entity => entity.GetProperty("@id").GetString()!).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        var descriptor = graph.Single(entity => entity.GetProperty("@id").GetString() == "ro-crate-metadata.json");
        Assert.Equal("https://w3id.org/ro/crate/1.3", descriptor.GetProperty("conformsTo").GetProperty("@id").GetString());
        foreach (var entity in graph)
        {
            Assert.All(Names(entity), name => Assert.Contains(name, terms));
            foreach (var reference in References(entity))
                Assert.True(ids.Contains(reference) || reference.StartsWith("http", StringComparison.Ordinal), reference);
            if (entity.GetProperty("@type").GetString() == "File")
                Assert.True(File.Exists(Path.Combine(folder.FullName, entity.GetProperty("@id").GetString()!)), entity.GetRawText());
            if (entity.GetProperty("@type").GetString() != "CreateAction") continue;
            Assert.True(entity.TryGetProperty("instrument", out _) && entity.TryGetProperty("result", out _));
        }
        folder.Delete(recursive: true);
    }

    static IEnumerable<string> Names(JsonElement element, string? except = null) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name == except ? [member.Name]
            : Names(member.Value).Prepend(member.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Names(item)),
        _ => [],
    };

    static IEnumerable<string> References(JsonElement entity) => entity.EnumerateObject().Where(member => member.Name is not "@id")
        .SelectMany(member => member.Value.ValueKind switch
        {
            JsonValueKind.Object => [member.Value.GetProperty("@id").GetString()!],
            JsonValueKind.Array => member.Value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item =>
                item.GetProperty("@id").GetString()!),
            _ => Array.Empty<string>(),
        });
}

using System.Text.Json;
using Harness.Core.Registry;
using Harness.Testing;

namespace Harness.Core.Tests.Registry;

public sealed class CatalogueTests
{
    [Fact]
    public void Everything_that_suites_list_is_found_by_id_and_by_version()
    {
        var catalogue = Toys.Catalogue;
        Assert.Equal(["toys", "pairs"], catalogue.Suites.Select(suite => suite.Id));
        Assert.Equal(["toys/parity", "pairs/left", "pairs/right"], catalogue.Benchmarks.Select(benchmark => benchmark.Path));
        Assert.Equal("evens@2", catalogue.Dataset("evens").Card.Protocol);
        Assert.Same(catalogue.Dataset("evens"), catalogue.Dataset("evens@2"));
        Assert.Equal("plain@3", catalogue.Family("plain").Reference);
        Assert.Equal(("toys", "parity"), (catalogue.Family("plain@3").Suite, catalogue.Family("plain@3").Benchmark));
        Assert.True(catalogue.Metric("parity-accuracy").Primary);
        Assert.Equal(13, catalogue.Family("toy").Parameters.Count);
    }

    [Fact]
    public void Only_the_first_metric_is_primary()
    {
        var benchmark = Toys.Parity() with { Metrics = [new ParityAccuracy(), new Renamed("other", 1)] };
        Assert.Equal([true, false], new Catalogue([new("s", "S", [benchmark])]).Metrics.Select(metric => metric.Primary));
    }

    [Theory]
    [InlineData("evnes", "evens", "numbers, evens")]
    [InlineData("evens@1", "evens@2", "numbers@1, evens@2")]
    [InlineData("something-else", null, "numbers, evens")]
    public void An_unknown_dataset_names_the_nearest_and_all_there_are(string reference, string? nearest, string known)
    {
        var error = Assert.Throws<UnknownNameException>(() => Toys.Catalogue.Benchmark("toys", "parity").Dataset(reference));
        Assert.Equal((reference, nearest, known), (error.Name, error.Nearest, string.Join(", ", error.Known)));
        Assert.Equal($"no dataset '{reference}' in benchmark toys/parity", error.Problem);
        Assert.Contains(known, error.Message);
    }

    [Fact]
    public void Every_kind_of_unknown_name_is_an_error_of_its_own_kind()
    {
        var catalogue = Toys.Catalogue;
        Assert.Contains("No suite 'toy' in the catalogue. Did you mean 'toys'?", Unknown(() => catalogue.Suite("toy")));
        Assert.Contains("No benchmark 'lefd' in suite pairs. Did you mean 'left'?", Unknown(() => catalogue.Benchmark("pairs", "lefd")));
        Assert.Contains("No dataset 'number' in the catalogue.", Unknown(() => catalogue.Dataset("number")));
        Assert.Contains("No family 'plian' in the catalogue. Did you mean 'plain'?", Unknown(() => catalogue.Family("plian")));
        Assert.Contains("No family 'toy@2' in benchmark toys/parity.",
            Unknown(() => catalogue.Benchmark("toys", "parity").Family("toy@2")));
        Assert.Contains("No metric 'accuracy' in the catalogue.", Unknown(() => catalogue.Metric("accuracy")));
        Assert.Contains("there is none", Unknown(() => new Catalogue([]).Suite("x")));
    }

    [Fact]
    public void What_is_listed_twice_or_in_two_versions_is_refused_all_at_once()
    {
        var twice = Toys.Parity() with { Families = [new Plain(), new Plain()], Metrics = [] };
        var other = Toys.Parity("other") with { Datasets = [Toys.Dataset("evens", 3)] };
        var error = Assert.Throws<CatalogueException>(() => new Catalogue([new("s", "S", [twice, twice, other]), new("s", "S", [])]));
        Assert.Equal(
        [
            "suite 's' is listed 2 times in the catalogue", "benchmark 'parity' is listed 2 times in suite s",
            "family 'plain' is listed 2 times in benchmark s/parity", "family 'plain' is listed 2 times in benchmark s/parity",
            "dataset 'evens' is listed with 2 different versions", "benchmark s/parity lists no metric",
                "benchmark s/parity lists no metric",
        ], error.Problems);
        Assert.All(error.Problems, problem => Assert.Contains(problem, error.Message));
    }

    [Fact]
    public void A_trial_finds_its_dataset_and_its_bound_family()
    {
        var parts = Toys.Parity().PartsOf(Trial("""{"width":32}"""));
        Assert.Equal("evens@2", parts.Dataset.Card.Protocol);
        Assert.Equal(32, ((Toy)parts.Family).Width);
    }

    [Fact]
    public void A_trial_of_another_version_or_with_a_wrong_knob_is_refused()
    {
        var benchmark = Toys.Parity();
        var trial = Trial("{}");
        Assert.Contains("evens@2", Unknown(() => benchmark.PartsOf(trial with { Protocol = "evens@1" })));
        Assert.Contains("toy@1", Unknown(() => benchmark.PartsOf(trial with { Family = "toy@9" })));
        Assert.Throws<ConfigurationException>(() => benchmark.PartsOf(Trial("""{"width":0}""")));
    }

    [Theory]
    [InlineData("spikfromer", "spikformer")]
    [InlineData("SPIKFORMER", "spikformer")]
    [InlineData("spikforme", "spikformer")]
    [InlineData("sipkformer", "spikformer")]
    [InlineData("kmeans", "k-means")]
    [InlineData("transformer", null)]
    [InlineData("", null)]
    public void A_slip_of_the_finger_has_a_nearest_name_and_another_word_has_none(string word, string? nearest) =>
        Assert.Equal(nearest, NearestName.OrNull(word, ["k-means", "spikformer", "majority-class"]));

    [Fact]
    public void Of_two_names_as_near_the_first_by_letter_is_taken_and_of_none_none()
    {
        Assert.Equal("lif-a", NearestName.OrNull("lif-x", ["lif-b", "lif-a"]));
        // Swapped neighbours are one slip, as a wrong letter is.
        Assert.Equal("lif", NearestName.OrNull("lfi", ["lri", "lif"]));
        Assert.Null(NearestName.OrNull("lif", []));
        Assert.Null(NearestName.OrNull("a", ["b"]));
    }

    sealed class Renamed(string id, int version) : IMetric<Number, ParityPrediction>
    {
        public MetricCard Card => new(id, version, id, "1", Direction.Higher) { Definition = "As accuracy." };
        public ITally<Number, ParityPrediction> Begin() => new ParityAccuracy().Begin();
    }

    static Trial Trial(string configuration) =>
        new("toys", "parity", "evens@2", "toy@1", JsonSerializer.Deserialize<JsonElement>(configuration), 1, "cpu", 1);

    static string Unknown(Action look) => Assert.Throws<UnknownNameException>(look).Message;
}

using System.Text.RegularExpressions;

namespace Harness.Datasets.Tests;

/// <summary>What every protocol must say of itself.</summary>
public sealed partial class StandardDatasetTests
{
    static readonly IReadOnlyList<DatasetCard> Cards = [.. StandardDatasets.All.Select(dataset => dataset.Card)];

    [Fact]
    public void An_id_names_one_protocol() =>
        Assert.Empty(Cards.CountBy(card => card.Id).Where(count => count.Value > 1).Select(count => count.Key));

    [Fact]
    public void Every_card_names_licence_citation_axes_with_type_and_unit_and_how_it_is_split() => Assert.All(Cards, card =>
    {
        Assert.NotEmpty(card.Title);
        Assert.NotEmpty(card.Licence);
        Assert.NotEmpty(card.Citation);
        Assert.NotEmpty(card.SplitRule);
        Assert.Matches(Axes(), card.Encoding); // e.g. "uint8 [1, 28, 28], intensity 0..255"
        Assert.All(card.Metrics ?? [], metric => Assert.Matches(Metric(), metric));
    });

    /// <summary>Results of a version 0 are compared with nobody's: some file of it could be another one tomorrow.</summary>
    [Fact]
    public void A_card_has_version_0_where_a_file_is_not_pinned_and_cannot_be_made()
    {
        var generated = new[] { "lra-pathfinder-gen", "lra-pathx-gen" }; // drawn here from seeds; no file comes from elsewhere
        Assert.All(Cards.Where(card => !generated.Contains(card.Id)), card =>
            Assert.True(card.Version == 0 == card.Files.Any(file => file.Hash is null), $"{card.Protocol} has {card.Files.Count} files"));
    }

    [Fact]
    public void A_file_lies_in_a_folder_of_its_own_and_one_name_means_one_content()
    {
        var files = Cards.SelectMany(card => card.Files).ToList();
        Assert.All(files, file => Assert.Matches(@"^[a-z0-9A-Z-]+/[^/].*$", file.Name));
        Assert.All(files, file => Assert.True(file.Hash is null || Hash().IsMatch(file.Hash), $"{file.Name} {file.Hash}"));
        Assert.All(files.GroupBy(file => file.Name), same => Assert.Single(same.Select(file => (file.Bytes, file.Hash)).Distinct()));
    }

    [Fact]
    public void A_variant_names_a_protocol_that_there_is() => Assert.All(Cards.Where(card => card.VariantOf is not null), card =>
        Assert.Contains(card.VariantOf, Cards.Select(other => other.Protocol)));

    [Fact]
    public void A_variant_says_in_what_it_differs() => Assert.All(Cards.Where(card => card.VariantOf is not null), card =>
    {
        Assert.NotEqual(Facts(Cards.Single(other => other.Protocol == card.VariantOf)), Facts(card));

        static string Facts(DatasetCard card) => string.Join('|', card.Encoding, card.SplitRule, card.Tolerance, card.Roles,
            string.Join(',', card.Files.Select(file => file.Name)), string.Join(',', card.Parameters?.Select(pair => $"{pair}") ?? []));
    });

    [Fact]
    public void Everything_the_mission_names_is_there()
    {
        string[] named =
        [
            "shd", "ssc", "shd-like", "shd-like-speaker", "shd-like-espeak", "shd-adding", "lra-listops", "lra-text", "lra-retrieval",
            "lra-image", "lra-pathfinder", "lra-pathx", "lra-listops-gen", "lra-pathfinder-gen", "lra-pathx-gen", "imdb-10k", "cifar10",
            "cifar10-jpeg", "fisbe", "fisbe-completely", "fisbe-crop", "fisbe-synth", "fisbe-synth-swc", "mnist", "fashion-mnist",
            "nmnist", "dvs-recordings", "smnist", "psmnist", "mnist-splits", "nordland-64x32", "nordland-t1", "nordland-t2",
            "nordland-t10", "tiny-shakespeare", "wikitext-2", "stories260k", "llama-vocabulary", "iris", "gagolews-fcps-hepta",
            "hemibrain-da1", "celegans-varshney", "celegans-calcium", "zebrafish-calcium", "mea-retinal-waves", "darcy-16", "burgers-16",
        ];
        Assert.Empty(named.Except(Cards.Select(card => card.Id)));
    }

    [GeneratedRegex(@"\[.*\]")] private static partial Regex Axes();
    [GeneratedRegex(@"^[a-z0-9-]+@[0-9]+$")] private static partial Regex Metric();
    [GeneratedRegex(@"^(md5:[0-9a-f]{32}|sha256:[0-9a-f]{64})$")] private static partial Regex Hash();
}

using System.Text.Json;
using Harness.Publishing.Text;

namespace Harness.Publishing.Downloads;

/// <summary>
/// A dataset protocol as Croissant 1.1 metadata (MLCommons). Hashes are of the decompressed content, so an address of a packed file is
/// given
/// as what the file is based on, and the file itself by its name.
/// </summary>
static class Croissant
{
    static readonly JsonSerializerOptions Indented = new(CanonicalJson.Options) { WriteIndented = true };
    static readonly string[] Packed = [".gz", ".zip", ".tgz", ".tar", ".bz2", ".xz"];

    static readonly (string Term, string Meaning)[] Terms =
    [
        ("@language", "en"), ("@vocab", "https://schema.org/"), ("citeAs", "cr:citeAs"), ("column", "cr:column"), ("conformsTo",
            "dct:conformsTo"),
        ("containedIn", "cr:containedIn"), ("cr", "http://mlcommons.org/croissant/"), ("dct", "http://purl.org/dc/terms/"), ("extract",
            "cr:extract"),
        ("field", "cr:field"), ("fileObject", "cr:fileObject"), ("fileSet", "cr:fileSet"), ("md5", "cr:md5"), ("recordSet", "cr:recordSet"),
        ("sc", "https://schema.org/"), ("source", "cr:source"),
    ];

    public static void Write(DatasetCard card, TextWriter writer) => writer.Write(JsonSerializer.Serialize(Metadata(card), Indented));

    static Dictionary<string, object> Metadata(DatasetCard card)
    {
        var metadata = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["@context"] = Terms.ToDictionary(term => term.Term, term => term.Meaning),
            ["@type"] = "sc:Dataset",
            ["conformsTo"] = "http://mlcommons.org/croissant/1.1",
            ["name"] = card.Protocol,
            ["description"] = $"{card.Title}. Samples: {card.Encoding}. Split: {card.SplitRule}." + (card.StandIn
                ? " A stand-in for the dataset of that name." : "") +
                (card.Files.Count == 0 ? " Its samples are generated from the protocol." : ""),
            ["license"] = card.Licence,
            ["citeAs"] = card.Citation,
            ["creator"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["@type"] = "Organization",
                ["name"] = $"See the citation: {card.Citation}" },
            ["url"] = Words.WebAddressOrNull(card.Files.Select(file => file.Url).FirstOrDefault(url =>
                url is not null)) ?? $"urn:harness:dataset:{Slug.Of(card.Protocol)}",
            ["version"] = $"{card.Version}.0.0",
            ["distribution"] = card.Files.Select(Distribution).ToArray(),
        };
        if (card.Counts.Count > 0) metadata["size"] = string.Join(", ", card.Counts.OrderBy(pair => pair.Key).Select(pair =>
            $"{pair.Key.ToString().ToLowerInvariant()} {pair.Value}"));
        return metadata;
    }

    static Dictionary<string, object> Distribution(DataFile file)
    {
        var address = Words.WebAddressOrNull(file.Url);
        var packed = address is null || Packed.Any(ending => new Uri(address).AbsolutePath.EndsWith(ending,
            StringComparison.OrdinalIgnoreCase));
        var entity = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["@type"] = "cr:FileObject", ["@id"] = file.Name, ["name"] = file.Name, ["contentUrl"] = packed ? file.Name : address!,
            ["encodingFormat"] = "application/octet-stream",
        };
        // What the publisher does not state is left out, not invented.
        if (file.Bytes is { } bytes) entity["contentSize"] = $"{bytes} B";
        if (file.Hash?.Split(':', 2) is [var algorithm, var hash]) entity[algorithm] = hash;
        if (packed && address is not null) entity["isBasedOn"] = address;
        return entity;
    }
}

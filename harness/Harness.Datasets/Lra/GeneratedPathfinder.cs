using System.Buffers.Binary;
using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Lra;

/// <summary>
/// Pathfinder images drawn here by the published procedure and parameters, with our own seeds and rasteriser, so its ids are not those of
/// the official files. Fetching draws them once into the cache.
/// </summary>
public sealed class GeneratedPathfinder : IDataset<TokenSequence>
{
    readonly PathfinderParameters _parameters;

    GeneratedPathfinder(string id, string title, PathfinderParameters parameters, int train, int held, IReadOnlyList<DataFile> files)
    {
        _parameters = parameters;
        Card = new(id, 1, title)
        {
            Licence = "CC0-1.0 (generated; the task is Long Range Arena's)",
            Citation = "Linsley, Kim, Veerabadran, Windolf, Serre: Learning long-range spatial dependencies with horizontal gated "
                + "recurrent units, NeurIPS 2018; Tay et al.: Long Range Arena, ICLR 2021",
            Encoding = $"token ids [{parameters.Side * parameters.Side} position], gray value 0..255 of each pixel, row by row; "
                + "class 1: both markers on one snake",
            SplitRule = "generated: each part is a stream of its own, SplitMix64 seeds 1 (train), 2 (validation), 3 (test)",
            Classes = 2, StandIn = true, Metrics = ["accuracy@1"],
            Counts = new Dictionary<Split, int> { [Split.Train] = train, [Split.Validation] = held, [Split.Test] = held },
            Files = files,
            Parameters = Describe(parameters),
        };
    }

    /// <summary>32 × 32 pixels, 1024 tokens.</summary>
    public static GeneratedPathfinder Of32 { get; } = new("lra-pathfinder-gen", "Pathfinder 32 × 32, generated", PathfinderParameters.Of32,
        20_000, 2000,
    [
        new("lra/pathfinder32-gen-train.idx", 12 + 20_000L * 1025, null),
        new("lra/pathfinder32-gen-validation.idx", 12 + 2000L * 1025, null),
        new("lra/pathfinder32-gen-test.idx", 12 + 2000L * 1025, null),
    ]);

    /// <summary>128 × 128 pixels, 16 384 tokens.</summary>
    public static GeneratedPathfinder Of128 { get; } = new("lra-pathx-gen", "Pathfinder 128 × 128, generated", PathfinderParameters.Of128,
        2000, 250,
    [
        new("lra/pathfinder128-gen-train.idx", 12 + 2000L * 16_385, null),
        new("lra/pathfinder128-gen-validation.idx", 12 + 250L * 16_385, null),
        new("lra/pathfinder128-gen-test.idx", 12 + 250L * 16_385, null),
    ]);

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation, generate: Generate);

    public IEnumerable<TokenSequence> Read(DirectoryInfo cache, Split split)
    {
        var pixels = _parameters.Side * _parameters.Side;
        var file = Card.Files[(int)split];
        var records = Idx.Read(FileStore.Require(cache, file), rank: 2);
        if (records.Shape[1] != 1 + pixels) throw new DataFormatException(file.Name,
            $"its records have {records.Shape[1]} bytes where {1 + pixels} are expected");
        for (var i = 0; i < records.Shape[0]; i++)
        {
            var record = records.Values.Slice(i * (1 + pixels), 1 + pixels);
            yield return new(Tokens(record.Span[1..]), record.Span[0]);
        }
    }

    void Generate(DataFile file, Stream target, CancellationToken cancellation)
    {
        var split = (Split)Card.Files.ToList().IndexOf(file);
        var (count, side) = (Card.Counts[split], _parameters.Side);
        Span<byte> header = [0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header[4..], count);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], 1 + side * side);
        target.Write(header);
        var painter = new PathfinderPainter(_parameters, new Chance(1UL + (ulong)split));
        for (var i = 0; i < count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var image = painter.Paint();
            target.WriteByte((byte)image.Label);
            target.Write(image.Pixels);
        }
    }

    static int[] Tokens(ReadOnlySpan<byte> pixels)
    {
        var tokens = new int[pixels.Length];
        for (var i = 0; i < tokens.Length; i++) tokens[i] = pixels[i];
        return tokens;
    }

    static Dictionary<string, string> Describe(PathfinderParameters parameters)
    {
        return new()
        {
            ["window"] = $"{parameters.Side} × {parameters.Side}, padding {parameters.Padding}",
            ["contour"] = $"2 of {parameters.ContourLength} paddles, seed distance {parameters.SeedDistance}, continuity "
                + $"{parameters.Continuity}",
            ["paddle"] = $"length {parameters.PaddleLength}, thickness {parameters.PaddleThickness}, margin "
                + $"{string.Join(" or ", parameters.Margins)}",
            ["distractors"] = $"{parameters.Distractors} of {parameters.DistractorLength} paddles",
            ["marker"] = $"radius {parameters.MarkerRadius}",
        };
    }
}

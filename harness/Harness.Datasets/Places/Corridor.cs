using System.Globalization;

namespace Harness.Datasets.Places;

/// <summary>
/// A generated corridor: one long texture, walked along in several seasons. A season has its own light and its own texture over the common
/// one; each image has noise of its own, and some have something in the way.
/// </summary>
public sealed class Corridor : IDataset<PlaceImage>
{
    const int Height = 32, Width = 64, Stride = 24;
    const int Octaves = 4, LargestCell = 32;
    const double Noise = 12, Occluded = 0.3;
    const int Blocked = 16;
    const ulong ViewSeed = 5;

    static readonly string[] Learned = ["spring", "autumn"];
    const string Asked = "summer";

    readonly int _places;
    readonly double _own;

    /// <param name="own">Share of a season's texture that is its own.</param>
    Corridor(string id, int places, double own)
    {
        (_places, _own) = (places, own);
        Card = new(id, 1, string.Create(CultureInfo.InvariantCulture, $"Generated corridor, {places} places"))
        {
            Licence = "generated: no licence needed",
            Citation = "this harness",
            Encoding = string.Create(CultureInfo.InvariantCulture, $"uint8 [{Height} row, {Width} column], gray 0..255; label: place along "
                + $"the corridor, {Stride} pixels apart"),
            SplitRule = "train: every place once in each learned season; validation and test: every place in the asked season, with noise "
                + "and occlusions of their own",
            Roles = $"reference (learned): {string.Join(", ", Learned)}; query (asked): {Asked}",
            Tolerance = "none: the same place",
            Classes = places,
            Axes = [new("row", Height), new("column", Width)],
            Metrics = ["recall-at-1@1"],
            Counts = new Dictionary<Split, int>
            {
                [Split.Train] = places * Learned.Length, [Split.Validation] = places, [Split.Test] = places,
            },
            Parameters = new Dictionary<string, string>
            {
                ["own-texture"] = own.ToString(CultureInfo.InvariantCulture),
                ["noise"] = string.Create(CultureInfo.InvariantCulture, $"normal, deviation {Noise}"),
                ["occlusion"] = string.Create(CultureInfo.InvariantCulture, $"{Occluded} of the images, {Blocked} × {Blocked} pixels"),
            },
        };
    }

    /// <summary>200 places, two seasons learned, a third asked.</summary>
    public static Corridor Of200 { get; } = new("corridor-200", 200, own: 0.35);

    public DatasetCard Card { get; }

    /// <summary>Nothing is fetched: the corridor is computed.</summary>
    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => ValueTask.CompletedTask;

    public IEnumerable<PlaceImage> Read(DirectoryInfo cache, Split split)
    {
        var chance = Chance.Of(split);
        var length = (_places - 1) * Stride + Width;
        var common = Texture(length, new Chance(ViewSeed));
        foreach (var season in split == Split.Train ? Learned : [Asked])
        {
            var number = Array.IndexOf([.. Learned, Asked], season) + 1;
            var own = new Chance(ViewSeed + (ulong)number);
            var texture = Texture(length, own);
            var (gain, light) = (60 + 30 * own.Unit(), 110 + 40 * own.Unit());
            for (var place = 0; place < _places; place++)
                yield return new(View(place, length, common, texture, gain, light, chance), Height, Width, place, season, place);
        }
    }

    byte[] View(int place, int length, double[] common, double[] texture, double gain, double light, Chance chance)
    {
        var pixels = new byte[Height * Width];
        for (var row = 0; row < Height; row++)
            for (var column = 0; column < Width; column++)
            {
                var at = row * length + place * Stride + column;
                var seen = Math.Sqrt(1 - _own) * common[at] + Math.Sqrt(_own) * texture[at];
                pixels[row * Width + column] = (byte)Math.Clamp(Math.Round(light + gain * seen + Noise * chance.Normal()), 0, 255);
            }
        var (hidden, top, left, gray) = (chance.Unit() < Occluded, chance.Below(Height - Blocked + 1), chance.Below(Width - Blocked + 1),
            (byte)chance.Below(256));
        if (hidden)
            for (var row = top; row < top + Blocked; row++) pixels.AsSpan(row * Width + left, Blocked).Fill(gray);
        return pixels;
    }

    /// <summary>[row, column] of variance 1: lattices of normal numbers, interpolated; a finer octave has half of the variance.</summary>
    static double[] Texture(int length, Chance chance)
    {
        var values = new double[Height * length];
        for (var octave = 0; octave < Octaves; octave++)
        {
            var (cell, weight) = (LargestCell >> octave, Math.Pow(0.5, octave / 2.0));
            var columns = length / cell + 2;
            double[] lattice = [.. Enumerable.Range(0, (Height / cell + 2) * columns).Select(_ => chance.Normal())];
            for (var row = 0; row < Height; row++)
                for (var column = 0; column < length; column++)
                {
                    var (down, across) = (row % cell / (double)cell, column % cell / (double)cell);
                    var corner = row / cell * columns + column / cell;
                    var above = lattice[corner] + across * (lattice[corner + 1] - lattice[corner]);
                    corner += columns;
                    var below = lattice[corner] + across * (lattice[corner + 1] - lattice[corner]);
                    values[row * length + column] += weight * (above + down * (below - above));
                }
        }
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => Math.Pow(value - mean, 2)));
        return Array.ConvertAll(values, value => (value - mean) / deviation);
    }
}

using System.Globalization;

namespace Harness.Datasets.Events;

/// <summary>
/// Textures that move at one velocity, seen by a simulated event camera: the class is the direction and the speed. How many events there
/// are says little, as contrasts are drawn from a range as wide as what the speeds differ by.
/// </summary>
public sealed class MovingTextures : IDataset<FrameImages>
{
    const int Polarities = 2;
    /// <summary>Steps before the recording, in which the camera forgets where it started.</summary>
    const int Settling = 20;
    const double Threshold = 0.5, LeastContrast = 0.7, ContrastRange = 2;

    static readonly double[] Speeds = [0.5, 1];

    readonly int _side, _steps, _directions;

    MovingTextures(string id, int side, int steps, int directions, int train, int validation, int test)
    {
        (_side, _steps, _directions) = (side, steps, directions);
        var classes = directions * Speeds.Length;
        Card = new(id, 1, string.Create(CultureInfo.InvariantCulture,
            $"Moving textures, {directions} directions at {Speeds.Length} speeds"))
        {
            Licence = "generated: no licence needed",
            Citation = "this harness; after Grimaldi, Perrinet: Learning heterogeneous delays in a layer of spiking neurons for fast "
                + "motion detection, Biological Cybernetics 2023, whose movies are of natural images",
            Encoding = string.Create(CultureInfo.InvariantCulture, $"uint8 [{steps} step, {Polarities} polarity (off, on), {side} row, "
                + $"{side} column], 1 where the log intensity moved by {Threshold} since the pixel's last event, otherwise 0"),
            SplitRule = "generated: each split is a stream of its own, SplitMix64 seeds 1 (train), 2 (validation), 3 (test); class "
                + "k of recording n is n modulo the number of classes",
            Classes = classes,
            Axes = [new("step", steps), new("polarity", Polarities), new("row", side), new("column", side)],
            Metrics = ["position-accuracy@1", "step-accuracy@1"],
            StandIn = true,
            Counts = new Dictionary<Split, int> { [Split.Train] = train, [Split.Validation] = validation, [Split.Test] = test },
            Parameters = new Dictionary<string, string>
            {
                ["texture"] = "amplitude 1/f, up to half a cycle a pixel",
                ["speeds"] = string.Join(", ", Speeds.Select(speed => speed.ToString(CultureInfo.InvariantCulture))) + " pixels a step",
                ["contrast"] = string.Create(CultureInfo.InvariantCulture,
                    $"{LeastContrast} to {LeastContrast * ContrastRange} standard deviations, evenly in the logarithm"),
            },
        };
    }

    /// <summary>48 × 48 pixels, 60 steps, 8 directions at 2 speeds.</summary>
    public static MovingTextures Of16 { get; } = new("moving-textures-synthetic", 48, 60, 8, train: 256, validation: 32, test: 64);

    public DatasetCard Card { get; }

    /// <summary>Pixels a step of a class, downwards and to the right.</summary>
    public static (double Down, double Right) Velocity(int label, int directions)
    {
        var angle = 2 * Math.PI * (label % directions) / directions;
        var speed = Speeds[label / directions];
        return (speed * Math.Sin(angle), speed * Math.Cos(angle));
    }

    /// <summary>Nothing is fetched: the recordings are computed.</summary>
    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => ValueTask.CompletedTask;

    public IEnumerable<FrameImages> Read(DirectoryInfo cache, Split split)
    {
        var chance = Chance.Of(split);
        for (var made = 0; made < Card.Counts[split]; made++) yield return Record(made % Card.Classes, chance);
    }

    // The change of a pixel's log intensity is added up; where it reaches the threshold there is an event, which takes the threshold off.
    FrameImages Record(int label, Chance chance)
    {
        var texture = new Texture(chance);
        var contrast = LeastContrast * Math.Pow(ContrastRange, chance.Unit());
        var (down, right) = Velocity(label, _directions);
        var plane = _side * _side;
        var (values, seen, residual) = (new byte[_steps * Polarities * plane], new double[plane], new double[plane]);
        for (var step = -Settling - 1; step < _steps; step++)
            for (var pixel = 0; pixel < plane; pixel++)
            {
                var now = contrast * texture.At(pixel / _side - down * step, pixel % _side - right * step);
                if (step >= -Settling) residual[pixel] += now - seen[pixel];
                seen[pixel] = now;
                if (Math.Abs(residual[pixel]) < Threshold) continue;
                var polarity = residual[pixel] > 0 ? 1 : 0;
                residual[pixel] -= Math.CopySign(Threshold, residual[pixel]);
                if (step >= 0) values[(step * Polarities + polarity) * plane + pixel] = 1;
            }
        return new(values, _steps, Polarities, _side, _side, label);
    }
}

/// <summary>What a model says of a recording's motion.</summary>
/// <param name="Label">Of the recording as a whole.</param>
/// <param name="Votes">[class]: places and steps at which it was the likeliest.</param>
/// <param name="Steps">[step]: the class that all places together make likeliest.</param>
public sealed record MotionPrediction(int Label, IReadOnlyList<int> Votes, IReadOnlyList<int> Steps);
